"""The scoreboard's comparisons: versions side by side, and old answers scored again."""

from flask import Blueprint, Response, render_template, request

from webapp import board_again, board_filters, board_versions, scoreboard
from webapp.board_filters import choose
from webapp.views.dashboards import show
from webapp.views.scoreboard import asked_for, words

pages = Blueprint("comparisons", __name__)
pages.context_processor(words)


@pages.get("/scoreboard/versions")
def versions() -> Response | str:
    """Show any two or more versions side by side."""
    shown = board_versions.chosen(board_filters.version_ids(request.args.getlist("version")))
    group = choose(scoreboard.GROUPS, request.args.get("names", "hundred"), "names")
    differences = request.args.get("differences") == "1"
    filters = asked_for()
    return show(
        "scoreboard/versions.html",
        board_versions.slices(shown),
        shown=shown,
        group=group,
        groups=scoreboard.GROUPS,
        differences=differences,
        sections=board_versions.compare(shown, group, filters.positive, differences),
        numbers=scoreboard.version_numbers(),
        filters=filters,
    )


@pages.get("/scoreboard/again")
def again() -> str:
    """Show what several versions would have said to the visitors of yesterday."""
    shown = board_versions.chosen(board_filters.version_ids(request.args.getlist("version")))
    return render_template(
        "scoreboard/again.html",
        rows=board_again.score([version.id for version in shown]),
        runs=board_again.by_runs(),
        chosen=[version.id for version in shown],
        names=board_again.NAMES,
        numbers=scoreboard.version_numbers(),
    )
