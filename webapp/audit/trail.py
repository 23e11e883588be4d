"""The audit trail: who did what, when. Rows are only ever added; the database refuses the rest."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from webapp.extensions import db
from webapp.models import AuditEntry
from webapp.models.enums import Action
from webapp.storage import pagination

PAGE = 50
NEWEST = (AuditEntry.id,)  # ids and not moments: they tell any two entries apart


@dataclass(frozen=True)
class AuditFilter:
    """Which entries to show; an empty field lets all pass. `until` is not included itself."""

    actor: str = ""
    action: str = ""
    since: datetime | None = None
    until: datetime | None = None


def note(session: Session, actor: str, action: Action, subject: str = "", **detail: Any) -> None:
    """Add an entry inside the caller's transaction; `detail` is what JSON can hold."""
    # In the transaction of the deed: neither can be stored without the other.
    session.add(AuditEntry(actor=actor[:255], action=action, subject=subject[:255], detail=detail))


def page(wanted: AuditFilter, before: int | None = None) -> tuple[list[AuditEntry], int | None]:
    """Return up to PAGE entries, newest first, older than id `before`; and the next `before`, if any."""
    after = None if before is None else [before]
    entries, place = pagination.page(_select(wanted), NEWEST, after, PAGE)
    return entries, place[0] if place else None


def export(wanted: AuditFilter, at_once: int = pagination.CHUNK) -> Iterator[AuditEntry]:
    """Return every entry that passes, newest first, `at_once` in memory at a time."""
    return pagination.every(_select(wanted), NEWEST, is_falling=True, at_once=at_once)


def actions() -> list[str]:
    """Return the kinds of action that have happened."""
    return list(_each(AuditEntry.action))


def actors() -> list[str]:
    """Return everybody who did something."""
    return list(_each(AuditEntry.actor))


def _each(column: InstrumentedAttribute[str]) -> Iterator[str]:
    """Yield each value of a column once: from one to the next along its index, not through all rows."""
    value = db.session.scalar(select(func.min(column)))
    while value is not None:
        yield value
        value = db.session.scalar(select(func.min(column)).where(column > value))


def _select(wanted: AuditFilter) -> Select[AuditEntry]:
    query = select(AuditEntry)
    if wanted.actor:
        query = query.where(AuditEntry.actor == wanted.actor)
    if wanted.action:
        query = query.where(AuditEntry.action == wanted.action)
    if wanted.since:
        query = query.where(AuditEntry.at >= wanted.since)
    if wanted.until:
        query = query.where(AuditEntry.at < wanted.until)
    return query
