"""The figures against scikit-learn's, and by hand where it has none."""

import numpy as np
import pytest
from sklearn import metrics

from training.evaluation.metrics import Floats, calibration_error, curves, score


@pytest.fixture(scope="module")
def sample() -> tuple[Floats, Floats]:
    """(P(female), share): 2,000 rows, some exactly even, some exactly one-sided."""
    numbers = np.random.default_rng(0)
    share = np.round(numbers.random(2000), 1)
    return 1 / (1 + np.exp(2 - 4 * share + numbers.normal(0, 1, 2000))), share


def test_the_matrix_and_the_accuracy_are_scikit_learns(sample: tuple[Floats, Floats]) -> None:
    predicted, share = (column[sample[1] != 0.5] for column in sample)
    matrix = metrics.confusion_matrix(share > 0.5, predicted > 0.5)
    scores = score(*sample)
    assert [[scores.tn, scores.fp], [scores.fn, scores.tp]] == matrix.tolist()
    assert scores.accuracy == pytest.approx(metrics.accuracy_score(share > 0.5, predicted > 0.5), abs=1e-5)
    assert scores.n == len(share)


def test_the_loss_is_scikit_learns_on_labels(sample: tuple[Floats, Floats]) -> None:
    labels = (sample[1] > 0.5).astype(float)
    assert score(sample[0], labels).nll == pytest.approx(metrics.log_loss(labels, sample[0]), abs=1e-5)


def test_the_calibration_error_is_the_mean_gap_of_the_bins() -> None:
    predicted, share = np.array([0.01, 0.03, 0.99, 0.5]), np.array([0.0, 0.2, 1.0, 0.5])
    assert calibration_error(predicted, share) == pytest.approx((2 * 0.08 + 0.01) / 4)


def test_an_even_name_is_neither_right_nor_wrong() -> None:
    scores = score(np.array([0.9, 0.9]), np.array([0.5, 1.0]))
    assert (scores.n, scores.tp, scores.accuracy) == (1, 1, 1.0)


def test_the_surest_four_fifths_leave_out_the_least_sure() -> None:
    scores = score(np.array([0.9, 0.1, 0.95, 0.2, 0.55]), np.array([1.0, 0.0, 1.0, 0.0, 0.0]))
    assert (scores.accuracy, scores.surest80) == (0.8, 1.0)


def test_scores_of_nothing_are_none() -> None:
    assert score(np.array([]), np.array([])).to_json() == {
        **dict.fromkeys(("n", "tp", "fp", "fn", "tn"), 0),
        **dict.fromkeys(("accuracy", "nll", "ece", "surest80")),
    }


def test_the_areas_under_the_thinned_curves_are_nearly_scikit_learns(sample: tuple[Floats, Floats]) -> None:
    drawn = curves(*sample)
    assert metrics.auc(*zip(*drawn.roc, strict=True)) == pytest.approx(drawn.auc, abs=2e-3)
    assert metrics.auc(*zip(*drawn.pr, strict=True)) == pytest.approx(drawn.average_precision, abs=5e-3)
    assert len(drawn.roc) <= 200 and len(drawn.pr) <= 200


def test_the_roc_curve_begins_and_ends_at_its_corners(sample: tuple[Floats, Floats]) -> None:
    drawn = curves(*sample).roc
    assert (drawn[0], drawn[-1]) == ((0, 0), (1, 1))


def test_thresholds_begin_with_the_matrix_and_count_every_name(sample: tuple[Floats, Floats]) -> None:
    thresholds, scores = curves(*sample).thresholds, score(*sample)
    first = thresholds[0]
    assert (first.tp, first.fp, first.fn, first.tn) == (scores.tp, scores.fp, scores.fn, scores.tn)
    assert {row.tp + row.fp + row.fn + row.tn + row.unsure for row in thresholds} == {scores.n}


def test_the_risk_at_full_coverage_is_the_error(sample: tuple[Floats, Floats]) -> None:
    coverage, risk = curves(*sample).risk_coverage[-1]
    assert coverage == 1
    assert risk == pytest.approx(1 - (score(*sample).accuracy or 0), abs=1e-5)


def test_the_calibration_bins_hold_every_name(sample: tuple[Floats, Floats]) -> None:
    assert sum(row.n for row in curves(*sample).calibration) == len(sample[0])
