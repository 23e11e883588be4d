"""What is kept about a visitor, and how they take it along or away."""

import json
from collections.abc import Iterable, Iterator
from typing import Any

from flask import (
    Blueprint,
    Response,
    current_app,
    flash,
    redirect,
    render_template,
    stream_with_context,
    url_for,
)
from flask.typing import ResponseReturnValue

from webapp.errors import NotFound
from webapp.extensions import limiter
from webapp.languages.texts import gettext
from webapp.presentation import tabular
from webapp.privacy import service as privacy
from webapp.web import caching, downloads, visitor

pages = Blueprint("privacy", __name__)
pages.after_request(caching.keep_private)
FILE = "nomen-answers"


@pages.get("/privacy")
def index() -> str:
    """Tell what is kept about visitors, why, and for how long."""
    return render_template(
        "privacy/index.html",
        mine=privacy.count(visitor.known()),
        days=current_app.config["KEEP_ANSWERS_DAYS"],
    )


@pages.get("/history/download.<format>")
@limiter.limit("30/minute")
def download(format: str) -> Response:
    """Return all that is kept of the visitor: as CSV their answers, as JSON their games too."""
    me = visitor.known()
    if format == "csv":
        return downloads.download(FILE, format, privacy.COLUMNS, privacy.answers(me))
    if format != "json":
        raise NotFound(gettext("The file is there as csv and as json."))
    rows = (dict(zip(privacy.COLUMNS, row, strict=True)) for row in privacy.answers(me))
    whole = _document({"visitor": me}, answers=rows, games=privacy.games(me))
    response = Response(stream_with_context(whole), mimetype="application/json")
    response.headers["Content-Disposition"] = f"attachment; filename={FILE}.json"
    return response


def _document(head: dict[str, Any], **lists: Iterable[dict[str, Any]]) -> Iterator[str]:
    # Written piece by piece, so that a visitor with a million answers costs no memory.
    yield json.dumps(head).removesuffix("}")
    for name, rows in lists.items():
        yield f', "{name}": ['
        for n, row in enumerate(rows):
            yield (",\n" if n else "\n") + tabular.json_object(row)
        yield "]"
    yield "}\n"


@pages.get("/history/delete")
def confirm_delete() -> str:
    """Ask whether all of it is to be deleted, and say what that does."""
    return render_template("privacy/delete.html", mine=privacy.count(visitor.known()))


@pages.post("/history/delete")
def delete() -> ResponseReturnValue:
    """Delete every answer and game of the visitor, and forget who they were."""
    gone = privacy.delete_all(visitor.known())
    # Or the next answer would be given under the id that was just emptied.
    visitor.forget()
    flash(_told(gone))
    return redirect(url_for("feedback.history"), 303)


def _told(gone: privacy.Belongings) -> str:
    if not gone:
        return gettext("There was nothing of yours to delete.")
    return gettext("Deleted: every answer and game of yours. Nothing here is yours any more.")
