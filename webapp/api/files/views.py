"""Send a file, see how it is read, take it back with guesses."""

import json
from collections.abc import Callable, Iterator
from dataclasses import asdict
from functools import wraps
from itertools import chain
from typing import Any, ParamSpec, TypeVar

from flask import Response, current_app, request, url_for
from werkzeug.datastructures import FileStorage

from training.names import Country, Form
from webapp.api.base import ANYBODY, LIMITS, counted, pages, spend_file, visitor
from webapp.api.files.schemas import Back, FileIn, FileOut, ProgressOut, SaidOfFile
from webapp.files import choosing, uploads
from webapp.files.choosing import Said
from webapp.files.preview import Preview, ShownRow
from webapp.files.uploads import Batch
from webapp.guessing import readings
from webapp.web import downloads

SHORT = 2**18
"""Bytes of a file that is answered at once: a few seconds of a core."""
AHEAD = 2**20
"""Bytes that are made before an answer begins: what goes wrong so early still has a status of its own."""
BYTES = "application/octet-stream"
"""What a file is that is to be saved: generated clients would read a text in some encoding."""
READING = "Nomen-Reading"
LONGEST_HEADING, LONGEST_TOLD = 100, 400
"""Characters: proxies refuse an answer whose headers are longer than some kilobytes."""
_WITH_GUESSES: dict[str, Any] = {
    "description": "The file with its guesses. `Nomen-Reading` says in JSON how it was read.",
    "headers": {READING: {"schema": {"type": "string"}}},
    "content": {BYTES: {"schema": {"type": "string", "format": "binary"}}},
}
_REFUSED: dict[Any, Any] = dict.fromkeys((401, 404, 422, 429, 503), "")

P = ParamSpec("P")
R = TypeVar("R")


@pages.url_value_preprocessor
def _take_more(endpoint: str | None, _values: dict[str, str] | None) -> None:
    if endpoint == f"{pages.name}.file_add":
        # 64 KiB more for what a form adds to its file.
        request.max_content_length = current_app.config["BATCH_MB"] * 2**20 + 2**16
        # Of a file, too, this much is in memory while it is taken apart.
        request.max_form_memory_size = 2**20


def _counted_as_file(view: Callable[P, R]) -> Callable[P, R]:
    """Let a view cost one file, before the file is read."""

    @wraps(view)
    def wrapped(*args: P.args, **kwargs: P.kwargs) -> R:
        spend_file()
        return view(*args, **kwargs)

    return wrapped


@pages.post("/files")
@_counted_as_file
@pages.input(FileIn, location="form_and_files", arg_name="wanted")
@pages.output(FileOut, status_code=202, **LIMITS)
@pages.doc(responses={200: _WITH_GUESSES, 400: "", 413: "", 415: "", **_REFUSED}, **ANYBODY)
def file_add(wanted: dict[str, Any]) -> Any:
    """Send a CSV, TSV or XLSX file: it comes back with guesses, or is kept for an hour to be fetched.

    Where two encodings are about as likely it is refused (422), and the refusal names both.
    """
    file: FileStorage = wanted["file"]
    country = readings.country_of(wanted["country"])
    at_once = _is_at_once(file, wanted["answer"])
    # Files that are answered at once are nobody's to fetch: they take no place of those that are kept.
    batch = uploads.add(file.stream, file.filename or "names.csv", "" if at_once else visitor())
    try:
        shown = choosing.look(batch.file, _said(wanted), "encoding=")
        if at_once:
            return _with_guesses(batch, shown, country, is_last=True)
        return _about(batch, shown, country)
    except BaseException:
        uploads.remove(batch)
        raise


def _is_at_once(file: FileStorage, answer: str) -> bool:
    size = file.stream.seek(0, 2)
    file.stream.seek(0)
    return answer == Back.FILE or (answer == Back.AUTO and size <= SHORT)


@pages.get("/files/<file_id>")
@pages.output(ProgressOut, **LIMITS)
@pages.doc(responses=[401, 404, 429], **ANYBODY)
@counted
def file_progress(file_id: str) -> dict[str, Any]:
    """Say how far the making of a file is: it is made while it is fetched."""
    return _progress(uploads.find_batch(file_id, visitor()))


