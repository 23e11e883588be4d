"""The public scoreboard: how often the network is right, live and on names it never saw."""

from flask import Blueprint, Response, render_template, request

from webapp.extensions import limiter
from webapp.scoreboard import filters as scoreboard_filters
from webapp.scoreboard import missed_names
from webapp.scoreboard import service as scoreboard
from webapp.versions import service as versions
from webapp.web.caching import unless_unchanged

pages = Blueprint("scoreboard", __name__)
TABS = (
    ("scoreboard.board", "Right or wrong"),
    ("dashboards.time", "From day to day"),
    ("dashboards.holdout", "Names it never saw"),
    ("comparisons.versions", "Version by version"),
    ("comparisons.again", "Old answers again"),
)


@pages.context_processor
def words() -> dict[str, object]:
    """Return what the scoreboard's templates call things."""
    return {
        "tabs": TABS,
        "words": scoreboard_filters.WORDS,
        "windows": scoreboard_filters.WINDOWS,
        "sources": scoreboard_filters.SOURCES,
    }


@pages.get("/scoreboard")
def board() -> str:
    """Show the scoreboard in the view that the address asks for."""
    view = scoreboard.page(asked_for())
    return render_template("scoreboard/board.html", view=view, filters=view.filters)


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
    found = missed_names.in_cell(filters, *cell)
    return render_template("scoreboard/names.html", names=found, cell=cell, filters=asked_for())


def _fragment() -> str:
    view = scoreboard.page(asked_for())
    return render_template("scoreboard/_live.html", view=view, filters=view.filters, as_fragment=True)


def asked_for() -> scoreboard_filters.Filters:
    """Return the view that this request's address asks for."""
    return scoreboard_filters.read(request.args.to_dict(flat=False))
