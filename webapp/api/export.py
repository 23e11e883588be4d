"""All feedback as a file."""

from typing import Any

from apiflask import Schema
from apiflask.fields import String
from apiflask.validators import OneOf
from flask import Response

from webapp.api.base import KEYED, needs, pages
from webapp.feedback import import_export
from webapp.models.enums import Scope
from webapp.web import downloads

EXPORTED: dict[Any, Any] = {
    200: {
        "description": "One line an answer, oldest first.",
        "content": {
            "application/x-ndjson": {"schema": {"type": "string"}},
            "text/csv": {"schema": {"type": "string"}},
        },
    },
    401: "",
    403: "",
    429: "",
}


class ExportIn(Schema):
    """What the file is to be."""

    format = String(load_default="jsonl", validate=OneOf(["jsonl", "csv"]))


@pages.get("/feedback")
@pages.input(ExportIn, location="query", arg_name="wanted")
@pages.doc(responses=EXPORTED, **KEYED)
@needs(Scope.EXPORT)
def export(wanted: dict[str, Any]) -> Response:
    """Give all feedback as a file; visitors are pseudonyms that say nothing beyond this file."""
    return downloads.download(
        "feedback", wanted["format"], import_export.EXPORT_COLUMNS, import_export.export_rows()
    )