@pages.get("/files/<file_id>/result")
@_counted_as_file
@pages.input(SaidOfFile, location="query", arg_name="wanted")
@pages.doc(responses={200: _WITH_GUESSES, **_REFUSED}, **ANYBODY)
def file_result(file_id: str, wanted: dict[str, Any]) -> Response:
    """Fetch a file with its guesses, as it is being made; the query says how it is read."""
    batch = uploads.find_batch(file_id, visitor())
    country = readings.country_of(wanted["country"])
    return _with_guesses(batch, choosing.look(batch.file, _said(wanted), "encoding="), country)


@pages.delete("/files/<file_id>")
@pages.output({}, status_code=204)
@pages.doc(responses=[401, 404, 429], **ANYBODY)
@counted
def file_delete(file_id: str) -> str:
    """Delete a file; its making ends, if it was under way."""
    batch = uploads.find_batch(file_id, visitor())
    uploads.stop(batch)
    uploads.remove(batch)
    return ""


def _said(wanted: dict[str, Any]) -> Said:
    return Said(
        tuple(wanted["column"]),
        Form(wanted["form"]) if wanted["form"] else None,
        wanted["sheet"],
        wanted["header_row"],
        wanted["skip_rows"],
        wanted["encoding"],
        wanted["country_column"],
    )


def _with_guesses(batch: Batch, shown: Preview, country: Country | None, is_last: bool = False) -> Response:
    conversion = uploads.Conversion(batch, shown.table, shown.layout.choice, shown.layout.form, country)
    pieces = iter(conversion)
    try:
        # A short file is whole by then, and a slow reader takes nobody's place.
        begun = _begin(pieces)
    except BaseException:
        conversion.close()
        raise
    response = Response(chain(begun, pieces), mimetype=BYTES)
    response.call_on_close(conversion.close_and_remove if is_last else conversion.close)
    response.headers[READING] = _in_a_header(_reading(shown))
    return downloads.attach(response, batch.given_back_as)


def _in_a_header(reading: dict[str, Any]) -> str:
    """Return a reading as JSON that is short enough for a header, and has nothing that none may hold."""
    short = {field: text[:LONGEST_TOLD] if isinstance(text, str) else text for field, text in reading.items()}
    # json.dumps escapes all that is no ASCII, and leaves this one sign that is no letter.
    return json.dumps(short).replace("\x7f", "\\u007f")


def _begin(pieces: Iterator[bytes]) -> list[bytes]:
    begun: list[bytes] = []
    while sum(map(len, begun)) < AHEAD and (piece := next(pieces, None)) is not None:
        begun.append(piece)
    return begun


def _about(batch: Batch, shown: Preview, country: Country | None) -> dict[str, Any]:
    choice = shown.layout.choice  # raises Invalid where no column looks like names
    where: dict[str, Any] = {
        "column": [column + 1 for column in choice.columns],
        "form": shown.layout.form.value,
        "header_row": choice.header_row,
        "skip_rows": choice.skip,
        "encoding": _encoding(shown),
        "sheet": shown.table.sheet or None,
        "country_column": 0 if choice.country is None else choice.country + 1,
        "country": country.code if country else None,
    }
    return _progress(batch) | {
        "reading": _reading(shown),
        "first_rows": [_row(row) for row in shown.rows if row.number >= choice.first_row],
        "added": shown.layout.added,
        "progress": url_for("api.file_progress", file_id=batch.id),
        "result": url_for("api.file_result", file_id=batch.id, **where),
    }


def _progress(batch: Batch) -> dict[str, Any]:
    return {"id": batch.id, "title": batch.title, **asdict(uploads.progress(batch))}


def _reading(shown: Preview) -> dict[str, Any]:
    layout = shown.layout
    return {
        "summary": f"{shown.head.summary} {shown.in_words}",
        "columns": [_column(shown, at) for at in layout.columns],
        "form": layout.form,
        "country_column": _column(shown, layout.country) if layout.country is not None else None,
        "header_row": layout.header_row,
        "skip_rows": layout.skip,
        "encoding": _encoding(shown),
        "sheet": shown.table.sheet or None,
    }


def _column(shown: Preview, at: int) -> dict[str, Any]:
    return {"number": at + 1, "heading": _heading(shown, at)}


def _heading(shown: Preview, column: int) -> str | None:
    header = shown.layout.header
    return header.cell(column)[:LONGEST_HEADING] if header else None


def _encoding(shown: Preview) -> str | None:
    return None if shown.table.sheets else shown.table.encoding.codec


def _row(row: ShownRow) -> dict[str, Any]:
    columns = ("number", "name", "left_out", "doubt", "country", "reason")
    return {column: getattr(row, column) for column in columns}
