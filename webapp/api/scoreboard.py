"""Every figure of the scoreboard's pages."""

from collections.abc import Callable
from typing import Any

from apiflask import Schema
from flask import request

from training.names import Label
from webapp.api.base import ANYBODY, LIMITS, counted, pages
from webapp.api.scoreboard_schemas import (
    AgainIn,
    AgainOut,
    BoardIn,
    BoardOut,
    ComparedIn,
    ComparedOut,
    HoldoutIn,
    HoldoutOut,
    NamesIn,
    NamesOut,
    PlayedOut,
    TimeOut,
)
from webapp.scoreboard import compare_versions, holdout, missed_names, over_time, rescored
from webapp.scoreboard import filters as scoreboard_filters
from webapp.scoreboard import service as scoreboard
from webapp.scoreboard.filters import Filters
from webapp.scoreboard.slices import live as live_slices
from webapp.versions import service as versions

View = Callable[[dict[str, Any]], dict[str, Any]]


def figure(path: str, takes: type[Schema], gives: type[Schema]) -> Callable[[View], View]:
    """Let a view give figures to anybody, for the cost of one name."""

    def decorate(view: View) -> View:
        # From the inside out, as stacked decorators would be read.
        described = pages.doc(responses=[404, 429, 503], **ANYBODY)(counted(view))
        answering = pages.output(gives, **LIMITS)(described)
        asked = pages.input(takes, location="query", arg_name="wanted")(answering)
        return pages.get(f"/scoreboard{path}")(asked)

    return decorate


def _view() -> Filters:
    return scoreboard_filters.read_filters(request.args.to_dict(flat=False))


@figure("", BoardIn, BoardOut)
def board(wanted: dict[str, Any]) -> dict[str, Any]:
    """Give the scoreboard's figures, with their 95% intervals."""
    view = scoreboard.page(_view())
    return scoreboard.as_dict(view) | {"slices": live_slices.as_dict(live_slices.of_view(view.exact))}


@figure("/time", BoardIn, TimeOut)
def board_days(wanted: dict[str, Any]) -> dict[str, Any]:
    """Give the rolling accuracy and the volume of a view, day by day."""
    return over_time.as_dict(_view())


@figure("/names", NamesIn, NamesOut)
def board_names(wanted: dict[str, Any]) -> dict[str, Any]:
    """Give the names missed and disputed most, or those of the cell that `guessed` and `answer` name."""
    view = _view()
    if not {"guessed", "answer"} & set(wanted):
        lists = {"missed": missed_names.most_missed(view), "disputed": missed_names.disputed(view)}
        return {title: missed_names.as_dict(names) for title, names in lists.items()}
    cell = scoreboard_filters.read_cell(wanted)
    return missed_names.as_dict(missed_names.in_cell(scoreboard.pinned(view, versions.serving()), *cell))


@figure("/play", BoardIn, PlayedOut)
def board_played(wanted: dict[str, Any]) -> dict[str, Any]:
    """Give how people and the network did on names drawn by chance."""
    return scoreboard.games_as_dict(scoreboard.games(_view()))


@figure("/holdout", HoldoutIn, HoldoutOut)
def board_unseen(wanted: dict[str, Any]) -> dict[str, Any]:
    """Give a version's scores, curves and slices on names it never saw."""
    ids = scoreboard_filters.version_ids([wanted["version"]]) if wanted.get("version") else ()
    version = holdout.find_version(ids[0] if ids else None)
    return holdout.as_dict(holdout.board(version, wanted["names"]))


@figure("/versions", ComparedIn, ComparedOut)
def board_compared(wanted: dict[str, Any]) -> dict[str, Any]:
    """Give versions side by side."""
    ids = scoreboard_filters.version_ids(wanted.get("version", []))
    return compare_versions.as_dict(compare_versions.chosen(ids), wanted["names"], Label.FEMALE)


@figure("/again", AgainIn, AgainOut)
def board_rescored(wanted: dict[str, Any]) -> dict[str, Any]:
    """Give what versions would have said to the earlier visitors."""
    shown = compare_versions.chosen(scoreboard_filters.version_ids(wanted.get("version", [])))
    return rescored.as_dict(rescored.score([version.id for version in shown]))
