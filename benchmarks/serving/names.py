"""The names that are asked for: each once, or as often as people bear them."""

import random
from collections.abc import Iterator

import numpy as np

from training.data import corpus


def new(seed: int = 0) -> Iterator[str]:
    """Yield names of the corpus, none of them twice."""
    names = [name.title() for name in corpus.read_base_corpus().names]
    random.Random(seed).shuffle(names)
    return iter(names)


def as_people_type(seed: int = 0) -> Iterator[str]:
    """Yield names as often as they are borne: few make most of it, as in Zipf's law."""
    known = corpus.read_base_corpus()
    names = [name.title() for name in known.names]
    part = known.people / known.people.sum()
    chance = np.random.default_rng(seed)
    while True:
        yield from (names[row] for row in chance.choice(len(names), 10_000, p=part).tolist())
