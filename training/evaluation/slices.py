"""Scores of the holdout cut into slices, to see for which names a network is better or worse."""

from collections.abc import Callable
from typing import Any

import numpy as np

from training.data.corpus import Corpus
from training.evaluation.metrics import Floats, Mask, score
from training.names import SEPARATORS

_BEARERS = ((1, 1), (2, 9), (10, 99), (100, 999), (1_000, 9_999), (10_000, None))
_LENGTHS = ((2, 3), (4, 4), (5, 5), (6, 6), (7, 7), (8, 8), (9, 10), (11, 14), (15, None))


def slices(predicted: Floats, corpus: Corpus) -> dict[str, list[dict[str, Any]]]:
    """Return the scores of P(female) `predicted` on the slices of `corpus`; empty slices are left out."""
    return {
        kind: [
            {"slice": name, **score(predicted[rows], corpus.share[rows]).as_dict()} for name, rows in found
        ]
        for kind, found in slice_rows(corpus).items()
    }


def slice_rows(corpus: Corpus) -> dict[str, list[tuple[str, Mask]]]:
    """Return, for each kind of slice, the names of the slices that are not empty and their rows."""
    lengths = np.array([len(name) for name in corpus.names])
    by: dict[str, Any] = {
        "bearers": np.array([_range_of(people, _BEARERS) for people in corpus.people.tolist()]),
        "length": np.array([_range_of(length, _LENGTHS) for length in lengths.tolist()]),
        "first_letter": _each(corpus, lambda name: name[0]),
        "last_letter": _each(corpus, lambda name: name[-1]),
        "separator": _each(corpus, lambda name: "with" if set(name) & set(SEPARATORS) else "without"),
        "label": np.where(corpus.share > 0.5, "female", np.where(corpus.share < 0.5, "male", "even")),
    }
    return {kind: _rows_of(values) for kind, values in by.items()}


def _each(corpus: Corpus, value: Callable[[str], str]) -> Any:
    return np.array([value(name) for name in corpus.names])


def _range_of(number: int, ranges: tuple[tuple[int, int | None], ...]) -> str:
    low, high = next(pair for pair in reversed(ranges) if number >= pair[0] or pair is ranges[0])
    return f"{low:,}+" if high is None else f"{low:,}" if low == high else f"{low:,}–{high:,}"


def _rows_of(values: Any) -> list[tuple[str, Mask]]:
    found = sorted(set(values.tolist()), key=_in_order)
    return [(value, values == value) for value in found if value != "even"]


def _in_order(value: str) -> tuple[int, str]:
    digits = value.replace(",", "").split("–")[0].rstrip("+")
    return (int(digits), "") if digits.isdecimal() else (0, value)
