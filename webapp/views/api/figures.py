"""Figures: the scoreboard, and all feedback as a file."""

from typing import Any

from apiflask import Schema
from apiflask.fields import Dict, String
from apiflask.validators import OneOf
from flask import Response, request

from webapp import board_filters, feedback_export, scoreboard
from webapp.views import downloads
from webapp.views.api.base import ANYBODY, KEYED, LIMITS, counted, needs, pages


class BoardIn(Schema):
    """Which answers are counted."""

    version = String(
        metadata={"description": "v7, or all; without it, the one that serves.", "example": "all"}
    )
    days = String(validate=OneOf(list(board_filters.WINDOWS)))
    reviewed = String(validate=OneOf(["0", "1"]))
    positive = String(validate=OneOf(list(board_filters.LABELS)))
    source = String(validate=OneOf(list(board_filters.SOURCES)))


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


class BoardOut(Schema):
    """How often the network is right: by its visitors, and on names it never saw."""

    filters = Dict(required=True)
    positive = String(required=True)
    serving = String(required=True, allow_none=True)
    answered_at = String(required=True, allow_none=True)
    live = Dict(required=True)
    played = Dict(allow_none=True)
    holdout = Dict(required=True, allow_none=True)


class ExportIn(Schema):
    """What the file is to be."""

    format = String(load_default="jsonl", validate=OneOf(["jsonl", "csv"]))


@pages.get("/scoreboard")
@pages.input(BoardIn, location="query", arg_name="_asked")
@pages.output(BoardOut, **LIMITS)
@pages.doc(responses=[404, 429, 503], **ANYBODY)
@counted
def board(_asked: dict[str, Any]) -> dict[str, Any]:
    """Give the scoreboard's figures, with their 95% intervals."""
    return scoreboard.as_dict(scoreboard.page(board_filters.read(request.args.to_dict(flat=False))))


@pages.get("/feedback")
@pages.input(ExportIn, location="query", arg_name="wanted")
@pages.doc(responses=EXPORTED, **KEYED)
@needs("export")
def export(wanted: dict[str, Any]) -> Response:
    """Give all feedback as a file; visitors are pseudonyms that say nothing beyond this file."""
    return downloads.download("feedback", wanted["format"], feedback_export.COLUMNS, feedback_export.rows())
