"""The public scoreboard: how often the network is right, live and on names it never saw."""

from collections.abc import Sequence
from functools import partial
from typing import Any

from flask import Blueprint, Response, render_template, request

from training.data.name_groups import BESIDE
from webapp.errors import NotFound
from webapp.extensions import limiter
from webapp.languages.texts import gettext
from webapp.languages.words import N_
from webapp.presentation import charts, plotly_asset
from webapp.presentation.charts import Chart
from webapp.presentation.template_filters import FEW, count, interval, percent, rate
from webapp.scoreboard import compare_versions, missed_names, over_time, rescored
from webapp.scoreboard import filters as scoreboard_filters
from webapp.scoreboard import holdout as holdout_board
from webapp.scoreboard import service as scoreboard
from webapp.scoreboard.filters import choose
from webapp.scoreboard.holdout import ThresholdStep
from webapp.scoreboard.service import ScoreboardPage
from webapp.scoreboard.slices import live as live_slices
from webapp.scoreboard.slices.live import LiveSlices
from webapp.versions import model_card
from webapp.versions import service as versions
from webapp.web import headers
from webapp.web.caching import made_once, unless_unchanged

pages = Blueprint("scoreboard", __name__)
TABS = (
    ("scoreboard.board", N_("Right or wrong")),
    ("scoreboard.time", N_("From day to day")),
    ("scoreboard.holdout", N_("Names it never saw")),
    ("scoreboard.side_by_side", N_("Version by version")),
    ("scoreboard.again", N_("Old answers again")),
)


@pages.context_processor
def words() -> dict[str, object]:
    """Return what the scoreboard's templates call things."""
    return {
        "tabs": [(endpoint, gettext(words)) for endpoint, words in TABS],
        "words": scoreboard_filters.WORDS,
        "windows": scoreboard_filters.WINDOWS,
        "sources": scoreboard_filters.SOURCES,
    }


@pages.get("/scoreboard")
def board() -> str:
    """Show the scoreboard in the view that the address asks for."""
    view = scoreboard.page(asked_for(), or_all=True)
    return render_template("scoreboard/board.html", view=view, slices=_slices(view), filters=view.filters)


@pages.get("/scoreboard/live")
@limiter.exempt
def live() -> Response:
    """Give the part of the scoreboard that changes, or 304 while nothing has. Sets no cookie."""
    return unless_unchanged(scoreboard.tag(), _fragment)


@pages.get("/scoreboard/names")
def names() -> str:
    """Show the names behind one cell of the matrix, as far as the publishing rule lets."""
    cell = scoreboard_filters.read_cell(request.args)
    filters = scoreboard.pinned(asked_for(), versions.serving())
    key = filters, cell, scoreboard.tag_of_lists()
    found = made_once("names of a cell", key, partial(missed_names.in_cell, filters, *cell), MOST_LISTS)
    return render_template("scoreboard/names.html", names=found, cell=cell, filters=asked_for())


def _fragment() -> str:
    view = scoreboard.page(asked_for(), or_all=True)
    return render_template(
        "scoreboard/_live.html", view=view, slices=_slices(view), filters=view.filters, as_fragment=True
    )


def _slices(view: ScoreboardPage) -> list[LiveSlices]:
    return live_slices.of_view(view.exact)


def asked_for() -> scoreboard_filters.Filters:
    """Return the view that this request's address asks for."""
    return scoreboard_filters.read_filters(request.args.to_dict(flat=False))


MOST_LISTS = 64
"""Lists of names in memory, a few kB each."""
# The release is part of the address: another release has another one, so this file never changes.
FOR_EVER = "public, max-age=31536000, immutable"


def show(template: str, drawn: Sequence[Chart], **context: Any) -> Response | str:
    """Show a page with charts, or one chart of it as CSV where the address says `csv=KEY`."""
    if "csv" in request.args:
        return _csv(charts.find_chart(drawn, request.args["csv"]))
    headers.allow_inline_styles()  # plotly sets styles on its elements; no other page may
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
        raise NotFound(gettext("There is no such release of the charts' library here."))
    if request.accept_encodings.quality("gzip"):
        response = Response(plotly_asset.compressed(), mimetype="text/javascript")
        response.content_encoding = "gzip"
    else:
        response = Response(plotly_asset.path().read_bytes(), mimetype="text/javascript")
    response.headers["Cache-Control"] = FOR_EVER
    response.vary.add("Accept-Encoding")  # or a cache would hand gzip to those who cannot read it
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
    # The newest thousands of answers are read for them.
    return made_once(
        "lists over time", (filters, scoreboard.tag_of_lists()), partial(_read_lists, filters), MOST_LISTS
    )


