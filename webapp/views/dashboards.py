"""The scoreboard's charts: over time, on the holdout, version against version."""

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, Response, render_template, request

from webapp import board_time, charts, missed, plotly_js, scoreboard, web
from webapp.charts import Chart
from webapp.errors import NotFound
from webapp.extensions import limiter
from webapp.views.live import unless_unchanged
from webapp.views.scoreboard import asked_for, words

pages = Blueprint("dashboards", __name__)
pages.context_processor(words)
FOR_EVER = "public, max-age=31536000, immutable"


def show(template: str, drawn: Sequence[Chart], **context: Any) -> Response | str:
    """Show a page with charts, or one chart of it as CSV where the address says `csv=KEY`."""
    if "csv" in request.args:
        return _csv(charts.find(drawn, request.args["csv"]))
    web.allow_inline_styles()
    return render_template(template, charts=drawn, plotly=plotly_js.release(), **context)


def _csv(chart: Chart) -> Response:
    response = Response(charts.as_csv(chart), mimetype="text/csv")
    response.headers["Content-Disposition"] = f'attachment; filename="nomen-{chart.key}.csv"'
    return response


@pages.get("/scoreboard/plotly-<release>.js")
@limiter.exempt
def plotly(release: str) -> Response:
    """Give the library that draws the charts, gzipped to all who take that."""
    if release != plotly_js.release():
        raise NotFound("There is no such release of the charts' library here.")
    if "gzip" in request.accept_encodings:
        response = Response(plotly_js.compressed(), mimetype="text/javascript")
        response.content_encoding = "gzip"
    else:
        response = Response(plotly_js.path().read_bytes(), mimetype="text/javascript")
    response.headers["Cache-Control"] = FOR_EVER
    response.vary.add("Accept-Encoding")
    return response


@pages.get("/scoreboard/time")
def time() -> Response | str:
    """Show how the answers went from day to day, and which names are missed."""
    filters = asked_for()
    return show(
        "scoreboard/time.html", board_time.charts(filters), **_lists(), filters=filters, tag=scoreboard.tag()
    )


@pages.get("/scoreboard/time/live")
@limiter.exempt
def time_live() -> Response:
    """Give the part of the page over time that changes, or 304 while nothing has."""
    return unless_unchanged(scoreboard.tag(), _time_fragment)


def _time_fragment() -> str:
    filters = asked_for()
    drawn = board_time.charts(filters)
    return render_template("scoreboard/_time.html", charts=drawn, **_lists(), filters=filters)


def _lists() -> dict[str, missed.Names]:
    return {"missed": missed.most_missed(), "disputed": missed.disputed()}
