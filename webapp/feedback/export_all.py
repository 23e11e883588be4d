"""All feedback, for those who may take it along."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import select

from webapp.extensions import db
from webapp.models import Feedback
from webapp.storage import login_throttle

CHUNK = 1_000
COLUMNS = (
    "id",
    "created_at",
    "updated_at",
    "visitor",
    "source",
    "name",
    "typed",
    "version",
    "guessed",
    "p_female",
    "answer",
    "status",
    "taught",
    "decided_at",
    "reason",
)


def rows() -> Iterator[list[Any]]:
    """Yield every answer as COLUMNS, oldest first, a chunk in memory at a time."""
    last = 0
    query = select(Feedback).order_by(Feedback.id).limit(CHUNK)
    while chunk := list(db.session.scalars(query.where(Feedback.id > last))):
        yield from map(_row, chunk)
        last = chunk[-1].id
        db.session.expunge_all()


def _row(row: Feedback) -> list[Any]:
    # The same visitor is the same word in every export, and it is nowhere else.
    told = {"visitor": login_throttle.key("visitor", row.visitor)[8:24], "version": f"v{row.version_id}"}
    return [told[column] if column in told else getattr(row, column) for column in COLUMNS]
