"""Whole files: bring one, choose the column of the names, take it back with guesses."""

from dataclasses import asdict, replace
from io import BytesIO

from flask import Blueprint, Response, current_app, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from webapp.errors import Invalid
from webapp.extensions import limiter
from webapp.files import preview, uploads
from webapp.files.formats.table import How
from webapp.files.formats.text import encodings
from webapp.files.layout.find import NO_COLUMN, Asked
from webapp.files.preview import Preview
from webapp.files.uploads import Batch
from webapp.guessing import readings
from webapp.languages.countries import country_name
from webapp.languages.texts import gettext
from webapp.languages.words import N_
from webapp.web import caching, downloads, visitor

pages = Blueprint("files", __name__, url_prefix="/batch")
pages.after_request(caching.keep_private)
PASTED = 2 * 2**20  # bytes
_NO_NUMBER = {
    "header_row": N_("The row of the headings is a number, 0 where there is none."),
    "skip": N_("How many rows to skip is a number."),
}


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
@limiter.limit(lambda: f"{current_app.config['FILES_PER_HOUR']}/hour")
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
        raise Invalid(gettext("Choose a file, or paste a list of names."), "file")
    return redirect(url_for("files.show", batch_id=batch.id), 303)


@pages.get("/<batch_id>")
@limiter.limit("60/minute")
def show(batch_id: str) -> str:
    """Show a file's first rows as they will be read, to choose the column of the names."""
    batch = uploads.find_batch(batch_id, visitor.known())
    return _page(batch, preview.look(batch.file, _how(), _asked_anew()))


def _page(batch: Batch, shown: Preview, refused: Invalid | None = None) -> str:
    # What is offered is handed over here: the room's templates know no other room.
    return render_template(
        "files/show.html",
        batch=batch,
        shown=shown,
        layout=shown.layout,
        forms=preview.forms(),
        country_name=country_name,
        encodings=preview.all_encodings(),
        is_form_chosen=bool(request.args.get("form")),
        problem=str(refused or ""),
        refused_field=refused.field if refused else None,
    )


@pages.get("/<batch_id>/file")
def download(batch_id: str) -> ResponseReturnValue:
    """Give the file back with guesses, as it is being made."""
    batch = uploads.find_batch(batch_id, visitor.known())
    # HEAD would otherwise take one of the few places for conversions and throw the file away.
    if request.method == "HEAD":
        return downloads.attach(Response(), batch.given_back_as)
    # Another sheet was chosen, and its columns have not been seen yet.
    if _has_changed("sheet"):
        return redirect(f"{url_for('files.show', batch_id=batch_id)}?{request.query_string.decode()}", 303)
    asked = _asked()
    if asked.columns is None:
        raise Invalid(gettext("Choose the column that holds the names."), "column")
    shown = preview.look(batch.file, _how(), asked)
    country = readings.country_of(request.args.get("country", ""))
    conversion = uploads.Conversion(batch, shown.table, shown.layout.choice, shown.layout.form, country)
    response = Response(conversion, mimetype="application/octet-stream", direct_passthrough=True)
    return downloads.attach(response, batch.given_back_as)


def _how() -> How:
    encoding = request.args.get("encoding", "")
    return How(encodings.named(encoding) if encoding else "", request.args.get("sheet", ""))


def _asked() -> Asked:
    columns = [_number(text, "column") for text in request.args.getlist("column")]
    # "with" may be left empty: the names are in one column.
    columns += [_number(text, "with") for text in request.args.getlist("with") if text]
    form = request.args.get("form", "")
    return Asked(
        tuple(columns) or None,
        _number_or_none("header_row"),
        _number_or_none("skip"),
        readings.form_of(form) if form else None,
        _country_column(),
    )


def _country_column() -> int | None:
    # Empty where the page offered columns and none of them was chosen; not there where nothing was asked.
    text = request.args.get("country_column")
    return _number(text, "country_column") if text else NO_COLUMN if text == "" else None


def _asked_anew() -> Asked:
    """Return what is asked less what was said of another sheet, or of columns under other headings."""
    if _has_changed("sheet"):
        return Asked()
    asked = _asked()
    return replace(asked, columns=None, form=None, country=None) if _has_changed("header_row") else asked


def _has_changed(field: str) -> bool:
    # The page sends what it showed beside what is chosen on it.
    shown = request.args.get(f"shown_{field}")
    return shown is not None and shown != request.args.get(field, "")


def _number_or_none(field: str) -> int | None:
    text = request.args.get(field, "")
    return _number(text, field) if text else None


def _number(text: str, field: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 8):
        raise Invalid(_NO_NUMBER.get(field, gettext("Choose the column that holds the names.")), field)
    return int(text)


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
    """Say what is wrong with a file where another one can be chosen, or with a choice beside the file."""
    batch_id = (request.view_args or {}).get("batch_id")
    if batch_id and error.field != "file":
        batch = uploads.find_batch(batch_id, visitor.known())
        # A number is put right where it was typed, and the rest of what was chosen stays.
        how = _how() if error.field in _NO_NUMBER else How()
        return _page(batch, preview.look(batch.file, how, Asked()), error), 422
    page = render_template("files/index.html", most=current_app.config["BATCH_MB"], problem=str(error))
    return page, 422
