"""The figures a network is judged by, each computed from P(female) and the true share of women.

A name's label is what most of its bearers are; one that exactly half of them are has none, and counts as
neither right nor wrong. Losses and calibration compare with the share itself, so such names do count there.
"""

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

BINS = 15
"""Of equal width, for the calibration error."""
SUREST = 0.8
"""Of the names with a label: the part that the network is surest of."""
_DIGITS = 5

Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]


@dataclass(frozen=True)
class Scores:
    """Scores on one set of names; positive means female. The ratios are None where nothing is counted."""

    n: int
    """Names with a label: tp + fp + fn + tn."""
    tp: int
    fp: int
    fn: int
    tn: int
    accuracy: float | None
    nll: float | None
    """Mean negative log-likelihood of the share, in nats."""
    ece: float | None
    """Expected calibration error against the share: see `calibration_error`."""
    surest80: float | None
    """Accuracy on the 80% of the n names that the network is surest of."""

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


def score(predicted: Floats, share: Floats) -> Scores:
    """Return the scores of P(female) `predicted` against the `share` of women, row by row."""
    labelled = share != 0.5
    guesses, truths = predicted[labelled] > 0.5, share[labelled] > 0.5
    right = guesses == truths
    surest = np.argsort(-certainty(predicted[labelled]), kind="stable")[: int(SUREST * len(right))]
    return Scores(
        n=len(right),
        tp=int((guesses & truths).sum()),
        fp=int((guesses & ~truths).sum()),
        fn=int((~guesses & truths).sum()),
        tn=int((~guesses & ~truths).sum()),
        accuracy=mean(right),
        nll=mean(losses(predicted, share)),
        ece=rounded(calibration_error(predicted, share)) if len(share) else None,
        surest80=mean(right[surest]),
    )


def certainty(predicted: Floats) -> Floats:
    """Return P(the label that is guessed), .5 to 1."""
    return np.maximum(predicted, 1 - predicted)


def losses(predicted: Floats, share: Floats) -> Floats:
    """Return each name's negative log-likelihood: -share·log P - (1 - share)·log(1 - P), in nats."""
    clipped = np.clip(predicted, 1e-7, 1 - 1e-7)
    return -(share * np.log(clipped) + (1 - share) * np.log(1 - clipped))


def calibration_error(predicted: Floats, share: Floats) -> float:
    """Return the expected calibration error (Naeini et al., 2015) over BINS bins of equal width.

    Each bin's |mean P - mean share|, weighted by its part of the names.
    """
    bins = bin_of(predicted, BINS)
    gaps = np.bincount(bins, predicted - share, minlength=BINS)  # sums, so the weights cancel
    return float(np.abs(gaps).sum() / len(share))


def bin_of(predicted: Floats, bins: int) -> NDArray[np.intp]:
    """Return which of `bins` bins of equal width over 0 to 1 each value falls in."""
    return np.minimum((predicted * bins).astype(np.intp), bins - 1)


def mean(values: NDArray[Any]) -> float | None:
    """Return the rounded mean, or None of nothing."""
    return rounded(float(values.mean())) if len(values) else None


def rounded(value: float) -> float:
    return round(value, _DIGITS)
