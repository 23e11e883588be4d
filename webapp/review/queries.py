"""What reviewers look through: waiting names and single answers, by keyset, so a million rows stay quick."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Generic

from sqlalchemy import ColumnElement, Select, and_, exists, func, select
from sqlalchemy.orm import InstrumentedAttribute

from training import names
from training.names import Label
from webapp.errors import NotFound
from webapp.extensions import db
from webapp.guessing import readings
from webapp.languages.texts import gettext
from webapp.models import AuditEntry, Case, Feedback
from webapp.models.enums import DECIDED, Action, Status
from webapp.storage import pagination
from webapp.storage.pagination import Order, Row

PER_PAGE = 50
ANY = "any"
STATUSES = (Status.PENDING, *DECIDED, Status.RIGHT, ANY)
SORTS: dict[str, Order] = {
    # Each order is an index of the table, read from its end: the last column tells any two rows apart.
    "votes": (Case.votes, Case.surest, Case.name),
    "surest": (Case.surest, Case.name),
    "newest": (Case.last_at, Case.name),
    "conflicts": (Case.is_contested, Case.votes, Case.name),
}
NEWEST = (Feedback.created_at, Feedback.id)
# Where a name is searched, its index leads: to sort some rows by moment would mean reading all of them first.
BY_NAME = (Feedback.name, Feedback.status, Feedback.version_id, Feedback.id)
FEW = 5_000
"""Pending answers of a version up to which its names are picked first; beyond, every list soon holds some."""
_VOTES = {Label.FEMALE: Case.women, Label.MALE: Case.men, Label.BOTH: Case.both}
DECISIONS = (Action.FEEDBACK_ACCEPT, Action.FEEDBACK_REJECT, Action.FEEDBACK_UNDO)


@dataclass(frozen=True)
class ReviewFilter:
    """Which corrections to show; an empty field lets all pass. `text` is how the name begins."""

    status: str = Status.PENDING
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


def waiting(wanted: ReviewFilter, after: str = "") -> Part[Case]:
    """Return names that wait for review; raise BadRequest for an `after` that no page gave."""
    query = select(Case).where(*_of_cases(wanted))
    return _part(query, SORTS[wanted.sort], after)


def answers(wanted: ReviewFilter, after: str = "") -> Part[Feedback]:
    """Return single answers, newest first or, where a text is wanted, by name; raises as `waiting`."""
    query = select(Feedback).where(*_of_answers(wanted))
    if wanted.text:
        return _part(query, BY_NAME, after, is_falling=False)
    return _part(query, NEWEST, after)


def of_name(name: str, after: str = "") -> Part[Feedback]:
    """Return every answer about a name, newest first; raise NotFound if there is none."""
    part = _part(select(Feedback).where(Feedback.name == name), NEWEST, after)
    # A later page may well be empty: answers are deleted while somebody reads.
    if not part.rows and not after:
        raise NotFound(gettext("Nobody has answered a guess about %(name)s.", name=name))
    return part


def of_visitor(visitor: str, after: str = "") -> Part[Feedback]:
    """Return every answer of a visitor, newest first."""
    return _part(select(Feedback).where(Feedback.visitor == visitor), NEWEST, after)


def counts_of_visitor(visitor: str) -> dict[Status, int]:
    """Return how many answers of each status a visitor has given."""
    query = select(Feedback.status, func.count()).where(Feedback.visitor == visitor).group_by(Feedback.status)
    return {status: n for status, n in db.session.execute(query)}


def find_answer(feedback_id: int) -> Feedback:
    """Return one answer, or raise NotFound."""
    row = db.session.get(Feedback, feedback_id)
    if row is None:
        raise NotFound(gettext("There is no such answer. Perhaps its visitor deleted it."))
    return row


def case_of(name: str) -> Case | None:
    """Return what waits for review under a name, if anything does."""
    return db.session.get(Case, name)


def key_of(typed: str) -> str:
    """Return the name that waits under what a person typed: as it is listed, else as it is read.

    Raises training.names.UnreadableName for text without a name.
    """
    listed = names.key_of(typed)
    return listed if case_of(listed) else readings.read(typed).or_refuse().key


def decisions_on(name: str) -> list[AuditEntry]:
    """Return who decided what of a name, newest first."""
    mine = select(AuditEntry).where(AuditEntry.subject == name, AuditEntry.action.in_(DECISIONS))
    return list(db.session.scalars(mine.order_by(AuditEntry.at.desc(), AuditEntry.id.desc()).limit(200)))


def every_answer(wanted: ReviewFilter) -> Iterator[Feedback]:
    """Return every answer that passes, oldest first, a chunk in memory at a time."""
    return pagination.every(select(Feedback).where(*_of_answers(wanted)), (Feedback.id,))


def _of_cases(wanted: ReviewFilter) -> list[ColumnElement[bool]]:
    which: list[ColumnElement[bool]] = []
    if wanted.label:
        which.append(_VOTES[Label(wanted.label)] > 0)
    if wanted.text:
        which.append(_begins(Case.name, wanted.text))
    if wanted.since:
        which.append(Case.last_at >= wanted.since)
    if wanted.until:
        # With both, the name's first and last answers lie around these days, though perhaps none within them.
        which.append(Case.first_at < wanted.until)
    if wanted.version:
        which.append(_has_version(wanted.version))
    return which


def _has_version(version_id: int) -> ColumnElement[bool]:
    is_pending = Feedback.status == Status.PENDING
    pending = select(Feedback.name).where(Feedback.version_id == version_id, is_pending)
    # Counted no further than FEW, so that asking costs little even of a version with a million answers.
    n = db.session.scalar(select(func.count()).select_from(pending.limit(FEW).subquery())) or 0
    if n < FEW:
        # A short list of names is looked up in the table of cases.
        return Case.name.in_(pending)
    # Of a long one the cases are read in their order, and each asks whether this version has answers in it.
    return exists().where(Feedback.name == Case.name, Feedback.version_id == version_id, is_pending)


def _of_answers(wanted: ReviewFilter) -> list[ColumnElement[bool]]:
    # To add nothing keeps SQLite from searching by status or version where the name leads to fewer rows.
    status = Feedback.status + "" if wanted.text else Feedback.status
    version = Feedback.version_id + 0 if wanted.text else Feedback.version_id
    which: list[ColumnElement[bool]] = []
    if wanted.status != ANY:
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
        # From the text itself to the last string that begins with it: a range that an index can find.
        return and_(column >= text, column < text + "\U0010ffff")
    return column.startswith(text, autoescape=True)


def _part(query: Select[Row], order: Order, after: str, is_falling: bool = True) -> Part[Row]:
    begin = pagination.read_place(order, after) if after else None
    rows, place = pagination.page(query, order, begin, PER_PAGE, is_falling)
    return Part(rows, pagination.write_place(place))
