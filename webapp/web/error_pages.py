"""What an error means in HTTP, and its page: given once, for all views."""

import sqlite3
from collections.abc import Mapping
from http import HTTPStatus
from pathlib import Path

from flask import (
    Flask,
    Response,
    current_app,
    jsonify,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DatabaseError, OperationalError
from werkzeug.exceptions import HTTPException, SecurityError
from werkzeug.wrappers import Response as AnyResponse

from training.names import UnreadableName
from webapp import errors
from webapp.languages.sentences import told
from webapp.languages.texts import gettext
from webapp.languages.words import N_, Words
from webapp.logs import request_id
from webapp.storage import atomic_file, quotas
from webapp.web import access, caching

STATUS: dict[type[Exception], int] = {
    errors.BadRequest: 400,
    errors.Forbidden: 403,
    errors.NotFound: 404,
    errors.Conflict: 409,
    errors.TooLarge: 413,
    errors.Invalid: 422,
    UnreadableName: 422,
    errors.TooMany: 429,
    errors.Unavailable: 503,
}
SENTENCES: Mapping[int, str] = Words(
    {
        400: N_("The site could not make sense of that request."),
        403: N_("This is not open to you."),
        404: N_("There is no page here."),
        405: N_("This address does not take that kind of request."),
        413: N_("That is more than the site takes at once."),
        415: N_("The site cannot read that kind of content."),
        422: N_("Something in that could not be used."),
        429: N_("That was a lot in a short time. Wait a moment and try again."),
        500: N_("Something went wrong on our side. It has been written down."),
        503: N_("The site cannot answer that at the moment. Try again in a minute."),
    }
)

FULL = N_("There is no room on the site’s disk at the moment. Try again later.")
SQLSTATE_FULL = "53100"  # PostgreSQL's disk_full
SQLSTATES_UNMADE = ("42P01", "42703")
"""No such table or column: the database waits for `flask setup`. Of SQLite it is an OperationalError."""


def register(app: Flask) -> None:
    """Attach the handlers."""
    for kind in STATUS:
        app.register_error_handler(kind, _known)
    app.register_error_handler(OperationalError, _database)
    app.register_error_handler(sqlite3.OperationalError, _database)
    app.register_error_handler(DatabaseError, _unreadable)
    app.register_error_handler(errors.NotLoggedIn, _not_logged_in)
    app.register_error_handler(CSRFError, _csrf)
    app.register_error_handler(HTTPException, _http)


def _known(error: Exception) -> Response:
    # The nearest kind in the class's own line: Busy has no entry and is an Unavailable.
    status = next(STATUS[kind] for kind in type(error).__mro__ if kind in STATUS)
    response = answer(status, told(str(error)), field=getattr(error, "field", None))
    if isinstance(error, errors.TooMany | errors.Unavailable):
        quotas.retry_after(response, error.retry_after)
    return response


def _not_logged_in(error: errors.NotLoggedIn) -> AnyResponse:
    if wants_json():
        return answer(401, str(error))
    return redirect(url_for("account.login", next=access.where_from() or None), 303)


def _database(error: DatabaseError | sqlite3.OperationalError) -> Response:
    # The error's own words may hold a path or a query: they are for the log.
    current_app.logger.error("the database: %s", getattr(error, "orig", error))
    response = answer(503, gettext(FULL) if _is_full(getattr(error, "orig", error)) else SENTENCES[503])
    return quotas.retry_after(response, errors.Unavailable.retry_after)


def _unreadable(error: DatabaseError) -> Response:
    # SQLite has no name of its own for a file that is damaged; other kinds that have one are faults of ours.
    is_unmade = getattr(error.orig, "sqlstate", None) in SQLSTATES_UNMADE
    if type(error) is not DatabaseError and not is_unmade:
        raise error
    return _database(error)


def _is_full(error: BaseException | None) -> bool:
    says_so = getattr(error, "sqlite_errorcode", None) == sqlite3.SQLITE_FULL
    says_so = says_so or getattr(error, "sqlstate", None) == SQLSTATE_FULL
    # A file of SQLite's that the disk did not take can be "disk I/O error" or "unable to open", too.
    return says_so or not atomic_file.has_room(Path(current_app.config["INSTANCE"]))


def _csrf(error: CSRFError) -> Response:
    return answer(
        400,
        gettext(
            "This form has grown old or came from another site. Go back, reload the page and send it again."
        ),
    )


def _http(error: HTTPException) -> Response:
    status = error.code or 500
    if isinstance(error, SecurityError):  # a forged host: no address can be made for a page
        return Response(SENTENCES[400], 400, mimetype="text/plain")
    # A redirect, or an answer that a library has made already.
    if error.response is not None or status < 400:
        return error.get_response()  # type: ignore[return-value]
    response = answer(status, SENTENCES.get(status, HTTPStatus(status).phrase + "."))
    for name, value in error.get_headers():
        # Allow and Retry-After say something; the rest is about the body that we replace.
        if name.lower() not in ("content-type", "content-length"):
            response.headers[name] = value
    return response


def answer(status: int, sentence: str, field: str | None = None) -> Response:
    """Return a page, or problem+json to those who ask for JSON."""
    if wants_json():
        problem = {
            "type": "about:blank",
            "title": HTTPStatus(status).phrase,
            "status": status,
            "detail": sentence,
        }
        response = jsonify(problem | ({"field": field} if field else {}))
        response.content_type = "application/problem+json"
    else:
        response = make_response(_page(status, sentence))
    response.status_code = status
    return caching.keep_nowhere(response)


def _page(status: int, sentence: str) -> str:
    if status < 500:
        return render_template("web/error.html", status=status, sentence=sentence)
    # Who is logged in and what waits for review is not asked: the database may be what is wrong.
    return current_app.jinja_env.get_template("web/error.html").render(
        status=status, sentence=sentence, request_id=request_id.current()
    )


def wants_json() -> bool:
    """Say whether the caller would rather have JSON than a page."""
    # Browsers send */*, which the first of the list matches: who says nothing gets a page.
    kinds = ["text/html", "application/json", "application/problem+json"]
    asks = request.accept_mimetypes.best_match(kinds, default=kinds[0]) != kinds[0]
    return asks or request.path.startswith("/api/") or request.is_json
