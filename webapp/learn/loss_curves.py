"""Training curves as a chart needs them: lines, their ends, and round ticks."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import ceil, floor, log10
from pathlib import Path
from typing import Any

from webapp.config import ROOT

SHOWN = ROOT / "training" / "pretrained" / "curves.json"
KINDS = {"train_loss": ("learned from", "quiet"), "validation_loss": ("kept apart", "ink")}


@dataclass(frozen=True)
class Line:
    """One line of a chart; `kind` is its class, `nudge` moves its name away from another's."""

    name: str
    kind: str
    points: tuple[tuple[float, float], ...]
    nudge: float = 0


@dataclass(frozen=True)
class Chart:
    """Lines, and the ranges and ticks that hold them; `says` tells them to those who cannot see them."""

    says: str
    series: tuple[Line, ...]
    x_ticks: tuple[int, ...]
    y_ticks: tuple[float, ...]

    @property
    def x_low(self) -> float:
        """The first x that is drawn."""
        return min(x for line in self.series for x, _ in line.points)

    @property
    def x_high(self) -> float:
        """The last x that is drawn."""
        return max(x for line in self.series for x, _ in line.points)

    @property
    def y_low(self) -> float:
        """The lowest tick."""
        return self.y_ticks[0]

    @property
    def y_high(self) -> float:
        """The highest tick."""
        return self.y_ticks[-1]


def losses(history: Sequence[Mapping[str, Any]]) -> Chart | None:
    """Return the chart of both losses by epoch, or None of fewer than two epochs."""
    rows = [row for row in history if all(isinstance(row.get(key), int | float) for key in ("epoch", *KINDS))]
    if len(rows) < 2:
        return None
    lines = apart(
        [Line(*KINDS[key], points=tuple((row["epoch"], row[key]) for row in rows)) for key in KINDS]
    )
    ends = ", ".join(f"{line.name} {line.points[0][1]:.3f} to {line.points[-1][1]:.3f}" for line in lines)
    return Chart(f"Loss by epoch: {ends}.", lines, x_ticks(lines), y_ticks(lines))


def apart(lines: Sequence[Line]) -> tuple[Line, ...]:
    """Return two lines whose names do not touch where the lines end close together."""
    low, high = sorted(lines, key=lambda line: line.points[-1][1])
    every = [y for line in lines for _, y in line.points]
    close = (high.points[-1][1] - low.points[-1][1]) < 0.15 * (max(every) - min(every))
    by = 8.0 if close else 0.0
    return tuple(Line(line.name, line.kind, line.points, by if line is low else -by) for line in lines)


def x_ticks(lines: Sequence[Line]) -> tuple[int, ...]:
    """Return at most eight whole numbers along the lines."""
    last = int(max(x for line in lines for x, _ in line.points))
    first = int(min(x for line in lines for x, _ in line.points))
    return tuple(range(first, last + 1, max(1, ceil((last - first) / 7))))


def y_ticks(lines: Sequence[Line], wanted: int = 4) -> tuple[float, ...]:
    """Return round numbers below, along and above the lines."""
    every = [y for line in lines for _, y in line.points]
    spread = max(max(every) - min(every), 1e-3)
    power = 10 ** floor(log10(spread / wanted))
    step = next(power * size for size in (1, 2, 5, 10) if power * size * wanted >= spread)
    first, last = floor(min(every) / step), ceil(max(every) / step)
    return tuple(round(at * step, 6) for at in range(first, last + 1))


@dataclass(frozen=True)
class Remedy:
    """What became of the loss on names kept apart, with one remedy against over-fitting."""

    name: str
    chart: Chart
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
    y_ticks: tuple[float, ...]
    """Of all charts, so that they can be compared."""


def over_fitting(path: Path = SHOWN) -> OverFitting | None:
    """Return what `python -m training curves` wrote to `path`, or None if there is no such file."""
    if not path.exists():
        return None
    told = json.loads(path.read_text())
    remedies = tuple(filter(None, (_remedy(run["name"], run["history"]) for run in told["runs"])))
    if not remedies:
        return None
    every = [line for remedy in remedies for line in remedy.chart.series]
    return OverFitting(told["names"], told["command"], remedies[0], remedies, y_ticks(every))


def _remedy(name: str, history: Sequence[Mapping[str, Any]]) -> Remedy | None:
    chart = losses(history)
    if chart is None:
        return None
    best = min(history, key=lambda row: row["validation_loss"])
    last = history[-1]
    return Remedy(name, chart, best["validation_loss"], best["epoch"], last["validation_loss"], last["epoch"])
