"""Cross-validation with folds that never split a name: all spellings of the same letters are in one fold."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from training.data.corpus import TRAIN, VALIDATION, Corpus
from training.data.minibatches import Examples, examples_of
from training.evaluation.metrics import score
from training.evaluation.parts.scores import Scores
from training.fitting.pipeline import Events, Fitted, fit
from training.fitting.settings import FitSettings
from training.model.predict import probabilities
from training.names import fold_of

Follow = Callable[[Events], Fitted]
"""Watches a training and returns what came of it."""
SALT = "cross-validation"
"""Of these folds: see `fold_of`."""


@dataclass(frozen=True)
class Fold:
    """One fold: what it was tested on when the others had taught a network."""

    number: int
    names: int
    scores: Scores


def crossvalidate(
    settings: FitSettings, corpus: Corpus, folds: int, device: str, follow: Follow
) -> Iterator[Fold]:
    """Give the scores of each fold by a network that the other folds taught.

    The holdout takes no part; what was marked for validation decides when to stop, and is never tested on.
    Raises ValueError for fewer than 2 folds, or more than there are names for.
    """
    if folds < 2:
        raise ValueError(f"There must be at least 2 folds, not {folds}.")
    names, validation = corpus.only(TRAIN), examples_of(corpus.only(VALIDATION))
    numbers = np.array([fold_of(name, folds, SALT) for name in names.names])
    for number in range(folds):
        tested = names.take(numbers == number)
        if not len(tested):
            raise ValueError(f"{len(names):,} names are too few for {folds} folds.")
        fitted = _teach(settings, examples_of(names.take(numbers != number)), validation, device, follow)
        # (names of the fold,)
        predicted = probabilities(fitted.network, tested.names)
        yield Fold(number + 1, len(tested), score(predicted, tested.share))


def _teach(
    settings: FitSettings, train: Examples, validation: Examples, device: str, follow: Follow
) -> Fitted:
    return follow(fit(settings, train, validation, device))


def sample(corpus: Corpus, names: int, seed: int = 0) -> Corpus:
    """Return `names` names of the corpus drawn by `seed`, in the corpus's order; all if it has fewer."""
    if names >= len(corpus):
        return corpus
    rows: NDArray[np.intp] = np.random.default_rng(seed).choice(len(corpus), names, replace=False)
    # The order of a corpus is by bearers, and some readers take the first names for the most borne.
    return corpus.take(np.sort(rows))
