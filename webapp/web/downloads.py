"""Rows as a file to keep, and pictures."""

from collections.abc import Iterable, Sequence
from typing import Any

from flask import Response, request, stream_with_context

from webapp.errors import Invalid
from webapp.presentation import tabular
from webapp.web import caching

FORMATS = {"csv": (tabular.csv_lines, "text/csv"), "jsonl": (tabular.json_lines, "application/x-ndjson")}


def download(name: str, format: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> Response:
    """Return `rows` as the file `name` in `format` (csv or jsonl), streamed; raise Invalid for another."""
    if format not in FORMATS:
        raise Invalid("The format is csv or jsonl.", field="format")
    lines, mimetype = FORMATS[format]
    # Rows are read while they are sent, so the app and its session have to outlive the view.
    response = Response(stream_with_context(lines(columns, rows)), mimetype=mimetype)
    response.headers["Content-Disposition"] = f"attachment; filename={name}.{format}"
    return response


def png(data: bytes, tag: str) -> Response:
    """Return a picture that anybody may keep for an hour, under the ETag `tag`."""
    response = Response(data, mimetype="image/png")
    response.set_etag(tag)
    caching.keep_for(3600, response)
    response.make_conditional(request)
    return response
