"""What model cards hold, in small: scores, and curves with three thresholds."""

from typing import Any

SCORES: dict[str, Any] = {"n": 10, "tp": 4, "fp": 1, "fn": 2, "tn": 3}
CURVES: dict[str, Any] = {
    "roc": [[0, 0], [0.1, 0.8], [1, 1]],
    "auc": 0.9,
    "pr": [[1, 0.6], [0.9, 0.8], [0, 1]],
    "average_precision": 0.88,
    "calibration": [{"low": 0.9, "high": 1, "n": 5, "predicted": 0.95, "observed": 0.9}],
    "risk_coverage": [[0.5, 0.1], [1, 0.2]],
    "thresholds": [
        {"threshold": 0.5, "tp": 4, "fp": 1, "fn": 2, "tn": 3, "unsure": 0},
        {"threshold": 0.75, "tp": 3, "fp": 0, "fn": 1, "tn": 2, "unsure": 4},
        {"threshold": 1.0, "tp": 0, "fp": 0, "fn": 0, "tn": 0, "unsure": 10},
    ],
}
CARD: dict[str, Any] = {"curves_hundred": CURVES, "holdout": {"hundred": SCORES | {"ece": 0.03}}}
