"""What the trainer measured once and /learn tells: the four cells under one budget, and the folds."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import log10
from pathlib import Path
from statistics import mean, stdev
from typing import Any

from webapp.config import ROOT
from webapp.learn.loss_curves import Chart, Line

SHIPPED = ROOT / "training" / "pretrained"
CELLS, FOLDS = SHIPPED / "cells.json", SHIPPED / "folds.json"
KINDS = {"elman": "quiet", "rnn": "dotted", "gru": "ink", "lstm": "thin"}
FAINTEST = -4
"""The lowest power of ten that is drawn."""
HEIGHT, NAME_HEIGHT = 170.0, 16.0
"""Of the drawing between its first and its last tick, and of a line's name."""


@dataclass(frozen=True)
class Cell:
    """One cell: what it reached, and how much of the error reaches the first letter."""

    name: str
    accuracy: float
    loss: float
    calibration: float
    seconds: float
    untaught: float
    taught: float


@dataclass(frozen=True)
class Cells:
    """The four cells under one budget, and how their gradient fades on its way back."""

    command: str
    machine: str
    width: int
    epochs: int
    names: int
    tested: int
    letters: int
    rows: tuple[Cell, ...]
    chart: Chart
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


def cells(path: Path = CELLS) -> Cells | None:
    """Return what `python -m training compare --write` wrote to `path`, or None if there is no such file."""
    if not path.exists():
        return None
    told = json.loads(path.read_text())
    rows = tuple(_cell(row) for row in told["cells"])
    letters = len(told["cells"][0]["untaught"])
    about = {key: told[key] for key in ("command", "machine", "width", "epochs", "names", "tested")}
    return Cells(**about, letters=letters, rows=rows, chart=_fading(told["cells"]))


def _cell(row: dict[str, Any]) -> Cell:
    scores = row["scores"]
    figures = (scores["accuracy"], scores["nll"], scores["ece"], row["seconds"])
    return Cell(row["cell"], *figures, row["untaught"][0], row["taught"][0])


def _fading(rows: Sequence[dict[str, Any]]) -> Chart:
    lines = tuple(_line(row["cell"], row["untaught"]) for row in rows)
    ends = ", ".join(f"{row['cell']} {row['untaught'][0]:.3f}" for row in rows)
    furthest = len(rows[0]["untaught"]) - 1
    says = f"What is left of the gradient {furthest} letters back, before training: {ends}."
    lowest = min(y for line in lines for _, y in line.points)
    ticks = tuple(float(power) for power in range(int(lowest // 1), 1))
    return Chart(says, _spread(lines, ticks), tuple(range(0, furthest + 1, 3)), ticks)


def _spread(lines: Sequence[Line], ticks: Sequence[float]) -> tuple[Line, ...]:
    # Names stand at the lines' ends; those that would touch move down, the highest line's stays.
    scale, taken, moved = HEIGHT / (ticks[-1] - ticks[0]), float("-inf"), {}
    for line in sorted(lines, key=lambda line: -line.points[-1][1]):
        at = -line.points[-1][1] * scale
        taken = max(at, taken + NAME_HEIGHT)
        moved[line.name] = replace(line, nudge=taken - at)
    return tuple(moved[line.name] for line in lines)


def _line(cell: str, norms: Sequence[float]) -> Line:
    powers = (max(log10(norm) if norm else FAINTEST, FAINTEST) for norm in reversed(norms))
    return Line(cell, KINDS[cell], tuple((float(back), power) for back, power in enumerate(powers)))


def folds(path: Path = FOLDS) -> Folds | None:
    """Return what `python -m training crossvalidate --write` wrote to `path`, or None without that."""
    if not path.exists():
        return None
    told = json.loads(path.read_text())
    accuracies = tuple(fold["scores"]["accuracy"] for fold in told["folds"])
    return Folds(told["command"], sum(fold["names"] for fold in told["folds"]), accuracies)
