"""What reviewers look through: waiting names and single answers, by keyset, so a million rows stay quick."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar

from sqlalchemy import ColumnElement, Select, and_, exists, false, func, select, tuple_
from sqlalchemy.orm import InstrumentedAttribute

from webapp.errors import BadRequest, NotFound
from webapp.extensions import db
from webapp.models import AuditEntry, Case, Feedback, Instant

PER_PAGE = 50
AT_ONCE = 1_000  # rows of an export in memory
STATUSES = ("pending", "accepted", "rejected", "right", "any")
Order = tuple[InstrumentedAttribute[Any], ...]
SORTS: dict[str, Order] = {
    "votes": (Case.votes, Case.surest, Case.name),
    "surest": (Case.surest, Case.name),
    "newest": (Case.last_at, Case.name),
    "conflicts": (Case.is_contested, Case.votes, Case.name),
}
NEWEST = (Feedback.created_at, Feedback.id)
BY_NAME = (Feedback.name, Feedback.status, Feedback.version_id, Feedback.id)
FEW = 5_000
"""Pending answers of a version up to which its names are picked first; beyond, every list soon holds some."""
_VOTES = {"female": Case.women, "male": Case.men, "both": Case.both}

Row = TypeVar("Row")


@dataclass(frozen=True)
class Filter:
    """Which corrections to show; an empty field lets all pass. `text` is how the name begins."""

    status: str = "pending"
    version: int | None = None
    label: str = ""
    text: str = ""
    since: datetime | None = None
    until: datetime | None = None
    sort: str = "votes"


@dataclass(frozen=True)
class Part(Generic[Row]):
    """A page of a long list; `after` leads to the next one, None at the end."""

    rows: list[Row]
    after: str | None


def waiting(wanted: Filter, after: str = "") -> Part[Case]:
    """Return names that wait for review; raise BadRequest for an `after` that no page gave."""
    query = select(Case).where(*_of_cases(wanted))
    return _part(query, SORTS[wanted.sort], after)


def answers(wanted: Filter, after: str = "") -> Part[Feedback]:
    """Return single answers, newest first or, where a text is wanted, by name; raises as `waiting`."""
    query = select(Feedback).where(*_of_answers(wanted))
    if wanted.text:
        return _part(query, BY_NAME, after, is_falling=False)
    return _part(query, NEWEST, after)


def of_name(name: str, after: str = "") -> Part[Feedback]:
    """Return every answer about a name, newest first; raise NotFound if there is none."""
    part = _part(select(Feedback).where(Feedback.name == name), NEWEST, after)
    if not part.rows and not after:
        raise NotFound(f"Nobody has answered a guess about {name}.")
    return part


def of_visitor(visitor: str, after: str = "") -> Part[Feedback]:
    """Return every answer of a visitor, newest first."""
    return _part(select(Feedback).where(Feedback.visitor == visitor), NEWEST, after)


def counts_of_visitor(visitor: str) -> dict[str, int]:
    """Return how many answers of each status a visitor has given."""
    query = select(Feedback.status, func.count()).where(Feedback.visitor == visitor).group_by(Feedback.status)
    return {status: n for status, n in db.session.execute(query)}


def find_answer(feedback_id: int) -> Feedback:
    """Return one answer, or raise NotFound."""
    row = db.session.get(Feedback, feedback_id)
    if row is None:
        raise NotFound("There is no such answer. Perhaps its visitor deleted it.")
    return row


def case_of(name: str) -> Case | None:
    """Return what waits for review under a name, if anything does."""
    return db.session.get(Case, name)


def decisions_on(name: str) -> list[AuditEntry]:
    """Return who decided what of a name, newest first."""
    mine = select(AuditEntry).where(AuditEntry.subject == name, AuditEntry.action.startswith("feedback-"))
    return list(db.session.scalars(mine.order_by(AuditEntry.at.desc(), AuditEntry.id.desc()).limit(200)))


def every_answer(wanted: Filter) -> Iterator[Feedback]:
    """Yield every answer that passes, oldest first, a thousand in memory at a time."""
    last = 0
    which = _of_answers(wanted)
    while rows := _next(which, last):
        yield from rows
        last = rows[-1].id
        db.session.rollback()  # so that a long export holds no old snapshot of the database
        db.session.expunge_all()


def _next(which: Sequence[ColumnElement[bool]], last: int) -> list[Feedback]:
    query = select(Feedback).where(*which, Feedback.id > last).order_by(Feedback.id).limit(AT_ONCE)
    return list(db.session.scalars(query))


def _of_cases(wanted: Filter) -> list[ColumnElement[bool]]:
    which: list[ColumnElement[bool]] = []
    if wanted.label:
        which.append(_VOTES[wanted.label] > 0)
    if wanted.text:
        which.append(_begins(Case.name, wanted.text))
    if wanted.since:
        which.append(Case.last_at >= wanted.since)
    if wanted.until:
        which.append(Case.first_at < wanted.until)
    if wanted.version:
        which.append(_has_version(wanted.version))
    return which


def _has_version(version_id: int) -> ColumnElement[bool]:
    pending = select(Feedback.name).where(Feedback.version_id == version_id, Feedback.status == "pending")
    n = db.session.scalar(select(func.count()).select_from(pending.limit(FEW).subquery())) or 0
    if n < FEW:
        return Case.name.in_(pending)
    is_of_version = Feedback.version_id == version_id
    return exists().where(Feedback.name == Case.name, Feedback.status == "pending", is_of_version)


def _of_answers(wanted: Filter) -> list[ColumnElement[bool]]:
    # To add nothing keeps SQLite from searching by status or version where the name leads to fewer rows.
    status = Feedback.status + "" if wanted.text else Feedback.status
    version = Feedback.version_id + 0 if wanted.text else Feedback.version_id
    if (wanted.status, wanted.label) == ("right", "both"):
        return [false()]  # no network guesses `both`
    which: list[ColumnElement[bool]] = []
    if wanted.status != "any":
        which.append(status == wanted.status)
    if wanted.version:
        which.append(version == wanted.version)
    if wanted.label:
        which.append(Feedback.answer == wanted.label)
    if wanted.text:
        which.append(_begins(Feedback.name, wanted.text))
    if wanted.since:
        which.append(Feedback.created_at >= wanted.since)
    if wanted.until:
        which.append(Feedback.created_at < wanted.until)
    return which


def _begins(column: InstrumentedAttribute[str], text: str) -> ColumnElement[bool]:
    # SQLite's LIKE uses no index, and PostgreSQL's order of letters depends on its locale.
    if db.engine.dialect.name == "sqlite":
        return and_(column >= text, column < text + "\U0010ffff")
    return column.startswith(text, autoescape=True)


def _part(query: Select[Any], order: Order, after: str, is_falling: bool = True) -> Part[Any]:
    if after:
        here, there = tuple_(*order), tuple_(*_read(order, after))
        query = query.where(here < there if is_falling else here > there)
    query = query.order_by(*(column.desc() if is_falling else column for column in order))
    rows = list(db.session.scalars(query.limit(PER_PAGE + 1)))
    is_last = len(rows) <= PER_PAGE
    return Part(rows[:PER_PAGE], None if is_last else _write(order, rows[PER_PAGE - 1]))


def _write(order: Order, row: Any) -> str:
    values = [getattr(row, column.key) for column in order]
    return json.dumps([value.isoformat() if isinstance(value, datetime) else value for value in values])


def _read(order: Order, after: str) -> list[Any]:
    try:
        values = json.loads(after)
        return [_value(column, value) for column, value in zip(order, values, strict=True)]
    except (TypeError, ValueError) as error:
        raise BadRequest("This address leads to no page of the list. Begin again from the first.") from error


def _value(column: InstrumentedAttribute[Any], value: Any) -> Any:
    if isinstance(column.type, Instant):
        return datetime.fromisoformat(value)
    if not isinstance(value, column.type.python_type):
        raise ValueError(f"{value!r} is no {column.key}")
    return value
