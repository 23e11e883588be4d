"""What the trainer measured once and /learn tells: the four cells under one budget, and the folds."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import log10
from pathlib import Path
from statistics import mean, stdev
from typing import Any

from training.model import artifact
from webapp.languages import numbers
from webapp.languages.texts import gettext
from webapp.languages.words import N_
from webapp.presentation.svg_charts import Line, LineChart, Tick

SHIPPED = artifact.SHIPPED.parent
CELLS_FILE, FOLDS_FILE = SHIPPED / "cells.json", SHIPPED / "folds.json"
LOOKS = {"elman": "quiet", "rnn": "dotted", "gru": "ink", "lstm": "thin"}
FAINTEST = -4
"""The lowest power of ten that is drawn."""
LETTERS_A_TICK = 3
FACTORS = {1.25: (N_("explodes"), "ink"), 1.0: (N_("stays"), "thin"), 0.7: (N_("vanishes"), "quiet")}
"""What a weight does to an error that passes it at every letter, and the look of its line."""
LETTERS_BACK, HIGHEST = 10, 4
"""How far back, and how high, the drawing of these factors reaches."""


@dataclass(frozen=True)
class MeasuredCell:
    """One cell: what it reached, and how much of the error reaches the first letter."""

    name: str
    accuracy: float
    loss: float
    calibration: float
    seconds: float
    untaught: float
    taught: float


@dataclass(frozen=True)
class CellComparison:
    """The four cells under one budget, and how their gradient fades on its way back."""

    command: str
    machine: str
    width: int
    epochs: int
    names: int
    tested: int
    letters: int
    rows: tuple[MeasuredCell, ...]
    chart: LineChart
    """By letters back from the last: the power of ten of what is left of the gradient, before training."""


@dataclass(frozen=True)
class Folds:
    """How often networks were right, each on the fold that it had not learned from."""

    command: str
    names: int
    accuracies: tuple[float, ...]

    @property
    def mean(self) -> float:
        """The mean of the folds."""
        return mean(self.accuracies)

    @property
    def deviation(self) -> float:
        """Their standard deviation."""
        return stdev(self.accuracies)


def cells(path: Path = CELLS_FILE) -> CellComparison | None:
    """Return what `python -m training compare --write` wrote to `path`, or None if there is no such file."""
    if not path.exists():
        return None
    measured = json.loads(path.read_text())
    rows = tuple(_cell(row) for row in measured["cells"])
    # Every cell was measured on names of the same length.
    letters = len(measured["cells"][0]["untaught"])
    about = {key: measured[key] for key in ("command", "machine", "width", "epochs", "names", "tested")}
    return CellComparison(**about, letters=letters, rows=rows, chart=_fading(measured["cells"]))


def _cell(row: dict[str, Any]) -> MeasuredCell:
    scores = row["scores"]
    figures = (scores["accuracy"], scores["nll"], scores["ece"], row["seconds"])
    return MeasuredCell(row["cell"], *figures, row["untaught"][0], row["taught"][0])


def _fading(rows: Sequence[dict[str, Any]]) -> LineChart:
    lines = tuple(_line(row["cell"], row["untaught"]) for row in rows)
    ends = ", ".join(f"{row['cell']} {numbers.decimal(row['untaught'][0], 3)}" for row in rows)
    furthest = len(rows[0]["untaught"]) - 1
    lowest = min(y for line in lines for _, y in line.points)
    return LineChart(
        gettext(
            "What is left of the gradient %(n)s letters back, before training: %(ends)s.",
            n=furthest,
            ends=ends,
        ),
        lines,
        tuple(Tick(back, str(back)) for back in range(0, furthest + 1, LETTERS_A_TICK)),
        # From the whole power below the lowest point up to 10**0, all of the error.
        tuple(Tick(power, numbers.localised(f"{10.0**power:g}")) for power in range(int(lowest // 1), 1)),
        x_name=gettext("letters back"),
        y_name=gettext("what is left of the error"),
    )


def _line(cell: str, norms: Sequence[float]) -> Line:
    # Drawn as powers of ten, for what is left falls by orders of magnitude; of nothing there is no logarithm.
    powers = (max(log10(norm) if norm else FAINTEST, FAINTEST) for norm in reversed(norms))
    return Line(cell, tuple((float(back), power) for back, power in enumerate(powers)), LOOKS[cell])


def error_on_its_way_back() -> LineChart:
    """Return what becomes of an error of 1 that meets the same weight at every letter."""
    lines = tuple(
        Line(f"× {numbers.localised(f'{factor:g}')}: {gettext(fate)}", tuple(_powers(factor)), look)
        for factor, (fate, look) in FACTORS.items()
    )
    return LineChart(
        gettext(
            "An error of 1, carried back ten letters: "
            "times 0.7 at each it falls to 0.03, times 1.25 it grows to 9.3."
        ),
        lines,
        tuple(Tick(back, str(back)) for back in range(0, LETTERS_BACK + 1, 2)),
        tuple(Tick(left, str(left)) for left in range(HIGHEST + 1)),
        x_name=gettext("letters back"),
        y_name=gettext("what is left of the error"),
    )


def _powers(factor: float) -> Iterator[tuple[float, float]]:
    for back in range(LETTERS_BACK + 1):
        # What grows leaves the drawing at its top, and the line ends there.
        if (left := factor**back) <= HIGHEST:
            yield float(back), left


def folds(path: Path = FOLDS_FILE) -> Folds | None:
    """Return what `python -m training crossvalidate --write` wrote to `path`, or None without that."""
    if not path.exists():
        return None
    measured = json.loads(path.read_text())
    accuracies = tuple(fold["scores"]["accuracy"] for fold in measured["folds"])
    return Folds(measured["command"], sum(fold["names"] for fold in measured["folds"]), accuracies)
