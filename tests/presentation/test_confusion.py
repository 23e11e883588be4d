"""Figures of a confusion matrix, by hand and against scikit-learn."""

import pytest
from sklearn.metrics import precision_recall_fscore_support

from webapp.presentation.confusion import Matrix, macro, matrix_of, ratio, wilson

COURSE = Matrix(tp=10, fp=4, fn=5, tn=1000)


def as_rows(matrix: Matrix) -> tuple[list[str], list[str]]:
    """Return (truth, guess), one a name, that give the matrix with women as the positive label."""
    truth = ["female"] * (matrix.tp + matrix.fn) + ["male"] * (matrix.fp + matrix.tn)
    guess = ["female"] * matrix.tp + ["male"] * matrix.fn + ["female"] * matrix.fp + ["male"] * matrix.tn
    return truth, guess


def test_accuracy_is_what_is_right_of_all() -> None:
    assert COURSE.accuracy.value == 1010 / 1019


def test_precision_recall_and_f1_of_the_worked_example() -> None:
    assert COURSE.precision.value == 10 / 14
    assert COURSE.recall.value == 10 / 15
    assert COURSE.f1.value == pytest.approx(20 / 29)


@pytest.mark.parametrize("matrix", [COURSE, Matrix(561, 62, 49, 492), Matrix(1, 0, 3, 9)])
def test_figures_of_both_labels_equal_those_of_scikit_learn(matrix: Matrix) -> None:
    precision, recall, f1, _ = precision_recall_fscore_support(*as_rows(matrix), labels=["female", "male"])
    for index, side in enumerate((matrix, matrix.turned)):
        ours = (side.precision.value, side.recall.value, side.f1.value)
        assert ours == pytest.approx((precision[index], recall[index], f1[index]))


def test_macro_figures_equal_those_of_scikit_learn() -> None:
    theirs = precision_recall_fscore_support(*as_rows(COURSE), average="macro")
    assert [macro(COURSE, name).value for name in ("precision", "recall", "f1")] == pytest.approx(theirs[:3])


def test_a_ratio_of_nothing_is_none() -> None:
    never_guessed = Matrix(tp=0, fp=0, fn=3, tn=4)
    assert never_guessed.precision.value is None
    assert macro(never_guessed, "precision").value is None
    assert Matrix().accuracy.value is None and Matrix().share("tp").value is None


def test_the_wilson_interval_is_that_of_the_literature() -> None:
    # Newcombe (1998), table I: 81 of 263 and 0 of 20.
    assert wilson(81, 263) == pytest.approx((0.2553, 0.3662), abs=5e-5)
    assert wilson(0, 20) == pytest.approx((0.0, 0.1611), abs=5e-5)
    assert wilson(0, 0) is None


def test_every_interval_holds_its_figure() -> None:
    for matrix in (COURSE, Matrix(1, 0, 0, 0), Matrix(0, 1, 1, 0)):
        for metric in (matrix.accuracy, matrix.precision, matrix.recall, matrix.f1):
            if metric.value is not None:
                assert metric.low <= metric.value + 1e-12 and metric.value <= metric.high + 1e-12


def test_an_interval_narrows_as_answers_come_in() -> None:
    few, many = ratio(9, 10), ratio(900, 1000)
    assert many.high - many.low < few.high - few.low


def test_the_positive_label_turns_the_matrix() -> None:
    counts = {("female", "female"): 1, ("female", "male"): 2, ("male", "female"): 3, ("male", "male"): 4}
    assert matrix_of(counts, "female") == Matrix(tp=1, fp=2, fn=3, tn=4)
    assert matrix_of(counts, "male") == matrix_of(counts, "female").turned


def test_answers_that_are_both_are_in_no_figure() -> None:
    assert matrix_of({("female", "both"): 9, ("female", "female"): 1}).n == 1


def test_shares_are_of_the_row_of_what_is_so() -> None:
    assert Matrix(561, 62, 49, 492).share("tp").value == 561 / 610
    assert Matrix(561, 62, 49, 492).share("fp").value == 62 / 554