def _read_lists(filters: scoreboard_filters.Filters) -> dict[str, missed_names.Names]:
    return {"missed": missed_names.most_missed(filters), "disputed": missed_names.disputed(filters)}


@pages.get("/scoreboard/holdout")
def holdout() -> Response | str:
    """Show what one version scored on names it never saw, and what answering less would buy."""
    # The filters' own links may carry several versions; this page is of one.
    asked = scoreboard_filters.version_ids(request.args.getlist("version")[:1])
    board = holdout_board.board(
        holdout_board.find_version(asked[0] if asked else None), request.args.get("names", "hundred")
    )
    threshold = holdout_board.read_threshold(request.args.get("t"))
    return show(
        "scoreboard/holdout.html",
        board.charts,
        board=board,
        holdout=scoreboard.holdout(board.version, board.group),
        step=board.at(threshold) if board.steps else None,
        # Every step of the slider is written here, so that the script only shows what the server has said.
        texts=[texts(step) for step in board.steps],
        tell=tell,
        groups=holdout_board.GROUPS,
        slices=model_card.slices_of(model_card.card_of(board.version)),
        beside=BESIDE,
        numbers=scoreboard.version_numbers(),
        filters=asked_for(),
    )


def tell(step: ThresholdStep) -> str:
    """Say in a sentence what a threshold does."""
    every = step.matrix.n + step.unsure
    if not step.matrix.n:
        return gettext("It would say “unsure” to all %(n)s names.", n=count(every))
    accuracy = step.matrix.accuracy
    is_few = accuracy.n < FEW  # of which a page counts how many are right
    right = count(accuracy.hits) if is_few and accuracy.hits is not None else rate(accuracy)
    told = {"answered": count(step.matrix.n), "n": count(every), "right": right}
    if step.unsure:
        return gettext(
            "It answers %(answered)s of %(n)s names and is right on %(right)s of these; "
            "to the other %(unsure)s it says “unsure”.",
            unsure=count(step.unsure),
            **told,
        )
    return gettext("It answers %(answered)s of %(n)s names and is right on %(right)s of these.", **told)


def texts(step: ThresholdStep) -> dict[str, object]:
    """Return all that the slider shows at one step, as it is written on the page."""
    cells = ("tp", "fp", "fn", "tn")
    figures = {name: getattr(step.matrix, name) for name in ("accuracy", "precision", "recall", "f1")}
    figures["coverage"] = step.coverage
    return {
        "threshold": percent(step.threshold),
        "told": tell(step),
        "cells": {cell: count(getattr(step.matrix, cell)) for cell in cells},
        "shares": {cell: rate(step.matrix.share(cell)) for cell in cells},
        "figures": {name: rate(figure) for name, figure in figures.items()},
        "intervals": {name: interval(figure) for name, figure in figures.items()},
    }


@pages.get("/scoreboard/versions")
def side_by_side() -> Response | str:
    """Show any two or more versions side by side."""
    shown = compare_versions.chosen(scoreboard_filters.version_ids(request.args.getlist("version")))
    group = choose(scoreboard.GROUPS, request.args.get("names", "hundred"), "names")
    differences = request.args.get("differences") == "1"
    filters = asked_for()
    return show(
        "scoreboard/versions.html",
        compare_versions.slices(shown),
        shown=shown,
        group=group,
        groups=scoreboard.GROUPS,
        differences=differences,
        sections=compare_versions.compare(shown, group, filters.positive, differences),
        numbers=scoreboard.version_numbers(),
        filters=filters,
    )


@pages.get("/scoreboard/again")
def again() -> str:
    """Show what several versions would have said to the earlier visitors."""
    shown = compare_versions.chosen(scoreboard_filters.version_ids(request.args.getlist("version")))
    return render_template(
        "scoreboard/again.html",
        rows=rescored.score([version.id for version in shown]),
        runs=rescored.by_runs(),
        chosen=[version.id for version in shown],
        names=rescored.NAMES,
        numbers=scoreboard.version_numbers(),
    )
