"""Small line charts that the server draws as SVG: values in, places in the drawing out.

The macro `line_chart` in templates/_line_chart.html makes the marks. Large charts, which a reader explores,
are in `presentation.charts` and drawn by plotly.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import ceil, floor, log10

from webapp.languages import numbers

Point = tuple[float, float]
Write = Callable[[Sequence[float]], list[str]]
"""Writes all ticks of an axis, so that they have equally many decimals."""
LABEL_HEIGHT = 16.0  # between the labels of two lines that end close together
MOST_X_TICKS = 8
SMALLEST_SPREAD = 1e-3  # of values that are drawn as if they differed


@dataclass(frozen=True)
class Frame:
    """The size of a drawing, and where its lines may run; right of that stand their labels."""

    width: int
    height: int
    left: int
    right: int
    top: int
    bottom: int


WIDE = Frame(width=480, height=240, left=46, right=356, top=30, bottom=200)
SMALL = Frame(width=340, height=216, left=36, right=248, top=26, bottom=178)


@dataclass(frozen=True)
class Line:
    """One line: its values, and the label at its end. `look` is the class that style sheets know it by."""

    label: str
    points: tuple[Point, ...]
    look: str = "ink"  # ink, quiet (dashed), dotted, thin

    @property
    def end(self) -> Point:
        """The last point."""
        return self.points[-1]


@dataclass(frozen=True)
class Tick:
    """A value on an axis, and how it is written there."""

    value: float
    text: str


@dataclass(frozen=True)
class LineChart:
    """Lines over one pair of axes, which reach as far as the ticks and the lines do."""

    description: str
    """What the chart shows, in a sentence for those who cannot see it."""
    lines: tuple[Line, ...]
    x_ticks: tuple[Tick, ...]
    y_ticks: tuple[Tick, ...]
    x_name: str = ""
    y_name: str = ""
    ring: Point | None = None
    """A point that stands out."""
    has_diagonal: bool = False
    frame: Frame = WIDE

    def x(self, value: float) -> float:
        """Return how far from the left a value of the x axis is drawn."""
        values = [x for line in self.lines for x, _ in line.points] + [tick.value for tick in self.x_ticks]
        return _place(value, values, self.frame.left, self.frame.right)

    def y(self, value: float) -> float:
        """Return how far from the top a value of the y axis is drawn."""
        values = [y for line in self.lines for _, y in line.points] + [tick.value for tick in self.y_ticks]
        # SVG counts from the top, so a low value lies at the bottom.
        return _place(value, values, self.frame.bottom, self.frame.top)

    def path(self, line: Line) -> str:
        """Return the places of a line's points, as SVG writes them."""
        return " ".join(f"{self.x(x):.1f},{self.y(y):.1f}" for x, y in line.points)

    @cached_property
    def label_places(self) -> dict[str, float]:
        """How far from the top each line's label stands, by the label: beside its end, but not on another."""
        places: dict[str, float] = {}
        lowest = float("-inf")
        # From the top down, each at least one height below the last: they move no further than they must.
        for line in sorted(self.lines, key=lambda line: self.y(line.end[1])):
            lowest = max(self.y(line.end[1]), lowest + LABEL_HEIGHT)
            places[line.label] = lowest
        return places


def _place(value: float, values: Sequence[float], start: float, end: float) -> float:
    low, high = min(values), max(values)
    # A single value has no scale; it is drawn in the middle.
    part = (value - low) / (high - low) if high > low else 0.5
    return start + part * (end - start)


def x_ticks(lines: Sequence[Line]) -> tuple[Tick, ...]:
    """Return at most eight whole numbers along the lines."""
    values = [x for line in lines for x, _ in line.points]
    first, last = int(min(values)), int(max(values))
    # Rounds and steps are whole, so ticks are too; n ticks have n - 1 gaps between them.
    step = max(1, ceil((last - first) / (MOST_X_TICKS - 1)))
    return tuple(Tick(value, str(value)) for value in range(first, last + 1, step))


def y_ticks(lines: Sequence[Line], write: Write | None = None) -> tuple[Tick, ...]:
    """Return about four round numbers from below to above the lines; of a single value, that alone."""
    values = [y for line in lines for _, y in line.points]
    round_values = _round_values(min(values), max(values))
    return tuple(map(Tick, round_values, (write or as_numbers)(round_values)))


def _round_values(low: float, high: float, wanted: int = 4) -> list[float]:
    if low == high:
        return [low]
    spread = max(high - low, SMALLEST_SPREAD)
    # Steps of 1, 2, 5 or 10 times a power of ten, the smallest that covers the spread in `wanted` of them.
    power = 10 ** floor(log10(spread / wanted))
    step = next(power * size for size in (1, 2, 5, 10) if power * size * wanted >= spread)
    # Multiples of a step such as 0.1 carry binary dust (0.30000000000000004), which would be written out.
    return [round(at * step, 6) for at in range(floor(low / step), ceil(high / step) + 1)]


def as_numbers(values: Sequence[float]) -> list[str]:
    """Write numbers with as many decimals as tell them apart."""
    digits = _decimals(values)
    return [numbers.decimal(value, digits) for value in values]


def as_percentages(values: Sequence[float]) -> list[str]:
    """Write shares as percentages, with as many decimals as tell them apart."""
    digits = _decimals([round(100 * value, 6) for value in values])
    return [numbers.percent(value, digits) for value in values]


def _decimals(values: Sequence[float]) -> int:
    # Three decimals at most: an axis is read at a glance.
    return next(digits for digits in range(4) if digits == 3 or all(round(v, digits) == v for v in values))
