"""Whole files: bring one, choose the column of the names, take it back with guesses."""

from dataclasses import asdict
from io import BytesIO
from urllib.parse import quote

from flask import Blueprint, Response, current_app, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from webapp.errors import Invalid
from webapp.extensions import limiter
from webapp.files import uploads
from webapp.files.formats.table import ADDED, Choice
from webapp.web import caching, visitor

pages = Blueprint("files", __name__, url_prefix="/batch")
pages.after_request(caching.keep_private)
PASTED = 2 * 2**20  # bytes


@pages.url_value_preprocessor
def _take_more(endpoint: str | None, _values: dict[str, str] | None) -> None:
    # Before anything, CSRF included, looks at the form: only this route takes files.
    if endpoint == "files.add":
        # 64 KiB more for what a form adds to its file.
        request.max_content_length = current_app.config["BATCH_MB"] * 2**20 + 2**16
        request.max_form_memory_size = PASTED


@pages.get("")
def index() -> str:
    """Show where to drop a file or paste a list."""
    return render_template("files/index.html", most=current_app.config["BATCH_MB"], problem="")


@pages.post("")
@limiter.limit("60/hour")
def add() -> ResponseReturnValue:
    """Keep a file or a list, and go on to its first rows."""
    file = request.files.get("file")
    pasted = request.form.get("pasted", "")
    # A form without a chosen file sends an empty part, whose name is empty too.
    if file and file.filename:
        batch = uploads.add(file.stream, file.filename, visitor.current())
    elif pasted.strip():
        batch = uploads.add(BytesIO(pasted.strip("\r\n").encode()), "names.csv", visitor.current())
    else:
        raise Invalid("Choose a file, or paste a list of names.", "file")
    return redirect(url_for("files.show", batch_id=batch.id), 303)


@pages.get("/<batch_id>")
@limiter.limit("60/minute")
def show(batch_id: str) -> str:
    """Show a file's first rows, to choose the column of the names."""
    batch = uploads.find_batch(batch_id, visitor.known())
    preview = batch.table.preview()
    return render_template("files/show.html", batch=batch, preview=preview, added=ADDED)


@pages.get("/<batch_id>/file")
def download(batch_id: str) -> Response:
    """Give the file back with guesses, as it is being made."""
    batch = uploads.find_batch(batch_id, visitor.known())
    # HEAD would otherwise take one of the few places for conversions and throw the file away.
    if request.method == "HEAD":
        return _attachment(Response(), batch.given_back_as)
    conversion = uploads.Conversion(batch, _choice())
    response = Response(conversion, mimetype="application/octet-stream", direct_passthrough=True)
    return _attachment(response, batch.given_back_as)


def _choice() -> Choice:
    column = request.args.get("column", "")
    if not (column.isascii() and column.isdigit() and len(column) < 6):
        raise Invalid("Choose the column that holds the names.", "column")
    return Choice(int(column), "header" in request.args)


def _attachment(response: Response, name: str) -> Response:
    # Twice, as RFC 6266 has it: the plain name for old clients, the other with every letter.
    plain = name.encode("ascii", "replace").decode().replace("?", "_")
    response.headers["Content-Disposition"] = (
        f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name)}"
    )
    # nginx would otherwise collect the whole stream before it passes anything on.
    response.headers["X-Accel-Buffering"] = "no"
    return response


@pages.get("/<batch_id>/progress")
@limiter.exempt
def progress(batch_id: str) -> Response:
    """Say how far the conversion is."""
    return jsonify(asdict(uploads.progress(uploads.find_batch(batch_id, visitor.known()))))


@pages.post("/<batch_id>/stop")
def stop(batch_id: str) -> ResponseReturnValue:
    """End the conversion."""
    uploads.stop(uploads.find_batch(batch_id, visitor.known()))
    return redirect(url_for("files.show", batch_id=batch_id), 303)


@pages.errorhandler(Invalid)
def problem(error: Invalid) -> ResponseReturnValue:
    """Say what is wrong with a file where another one can be chosen."""
    page = render_template("files/index.html", most=current_app.config["BATCH_MB"], problem=str(error))
    return page, 422
