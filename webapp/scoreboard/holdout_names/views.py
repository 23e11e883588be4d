"""The names behind a version's holdout: a cell of the matrix, a slice, a group of the reliability diagram."""

from flask import Blueprint, Response, make_response, render_template, request

from webapp.extensions import limiter
from webapp.scoreboard import filters as scoreboard_filters
from webapp.scoreboard import holdout as holdout_board
from webapp.scoreboard.holdout_names import listing
from webapp.scoreboard.holdout_names.listing import Asked
from webapp.scoreboard.views import words
from webapp.web.caching import keep_nowhere
from webapp.web.downloads import download

pages = Blueprint("holdout_names", __name__, url_prefix="/scoreboard/holdout")
pages.context_processor(words)
AGAIN = 3  # seconds after which a page that waits looks again


@pages.get("/names")
@limiter.limit("60/minute")
def names() -> Response:
    """Show the names that the address asks for, worst errors first, or hand them out as CSV."""
    wanted = scoreboard_filters.version_ids(request.args.getlist("version")[:1])
    version = holdout_board.find_version(wanted[0] if wanted else None)
    asked = Asked.read(request.args)
    found = listing.find(version, asked)
    if found is None:
        return _wait(render_template("scoreboard/holdout_waiting.html", version=version))
    if "csv" in request.args:
        return download(
            f"nomen-{version.label}-holdout", "csv", listing.headings(), (row.cells for row in found)
        )
    return make_response(
        render_template(
            "scoreboard/holdout_names.html",
            version=version,
            asked=asked,
            listed=listing.page_of(found, request.args.get("page", 1, int)),
            outcomes=listing.OUTCOMES,
            outcome_titles=listing.OUTCOME_TITLES,
            cell_titles=listing.CELL_TITLES,
        )
    )


def _wait(page: str) -> Response:
    response = make_response(page, 202)
    response.headers["Refresh"] = str(AGAIN)
    return keep_nowhere(response)
