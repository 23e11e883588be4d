"""Small line charts, drawn by the server as SVG: coordinates here, marks in the template."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

WIDTH, HEIGHT = 460, 190
LEFT, RIGHT, TOP, BOTTOM = 52, 104, 14, 28
NAMES = {"fine-tuning": ("corrections", "learned as counted")}
Point = tuple[float, float]


@dataclass(frozen=True)
class Line:
    """One line: its points in the drawing, and its label at the last of them."""

    label: str
    look: str
    points: tuple[Point, ...]
    label_y: float

    @property
    def path(self) -> str:
        """The points as SVG writes them."""
        return " ".join(f"{x:.1f},{y:.1f}" for x, y in self.points)


@dataclass(frozen=True)
class Chart:
    """Lines over one pair of axes; `ticks` are (place, text)."""

    title: str
    lines: tuple[Line, ...]
    x_ticks: tuple[tuple[float, str], ...]
    y_ticks: tuple[tuple[float, str], ...]
    diagonal: bool = False


@dataclass(frozen=True)
class Scale:
    """From values to places in the drawing."""

    low: float
    high: float
    start: float
    end: float

    def __call__(self, value: float) -> float:
        spread = self.high - self.low
        part = (value - self.low) / spread if spread else 0.5
        return self.start + part * (self.end - self.start)


def of_run(progress: Mapping[str, Any]) -> list[Chart]:
    """Return the charts of what a run has told so far: losses and accuracy of each phase."""
    charts = []
    rows = sorted(progress.get("history", ()), key=lambda row: row["phase"] != "training")
    for phase, group in groupby(rows, key=lambda row: row["phase"]):
        told = list(group)
        names, are = NAMES.get(phase, ("validation names", "right"))
        accuracy = _series(told, "validation_accuracy")
        losses = {"learning": _series(told, "train_loss"), names: _series(told, "validation_loss")}
        charts.append(draw(f"{phase.capitalize()}: loss after each round", losses, "{:.3f}"))
        if accuracy:
            title = f"{accuracy[-1][1]:.1%} of the {names} are {are}"
            charts.append(draw(title, {names: accuracy}, "{:.0%}"))
    return charts


def of_calibration(comparison: Mapping[str, Any]) -> Chart:
    """Return observed against predicted shares, champion and challenger."""
    told = comparison["calibration"]
    series = {
        who: [(row["predicted"], row["observed"]) for row in told[who] if row["n"]]
        for who in ("champion", "challenger")
    }
    return draw("The closer to the diagonal, the more honest its shares", series, "{:.0%}", (0.0, 1.0))


def _series(rows: Sequence[Mapping[str, Any]], key: str) -> list[Point]:
    return [(row["epoch"], row[key]) for row in rows if row.get(key) is not None]


def draw(title: str, series: Mapping[str, Sequence[Point]], form: str, frame: Point | None = None) -> Chart:
    """Return a chart of some series; `frame` is the range of both axes, else they fit the values."""
    drawn = {label: points for label, points in series.items() if points}
    every = [point for points in drawn.values() for point in points]
    xs, ys = frame or _range([x for x, _ in every]), frame or _range([y for _, y in every])
    across, up = Scale(*xs, LEFT, WIDTH - RIGHT), Scale(*ys, HEIGHT - BOTTOM, TOP)
    lines = [
        Line(label, f"line-{number}", tuple((across(x), up(y)) for x, y in points), up(points[-1][1]))
        for number, (label, points) in enumerate(drawn.items())
    ]
    x_form = form if frame else "{:.0f}"
    # Of a single value there is one tick, not the same one thrice on top of itself.
    x_ticks = dict.fromkeys((across(x), x_form.format(x)) for x in xs)
    y_ticks = dict.fromkeys((up(y), form.format(y)) for y in (ys[0], (ys[0] + ys[1]) / 2, ys[1]))
    return Chart(title, _apart(lines), tuple(x_ticks), tuple(y_ticks), frame is not None)


def _range(values: Sequence[float]) -> Point:
    return (min(values), max(values)) if values else (0.0, 1.0)


def _apart(lines: Sequence[Line]) -> tuple[Line, ...]:
    # Two labels at the same height cannot be read.
    placed: list[Line] = []
    for line in sorted(lines, key=lambda line: line.label_y):
        lowest = placed[-1].label_y + 16 if placed else TOP
        placed.append(Line(line.label, line.look, line.points, max(line.label_y, lowest)))
    return tuple(placed)
