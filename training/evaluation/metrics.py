"""The figures a network is judged by, each computed from P(female) and the true share of women.

A name's label is what most of its bearers are; one that exactly half of them are has none, and counts as
neither right nor wrong. Losses and calibration compare with the share itself, so such names do count there.
"""

import numpy as np
from numpy.typing import NDArray

from training.evaluation.parts.scores import Bin, Curves, Scores, Threshold
from training.runtime.strict_json import Point

BINS = 15
"""Of equal width, for the calibration error."""
SUREST = 0.8
"""Of the names with a label: the part that the network is surest of."""
_DIGITS = 5

Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]


def score(predicted: Floats, share: Floats) -> Scores:
    """Return the scores of P(female) `predicted` against the `share` of women, row by row."""
    # (names,) bool
    # (names,), as all that follows; those of a half alone are left out of what counts right and wrong.
    labelled = share != 0.5
    guesses, truths = predicted[labelled] > 0.5, share[labelled] > 0.5
    right = guesses == truths
    # Stable: names of equal certainty keep the corpus's order, so a score does not change from run to run.
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
    # A network that is quite sure and wrong would else cost infinitely much.
    clipped = np.clip(predicted, 1e-7, 1 - 1e-7)
    return -(share * np.log(clipped) + (1 - share) * np.log(1 - clipped))


def calibration_error(predicted: Floats, share: Floats) -> float:
    """Return the expected calibration error (Naeini et al., 2015) over BINS bins of equal width.

    Each bin's |mean P - mean share|, weighted by its part of the names.
    """
    bins = bin_of(predicted, BINS)
    # (BINS,)
    gaps = np.bincount(bins, predicted - share, minlength=BINS)  # sums, so the weights cancel
    return float(np.abs(gaps).sum() / len(share))


def bin_of(predicted: Floats, bins: int) -> NDArray[np.intp]:
    """Return which of `bins` bins of equal width over 0 to 1 each value falls in."""
    # Exactly 1 belongs to the last bin.
    return np.minimum((predicted * bins).astype(np.intp), bins - 1)


def mean(values: Floats | Mask) -> float | None:
    """Return the rounded mean, or None of nothing."""
    return rounded(float(values.mean())) if len(values) else None


def rounded(value: float) -> float:
    return round(value, _DIGITS)


POINTS = 200
CALIBRATION_BINS = 15
THRESHOLDS = 101


def curves(predicted: Floats, share: Floats) -> Curves:
    """Return all curves of P(female) `predicted` against the `share` of women; needs both labels."""
    # Here and not above: seconds of loading that no other figure needs.
    from sklearn.metrics import average_precision_score, precision_recall_curve, roc_auc_score, roc_curve

    # predicted, share: (names,); p, truths: (labelled names,)
    labelled = share != 0.5
    p, truths = predicted[labelled], share[labelled] > 0.5
    fpr, tpr, _ = roc_curve(truths, p)
    precision, recall, _ = precision_recall_curve(truths, p)
    return Curves(
        roc=_thinned(fpr, tpr),
        auc=rounded(float(roc_auc_score(truths, p))),
        # sklearn gives recall falling; charts run from left to right.
        pr=_thinned(recall[::-1], precision[::-1]),
        average_precision=rounded(float(average_precision_score(truths, p))),
        calibration=calibration(predicted, share),
        risk_coverage=_risk_coverage(p, truths),
        # 101 thresholds from .5 to 1, half a point apart.
        thresholds=tuple(_at_threshold(p, truths, 0.5 + step / 200) for step in range(THRESHOLDS)),
    )


def _thinned(x: Floats, y: Floats) -> tuple[Point, ...]:
    # Evenly along the curve, not along its rows: where it is steep there are few rows but much to see.
    along = np.concatenate(([0.0], np.cumsum(np.hypot(np.diff(x), np.diff(y)))))
    rows = np.unique(np.searchsorted(along, np.linspace(0, along[-1], POINTS)).clip(max=len(x) - 1))
    return tuple((round(float(x[row]), 4), round(float(y[row]), 4)) for row in rows)


def calibration(p: Floats, share: Floats) -> tuple[Bin, ...]:
    """Return the bins of a reliability diagram that hold names."""
    # (names,)
    bins = bin_of(p, CALIBRATION_BINS)
    return tuple(
        Bin(
            low=round(number / CALIBRATION_BINS, 4),
            high=round((number + 1) / CALIBRATION_BINS, 4),
            n=int(inside.sum()),
            predicted=rounded(float(p[inside].mean())),
            observed=rounded(float(share[inside].mean())),
        )
        for number in range(CALIBRATION_BINS)
        if (inside := bins == number).any()
    )


def _risk_coverage(p: Floats, truths: Mask) -> tuple[Point, ...]:
    order = np.argsort(-certainty(p), kind="stable")
    wrong = ((p > 0.5) != truths)[order]
    # (names,): the part that is wrong of the surest 1, 2, 3, … names
    risk = np.cumsum(wrong) / np.arange(1, len(wrong) + 1)
    # (points,) places in the order of certainty, the first and the last among them
    rows = np.linspace(0, len(wrong) - 1, min(POINTS, len(wrong))).astype(int)
    return tuple((round((row + 1) / len(wrong), 4), rounded(float(risk[row]))) for row in rows.tolist())


def _at_threshold(p: Floats, truths: Mask, threshold: float) -> Threshold:
    # (names,) bool
    sure = certainty(p) >= threshold
    guesses, actual = p[sure] > 0.5, truths[sure]
    return Threshold(
        threshold=round(threshold, 3),
        tp=int((guesses & actual).sum()),
        fp=int((guesses & ~actual).sum()),
        tn=int((~guesses & ~actual).sum()),
        fn=int((~guesses & actual).sum()),
        unsure=int((~sure).sum()),
    )
