"""Charts as data: what is drawn, told as a sentence, read as a table, saved as CSV. Drawing is plotly's."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from webapp.errors import NotFound
from webapp.languages.texts import gettext
from webapp.languages.words import N_
from webapp.presentation import tabular

EXTRA = (N_("low"), N_("high"), N_("n"))
"""Columns that not every chart has; each is what a series calls it."""


@dataclass(frozen=True)
class Series:
    """One line, or one set of bars or dots; `low` and `high` are a band or whiskers around it."""

    label: str
    x: Sequence[Any]
    y: Sequence[float | None]
    low: Sequence[float | None] = ()
    high: Sequence[float | None] = ()
    n: Sequence[int] = ()
    draw: str = "line"  # line, dots, bars; a guide is a line that is no measurement
    tone: str = "ink"  # the token of its colour: ink, quiet, women, men


@dataclass(frozen=True)
class Axis:
    """What an axis measures; `kind` is share (0 to 1), count, day or kind (words)."""

    title: str
    kind: str = "share"
    range: tuple[float, float] | tuple[str, str] | None = None
    ticks: Sequence[str] = ()
    """Where the axis is marked, where the drawing may not choose for itself: days."""


@dataclass(frozen=True)
class Chart:
    """One idea: its title is the sentence that the chart shows."""

    key: str
    title: str
    x: Axis
    y: Axis
    series: Sequence[Series]
    note: str = ""
    marks: Sequence[tuple[Any, str]] = ()
    """Moments on the x axis, with the words beside them."""

    @property
    def spec(self) -> dict[str, object]:
        """The chart as the drawing script takes it."""
        return {
            "key": self.key,
            "title": self.title,
            # Small flat dataclasses: `vars` is what `asdict` would give, without copying long series.
            "x": vars(self.x),
            "y": vars(self.y),
            "series": [vars(series) for series in self.series],
            "marks": [list(mark) for mark in self.marks],
        }

    @property
    def measured(self) -> list[Series]:
        """The series that are measurements."""
        return [series for series in self.series if series.draw != "guide"]

    @property
    def columns(self) -> list[str]:
        """The heads of the chart's table."""
        return [gettext("series"), self.x.title, self.y.title, *map(gettext, self._extra)]

    @property
    def _extra(self) -> list[str]:
        # A column that no series fills would be an empty one in the table and in the CSV.
        return [name for name in EXTRA if any(getattr(s, name) for s in self.measured)]

    @property
    def rows(self) -> Iterable[list[Any]]:
        """The rows of the chart's table, one a point."""
        extra = self._extra
        for series in self.measured:
            for index, (x, y) in enumerate(zip(series.x, series.y, strict=True)):
                yield [series.label, x, y, *(_at(getattr(series, name), index) for name in extra)]

    @property
    def as_dict(self) -> dict[str, object]:
        """The chart's figures as JSON shows them."""
        rows = [dict(zip(self.columns, row, strict=True)) for row in self.rows]
        return {"chart": self.key, "told": self.title, "rows": rows}


def _at(values: Sequence[Any], index: int) -> Any:
    # An interval or a count may be missing as a whole, never for single points.
    return values[index] if values else None


def find_chart(charts: Iterable[Chart], key: str) -> Chart:
    """Return the chart with this key, or raise NotFound."""
    for chart in charts:
        if chart.key == key:
            return chart
    raise NotFound(gettext("There is no such chart on this page."))


def as_csv(chart: Chart) -> str:
    """Return the chart's table as CSV, safe to open in a spreadsheet."""
    return "".join(tabular.csv_lines(chart.columns, chart.rows))
