"""The scoreboard's charts: over time, on the holdout, version against version."""

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, Response, render_template, request

from webapp.errors import NotFound
from webapp.extensions import limiter
from webapp.presentation import charts, plotly_asset
from webapp.presentation.charts import Chart
from webapp.presentation.template_filters import count, interval, percent
from webapp.scoreboard import filters as scoreboard_filters
from webapp.scoreboard import holdout as holdout_board
from webapp.scoreboard import missed_names, over_time
from webapp.scoreboard import service as scoreboard
from webapp.scoreboard.holdout import Step
from webapp.scoreboard.views import asked_for, words
from webapp.web import headers
from webapp.web.caching import unless_unchanged

pages = Blueprint("dashboards", __name__)
pages.context_processor(words)
FOR_EVER = "public, max-age=31536000, immutable"


def show(template: str, drawn: Sequence[Chart], **context: Any) -> Response | str:
    """Show a page with charts, or one chart of it as CSV where the address says `csv=KEY`."""
    if "csv" in request.args:
        return _csv(charts.find(drawn, request.args["csv"]))
    headers.allow_inline_styles()
    return render_template(template, charts=drawn, plotly=plotly_asset.release(), **context)


def _csv(chart: Chart) -> Response:
    response = Response(charts.as_csv(chart), mimetype="text/csv")
    response.headers["Content-Disposition"] = f'attachment; filename="nomen-{chart.key}.csv"'
    return response


@pages.get("/scoreboard/plotly-<release>.js")
@limiter.exempt
def plotly(release: str) -> Response:
    """Give the library that draws the charts, gzipped to all who take that."""
    if release != plotly_asset.release():
        raise NotFound("There is no such release of the charts' library here.")
    if "gzip" in request.accept_encodings:
        response = Response(plotly_asset.compressed(), mimetype="text/javascript")
        response.content_encoding = "gzip"
    else:
        response = Response(plotly_asset.path().read_bytes(), mimetype="text/javascript")
    response.headers["Cache-Control"] = FOR_EVER
    response.vary.add("Accept-Encoding")
    return response


@pages.get("/scoreboard/time")
def time() -> Response | str:
    """Show how the answers went from day to day, and which names are missed."""
    filters = asked_for()
    return show(
        "scoreboard/time.html",
        over_time.charts(filters),
        **_lists(filters),
        filters=filters,
        tag=scoreboard.tag(),
    )


@pages.get("/scoreboard/time/live")
@limiter.exempt
def time_live() -> Response:
    """Give the part of the page over time that changes, or 304 while nothing has."""
    return unless_unchanged(scoreboard.tag(), _time_fragment)


def _time_fragment() -> str:
    filters = asked_for()
    drawn = over_time.charts(filters)
    return render_template("scoreboard/_time.html", charts=drawn, **_lists(filters), filters=filters)


def _lists(filters: scoreboard_filters.Filters) -> dict[str, missed_names.Names]:
    return {"missed": missed_names.most_missed(filters), "disputed": missed_names.disputed(filters)}


@pages.get("/scoreboard/holdout")
def holdout() -> Response | str:
    """Show what one version scored on names it never saw, and what answering less would buy."""
    asked = scoreboard_filters.version_ids(request.args.getlist("version")[:1])
    board = holdout_board.board(
        holdout_board.find(asked[0] if asked else None), request.args.get("names", "hundred")
    )
    threshold = holdout_board.read_threshold(request.args.get("t"))
    return show(
        "scoreboard/holdout.html",
        board.charts,
        board=board,
        holdout=scoreboard.holdout(board.version, board.group),
        step=board.at(threshold) if board.steps else None,
        texts=[texts(step) for step in board.steps],
        tell=tell,
        groups=holdout_board.GROUPS,
        numbers=scoreboard.version_numbers(),
        filters=asked_for(),
    )


def tell(step: Step) -> str:
    """Say in a sentence what a threshold does."""
    every = step.matrix.n + step.unsure
    if not step.matrix.n:
        return f"It would say “unsure” to all {count(every)} names."
    unsure = f"; to the other {count(step.unsure)} it says “unsure”" if step.unsure else ""
    right = percent(step.matrix.accuracy.value)
    return (
        f"It answers {count(step.matrix.n)} of {count(every)} names and is right on {right} of these{unsure}."
    )


def texts(step: Step) -> dict[str, Any]:
    """Return all that the slider shows at one step, as it is written on the page."""
    cells = ("tp", "fp", "fn", "tn")
    figures = {name: getattr(step.matrix, name) for name in ("accuracy", "precision", "recall", "f1")}
    figures["coverage"] = step.coverage
    return {
        "threshold": percent(step.threshold),
        "told": tell(step),
        "cells": {cell: count(getattr(step.matrix, cell)) for cell in cells},
        "shares": {cell: percent(step.matrix.share(cell)) for cell in cells},
        "figures": {name: percent(figure.value) for name, figure in figures.items()},
        "intervals": {name: interval(figure) for name, figure in figures.items()},
    }
