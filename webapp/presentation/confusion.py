"""What a confusion matrix says, with intervals; a ratio of nothing is None, never a made-up number."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import sqrt
from typing import Protocol

from training.names import LABELS, Label

Z = 1.959964
"""The standard normal's 97.5% point: all intervals are 95%."""


def wilson(k: float, n: float) -> tuple[float, float] | None:
    """Return the 95% score interval of `k` out of `n` (Wilson, 1927), or None of nothing."""
    if n == 0:
        return None
    p, spread = k / n, Z * Z / n
    middle = (p + spread / 2) / (1 + spread)
    half = Z * sqrt(p * (1 - p) / n + spread / (4 * n)) / (1 + spread)
    # Rounding alone can pass the ends, by one part in 10**16.
    return max(0.0, middle - half), min(1.0, middle + half)


@dataclass(frozen=True)
class Metric:
    """One figure, the interval around it, and how many answers it stands on.

    A figure that counts every name there is, and no sample of them, has no interval.
    """

    value: float | None
    low: float | None
    high: float | None
    n: int
    hits: int | None = None
    """Of a plain proportion, the part of `n` that it is."""

    @property
    def as_dict(self) -> dict[str, float | int | None]:
        """The figure as JSON shows it."""
        return {"value": self.value, "low": self.low, "high": self.high, "n": self.n}


def ratio(k: int, n: int) -> Metric:
    """Return `k` out of `n` with its Wilson interval."""
    interval = wilson(k, n)
    if interval is None:
        return Metric(None, None, None, 0)
    return Metric(k / n, *interval, n, k)


def census(k: int, n: int) -> Metric:
    """Return `k` out of `n` where these are all there are: nothing is guessed from a sample."""
    return Metric(k / n if n else None, None, None, n, k)


@dataclass(frozen=True)
class Matrix:
    """A confusion matrix for one positive label: guesses against what is so."""

    tp: int = 0
    fp: int = 0
    fn: int = 0
    tn: int = 0

    @property
    def n(self) -> int:
        """All that is counted."""
        return self.tp + self.fp + self.fn + self.tn

    @property
    def accuracy(self) -> Metric:
        """Of all, how many are right."""
        return ratio(self.tp + self.tn, self.n)

    @property
    def precision(self) -> Metric:
        """Of those that are called positive, how many are."""
        return ratio(self.tp, self.tp + self.fp)

    @property
    def recall(self) -> Metric:
        """Of those that are positive, how many are called so."""
        return ratio(self.tp, self.tp + self.fn)

    @property
    def f1(self) -> Metric:
        """The harmonic mean of precision and recall.

        It is 2J / (1 + J) of J = tp / (tp + fp + fn), a plain proportion, and grows with it: so J's Wilson
        interval gives the interval.
        """
        jaccard = ratio(self.tp, self.tp + self.fp + self.fn)
        if jaccard.value is None or jaccard.low is None or jaccard.high is None:
            return jaccard
        value, low, high = (2 * j / (1 + j) for j in (jaccard.value, jaccard.low, jaccard.high))
        return Metric(value, low, high, jaccard.n)

    @property
    def turned(self) -> "Matrix":
        """The same counts with the other label as the positive one."""
        # A name wrongly called positive is one that the other label misses, so fp and fn change places too.
        return Matrix(tp=self.tn, fp=self.fn, fn=self.fp, tn=self.tp)

    def share(self, cell: str) -> Metric:
        """Return the part of its row (what is so) that a cell ("tp", …) holds."""
        # tp and fn are the names of one label, fp and tn those of the other.
        row = self.tp + self.fn if cell in ("tp", "fn") else self.fp + self.tn
        return census(getattr(self, cell), row)

    @property
    def as_dict(self) -> dict[str, object]:
        """The matrix and its figures as JSON shows them."""
        cells = {"tp": self.tp, "fp": self.fp, "fn": self.fn, "tn": self.tn, "n": self.n}
        return cells | {name: getattr(self, name).as_dict for name in ("accuracy", *PER_LABEL)}


PER_LABEL = ("precision", "recall", "f1")


class Cells(Protocol):
    """Anything with the four counts of a confusion matrix: scores of a card, one of its thresholds."""

    @property
    def tp(self) -> int: ...
    @property
    def fp(self) -> int: ...
    @property
    def fn(self) -> int: ...
    @property
    def tn(self) -> int: ...


def matrix_from(cells: Cells, positive: str = Label.FEMALE) -> Matrix:
    """Return the matrix of counts whose positive label is female, seen from `positive`."""
    matrix = Matrix(cells.tp, cells.fp, cells.fn, cells.tn)
    return matrix if positive == Label.FEMALE else matrix.turned


def matrix_of(counts: Mapping[tuple[str, str], int], positive: str = Label.FEMALE) -> Matrix:
    """Return the matrix of counts by (guessed, answer); what is told or said to be both is left out."""
    other = LABELS[1 - LABELS.index(Label(positive))]  # there are two labels
    return Matrix(
        tp=counts.get((positive, positive), 0),
        fp=counts.get((positive, other), 0),
        fn=counts.get((other, positive), 0),
        tn=counts.get((other, other), 0),
    )


def macro(matrix: Matrix, name: str) -> Metric:
    """Return the plain mean of "precision", "recall" or "f1" over both labels, each as the positive one.

    Its interval is the mean of the two intervals: at least 95%, whether or not the two vary together.
    """
    one, other = getattr(matrix, name), getattr(matrix.turned, name)
    return Metric(
        _mean(one.value, other.value), _mean(one.low, other.low), _mean(one.high, other.high), matrix.n
    )


def _mean(one: float | None, other: float | None) -> float | None:
    return None if one is None or other is None else (one + other) / 2
