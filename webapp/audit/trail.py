"""The audit trail: who did what, when. Rows are only ever added; the database refuses the rest."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from webapp.extensions import db
from webapp.models import AuditEntry

PAGE = 50
CHUNK = 1_000


@dataclass(frozen=True)
class Filter:
    """Which entries to show; an empty field lets all pass. `until` is not included itself."""

    actor: str = ""
    action: str = ""
    since: datetime | None = None
    until: datetime | None = None


def note(session: Session, actor: str, action: str, subject: str = "", **detail: Any) -> None:
    """Add an entry inside the caller's transaction; `detail` is what JSON can hold."""
    session.add(AuditEntry(actor=actor[:255], action=action, subject=subject[:255], detail=detail))


def page(wanted: Filter, before: int | None = None) -> tuple[list[AuditEntry], int | None]:
    """Return up to PAGE entries, newest first, older than id `before`; and the next `before`, if any."""
    entries = list(db.session.scalars(_select(wanted, before).limit(PAGE + 1)))
    return entries[:PAGE], entries[PAGE - 1].id if len(entries) > PAGE else None


def export(wanted: Filter, at_once: int = CHUNK) -> Iterator[AuditEntry]:
    """Yield every entry that passes, newest first, `at_once` in memory at a time."""
    before = None
    while chunk := list(db.session.scalars(_select(wanted, before).limit(at_once))):
        yield from chunk
        before = chunk[-1].id
        db.session.expunge_all()


def actions() -> list[str]:
    """Return the kinds of action that have happened."""
    return list(db.session.scalars(select(AuditEntry.action).distinct().order_by(AuditEntry.action)))


def actors() -> list[str]:
    """Return everybody who did something."""
    return list(db.session.scalars(select(AuditEntry.actor).distinct().order_by(AuditEntry.actor)))


def _select(wanted: Filter, before: int | None) -> Select[AuditEntry]:
    query = select(AuditEntry).order_by(AuditEntry.id.desc())
    if wanted.actor:
        query = query.where(AuditEntry.actor == wanted.actor)
    if wanted.action:
        query = query.where(AuditEntry.action == wanted.action)
    if wanted.since:
        query = query.where(AuditEntry.at >= wanted.since)
    if wanted.until:
        query = query.where(AuditEntry.at < wanted.until)
    return query.where(AuditEntry.id < before) if before else query
