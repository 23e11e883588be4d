"""Every figure of the scoreboard's pages as JSON, beside /api/v1/scoreboard itself."""

from typing import Any

from flask import Blueprint, Response, current_app, jsonify, request

from webapp import (
    board_again,
    board_filters,
    board_holdout,
    board_time,
    board_versions,
    missed,
    play,
    scoreboard,
    versions,
)
from webapp.extensions import limiter
from webapp.views.scoreboard import asked_for

pages = Blueprint("api_figures", __name__, url_prefix="/api/v1/scoreboard")


def _limit() -> str:
    return f"{current_app.config['GUESSES_PER_MINUTE']}/minute"


def _ids() -> tuple[int, ...]:
    return board_filters.version_ids(request.args.getlist("version"))


def _told(figures: dict[str, Any]) -> Response:
    response = jsonify(figures)
    response.headers["Cache-Control"] = "no-cache"
    return response


@pages.get("/time")
@limiter.limit(_limit)
def time() -> Response:
    """Give the rolling accuracy and the volume of a view, day by day."""
    return _told(board_time.as_dict(asked_for()))


@pages.get("/names")
@limiter.limit(_limit)
def names() -> Response:
    """Give the names missed and disputed most, or those of the cell that `guessed` and `answer` name."""
    if not {"guessed", "answer"} & set(request.args):
        return _told(
            {"missed": missed.as_dict(missed.most_missed()), "disputed": missed.as_dict(missed.disputed())}
        )
    view = scoreboard.pinned(asked_for(), versions.serving())
    return _told(missed.as_dict(missed.in_cell(view, *board_filters.read_cell(request.args))))


@pages.get("/play")
@limiter.limit(_limit)
def played() -> Response:
    """Give how people and the network did on names drawn by chance."""
    return _told(play.as_dict(play.totals(asked_for())))


@pages.get("/holdout")
@limiter.limit(_limit)
def holdout() -> Response:
    """Give a version's scores, curves and slices on names it never saw."""
    ids = _ids()[:1]
    version = board_holdout.find(ids[0] if ids else None)
    return _told(board_holdout.as_dict(board_holdout.board(version, request.args.get("names", "hundred"))))


@pages.get("/versions")
@limiter.limit(_limit)
def compared() -> Response:
    """Give versions side by side."""
    group = board_filters.choose(scoreboard.GROUPS, request.args.get("names", "hundred"), "names")
    return _told(board_versions.as_dict(board_versions.chosen(_ids()), group, "female"))


@pages.get("/again")
@limiter.limit(_limit)
def again() -> Response:
    """Give what versions would have said to the visitors of yesterday."""
    shown = board_versions.chosen(_ids())
    return _told(board_again.as_dict(board_again.score([version.id for version in shown])))
