"""The scoreboard's comparisons: versions side by side, and old answers scored again."""

from flask import Blueprint, Response, render_template, request

from webapp.scoreboard import compare_versions, rescored
from webapp.scoreboard import filters as scoreboard_filters
from webapp.scoreboard import service as scoreboard
from webapp.scoreboard.dashboard_views import show
from webapp.scoreboard.filters import choose
from webapp.scoreboard.views import asked_for, words

pages = Blueprint("comparisons", __name__)
pages.context_processor(words)


@pages.get("/scoreboard/versions")
def versions() -> Response | str:
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
    """Show what several versions would have said to the visitors of yesterday."""
    shown = compare_versions.chosen(scoreboard_filters.version_ids(request.args.getlist("version")))
    return render_template(
        "scoreboard/again.html",
        rows=rescored.score([version.id for version in shown]),
        runs=rescored.by_runs(),
        chosen=[version.id for version in shown],
        names=rescored.NAMES,
        numbers=scoreboard.version_numbers(),
    )
