"""From the corpus to what a network learns from."""

import numpy as np

from training.data.corpus import Corpus
from training.data.minibatches import Examples


def examples_of(corpus: Corpus) -> Examples:
    """Return the names of `corpus` with their shares; a name weighs 1 + log10(1 + people)."""
    weight = 1 + np.log10(1 + corpus.people.astype(np.float64))
    return Examples(list(corpus.names), corpus.share, weight)
