"""Small line charts: values become places, ticks are round, labels do not touch."""

import pytest

from webapp.presentation import svg_charts
from webapp.presentation.svg_charts import WIDE, Line, LineChart, Tick


def chart(*lines: Line, **more: object) -> LineChart:
    """Return a chart of some lines with the usual ticks."""
    return LineChart("", lines, svg_charts.x_ticks(lines), svg_charts.y_ticks(lines), **more)  # type: ignore[arg-type]


def line(label: str, *values: float) -> Line:
    """Return a line of values at 1, 2, 3, …"""
    return Line(label, tuple((float(at), value) for at, value in enumerate(values, start=1)))


def texts(ticks: tuple[Tick, ...]) -> list[str]:
    """Return what stands at some ticks."""
    return [tick.text for tick in ticks]


def test_ticks_are_round_and_hold_the_lines() -> None:
    ticks = svg_charts.y_ticks([line("", 0.3716, 0.4231)])
    assert texts(ticks) == ["0.36", "0.38", "0.40", "0.42", "0.44"]


def test_percentages_have_no_more_decimals_than_they_need() -> None:
    assert texts(svg_charts.y_ticks([line("", 0.5, 0.9)], svg_charts.as_percentages))[:2] == ["50%", "60%"]


def test_a_chart_of_one_value_has_one_tick_each_way() -> None:
    drawn = [line("corrections", 1.0)]
    ticks = svg_charts.x_ticks(drawn) + svg_charts.y_ticks(drawn, svg_charts.as_percentages)
    assert texts(ticks) == ["1", "100%"]


def test_there_are_at_most_eight_ticks_along_many_rounds() -> None:
    assert len(svg_charts.x_ticks([line("", *range(100))])) <= svg_charts.MOST_X_TICKS


def test_a_line_runs_from_the_left_to_the_right_of_its_frame() -> None:
    drawn = line("", 0.0, 1.0)
    assert chart(drawn).path(drawn) == f"{WIDE.left:.1f},{WIDE.bottom:.1f} {WIDE.right:.1f},{WIDE.top:.1f}"


def test_a_line_that_ends_early_leaves_the_rest_of_the_axis_empty() -> None:
    drawn = LineChart("", (line("", 0.0, 1.0),), (Tick(1, "1"), Tick(3, "3")), (Tick(0, "0"),))
    assert drawn.x(2) == (WIDE.left + WIDE.right) / 2


@pytest.mark.parametrize("ends", [(0.5, 0.52), (0.5, 0.5, 0.5), (0.1, 0.11, 0.9)])
def test_labels_of_lines_that_end_close_together_do_not_touch(ends: tuple[float, ...]) -> None:
    lines = [line(str(number), 0.0, end) for number, end in enumerate(ends)]
    places = sorted(chart(*lines).label_places.values())
    assert all(low - high >= svg_charts.LABEL_HEIGHT for high, low in zip(places, places[1:], strict=False))
