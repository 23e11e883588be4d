"""Rows as a file to keep, and pictures."""

from collections.abc import Iterable, Sequence
from typing import Any
from urllib.parse import quote

from flask import Response, request, stream_with_context

from webapp.errors import Invalid
from webapp.languages.texts import gettext
from webapp.presentation import tabular
from webapp.web import caching

FORMATS = {"csv": (tabular.csv_lines, "text/csv"), "jsonl": (tabular.json_lines, "application/x-ndjson")}


def download(name: str, format: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> Response:
    """Return `rows` as the file `name` in `format` (csv or jsonl), streamed; raise Invalid for another."""
    if format not in FORMATS:
        raise Invalid(gettext("The format is csv or jsonl."), field="format")
    lines, mimetype = FORMATS[format]
    # Rows are read while they are sent, so the app and its session have to outlive the view.
    response = Response(stream_with_context(lines(columns, rows)), mimetype=mimetype)
    response.headers["Content-Disposition"] = f"attachment; filename={name}.{format}"
    return response


def attach(response: Response, name: str) -> Response:
    """Let a response be saved under `name`, and be passed on as it is made."""
    # Twice, as RFC 6266 has it: the plain name for old clients, the other with every letter.
    plain = name.encode("ascii", "replace").decode().replace("?", "_")
    response.headers["Content-Disposition"] = (
        f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name)}"
    )
    # nginx would otherwise collect the whole stream before it passes anything on.
    response.headers["X-Accel-Buffering"] = "no"
    return response


def png(data: bytes, tag: str) -> Response:
    """Return a picture that anybody may keep for an hour, under the ETag `tag`."""
    response = Response(data, mimetype="image/png")
    response.set_etag(tag)
    caching.keep_for(3600, response)
    response.make_conditional(request)
    return response
