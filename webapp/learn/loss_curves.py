"""Loss curves of /learn: the training of the network that serves, and over-fitting with its remedies."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from webapp.config import ROOT
from webapp.presentation.svg_charts import SMALL, Line, LineChart, Tick, x_ticks, y_ticks

SHOWN = ROOT / "training" / "pretrained" / "curves.json"
LINES = {"train_loss": ("learned from", "quiet"), "validation_loss": ("kept apart", "ink")}
"""The label and the look of each loss, by its key in a history."""


def losses(history: Sequence[Mapping[str, Any]]) -> LineChart | None:
    """Return the chart of both losses by epoch, or None of fewer than two epochs."""
    lines = _lines(history)
    if not lines:
        return None
    return LineChart(
        f"Loss by epoch: {_ends(lines)}.",
        lines,
        x_ticks(lines),
        y_ticks(lines),
        x_name="rounds through all names",
        y_name="loss",
    )


def _lines(history: Sequence[Mapping[str, Any]]) -> tuple[Line, ...]:
    rows = [row for row in history if all(isinstance(row.get(key), int | float) for key in ("epoch", *LINES))]
    if len(rows) < 2:
        return ()
    return tuple(
        Line(label, tuple((row["epoch"], row[key]) for row in rows), look)
        for key, (label, look) in LINES.items()
    )


def _ends(lines: Sequence[Line]) -> str:
    return ", ".join(f"{line.label} {line.points[0][1]:.3f} to {line.end[1]:.3f}" for line in lines)


@dataclass(frozen=True)
class Remedy:
    """What became of the loss on names kept apart, with one remedy against over-fitting."""

    name: str
    chart: LineChart
    best: float
    best_round: int
    last: float
    rounds: int


@dataclass(frozen=True)
class OverFitting:
    """A network taught on few names without any remedy, and the same with each of them."""

    names: int
    command: str
    best: Remedy
    """What became of it without any."""
    remedies: tuple[Remedy, ...]


def over_fitting(path: Path = SHOWN) -> OverFitting | None:
    """Return what `python -m training curves` wrote to `path`, or None if there is no such file."""
    if not path.exists():
        return None
    measured = json.loads(path.read_text())
    runs = [run for run in measured["runs"] if _lines(run["history"])]
    if not runs:
        return None
    every_line = [line for run in runs for line in _lines(run["history"])]
    rounds = max(int(line.end[0]) for line in every_line)
    # The same axes for all charts, so that they can be compared.
    along = tuple(Tick(at, str(at)) for at in sorted({1, -(-rounds // 3), -(-rounds * 2 // 3), rounds}))
    axes = along, y_ticks(every_line)
    remedies = tuple(_remedy(run["name"], run["history"], *axes) for run in runs)
    return OverFitting(measured["names"], measured["command"], remedies[0], remedies)


def _remedy(
    name: str, history: Sequence[Mapping[str, Any]], along: tuple[Tick, ...], up: tuple[Tick, ...]
) -> Remedy:
    lines = _lines(history)
    best = min(history, key=lambda row: row["validation_loss"])
    chart = LineChart(
        f"{name.capitalize()}. Loss by epoch: {_ends(lines)}.",
        lines,
        along,
        up,
        x_name="round",
        y_name="loss",
        ring=(best["epoch"], best["validation_loss"]),
        frame=SMALL,
    )
    last = history[-1]
    return Remedy(name, chart, best["validation_loss"], best["epoch"], last["validation_loss"], last["epoch"])
