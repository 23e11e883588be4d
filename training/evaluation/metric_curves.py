"""The curves of a holdout: how right and wrong answers trade off against each other, thinned to be drawn."""

from typing import Any

import numpy as np

from training.evaluation.metrics import Floats, bin_of, certainty, rounded

POINTS = 200
CALIBRATION_BINS = 15
THRESHOLDS = 101


def curves(predicted: Floats, share: Floats) -> dict[str, Any]:
    """Return all curves of P(female) `predicted` against the `share` of women; needs both labels."""
    labelled = share != 0.5
    p, truths = predicted[labelled], share[labelled] > 0.5
    return {
        **_roc_and_pr(p, truths),
        "calibration": calibration(predicted, share),
        "risk_coverage": _risk_coverage(p, truths),
        "thresholds": [_at_threshold(p, truths, 0.5 + step / 200) for step in range(THRESHOLDS)],
    }


def _roc_and_pr(p: Floats, truths: Any) -> dict[str, Any]:
    from sklearn.metrics import average_precision_score, precision_recall_curve, roc_auc_score, roc_curve

    fpr, tpr, _ = roc_curve(truths, p)
    precision, recall, _ = precision_recall_curve(truths, p)
    return {
        "roc": _thinned(fpr, tpr),
        "auc": rounded(float(roc_auc_score(truths, p))),
        "pr": _thinned(recall[::-1], precision[::-1]),
        "average_precision": rounded(float(average_precision_score(truths, p))),
    }


def _thinned(x: Floats, y: Floats) -> list[list[float]]:
    # Evenly along the curve, not along its rows: where it is steep there are few rows but much to see.
    along = np.concatenate(([0.0], np.cumsum(np.hypot(np.diff(x), np.diff(y)))))
    rows = np.unique(np.searchsorted(along, np.linspace(0, along[-1], POINTS)).clip(max=len(x) - 1))
    return [[round(float(x[row]), 4), round(float(y[row]), 4)] for row in rows]


def calibration(p: Floats, share: Floats) -> list[dict[str, Any]]:
    """Return the bins of a reliability diagram that hold names: low, high, n, predicted and observed."""
    bins = bin_of(p, CALIBRATION_BINS)
    return [
        {
            "low": round(number / CALIBRATION_BINS, 4),
            "high": round((number + 1) / CALIBRATION_BINS, 4),
            "n": int(inside.sum()),
            "predicted": rounded(float(p[inside].mean())),
            "observed": rounded(float(share[inside].mean())),
        }
        for number in range(CALIBRATION_BINS)
        if (inside := bins == number).any()
    ]


def _risk_coverage(p: Floats, truths: Any) -> list[list[float]]:
    order = np.argsort(-certainty(p), kind="stable")
    wrong = ((p > 0.5) != truths)[order]
    risk = np.cumsum(wrong) / np.arange(1, len(wrong) + 1)
    rows = np.linspace(0, len(wrong) - 1, min(POINTS, len(wrong))).astype(int)
    return [[round((row + 1) / len(wrong), 4), rounded(float(risk[row]))] for row in rows.tolist()]


def _at_threshold(p: Floats, truths: Any, threshold: float) -> dict[str, Any]:
    sure = certainty(p) >= threshold
    guesses, actual = p[sure] > 0.5, truths[sure]
    return {
        "threshold": round(threshold, 3),
        "tp": int((guesses & actual).sum()),
        "fp": int((guesses & ~actual).sum()),
        "tn": int((~guesses & ~actual).sum()),
        "fn": int((~guesses & actual).sum()),
        "unsure": int((~sure).sum()),
    }
