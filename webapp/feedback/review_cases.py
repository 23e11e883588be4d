"""What waits for review, one case a name: kept in the same transaction as the answers.

A visitor has one vote a name: what they said of it last, on whatever version. It waits for review while
an answer of theirs that says the same is pending.
"""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, delete, distinct, exists, func, insert, or_, select
from sqlalchemy.orm import Session, aliased

from training.names import Label
from webapp.models import Case, Feedback
from webapp.models.enums import Status
from webapp.records import lookup
from webapp.records.lookup import Known

THOUSANDS = 1_000
"""Bearers from which on the corpus's word stands against a vote until somebody looks."""
UNISEX = (0.1, 0.9)
"""Shares of women between which a name counts as given to both."""


def recount(session: Session, names: str | Iterable[str]) -> None:
    """Bring the cases of `names`, one or many, up to date with the answers, in the caller's transaction."""
    wanted = [names] if isinstance(names, str) else sorted(set(names))
    # Changes that only the session knows would not be seen by the queries below.
    session.flush()
    # SQLite takes a limited number of values in one statement.
    for start in range(0, len(wanted), 500):
        some = wanted[start : start + 500]
        # Made anew and not moved along: a case counts visitors, so one answer does not tell by how much.
        session.execute(delete(Case).where(Case.name.in_(some)).execution_options(synchronize_session=False))
        rows = _rows(session, Feedback.name.in_(some))
        if rows:
            session.execute(insert(Case), rows)


def compare(session: Session) -> list[str]:
    """Return the names whose case differs from what their answers say."""
    # Copies of what the records said then; a corpus that was added since makes no count wrong.
    columns = [column for column in Case.__table__.columns if column.name not in ("people", "share")]
    stored = {row.name: row._asdict() for row in session.execute(select(*columns))}
    counted = {row["name"]: row for row in _rows(session, Feedback.status == Status.PENDING)}
    return sorted(name for name in stored | counted if not _same(stored.get(name), counted.get(name)))


def _same(stored: dict[str, Any] | None, counted: dict[str, Any] | None) -> bool:
    return stored is not None and counted is not None and all(counted[key] == stored[key] for key in stored)


def recount_all(session: Session) -> list[str]:
    """Make every case equal the answers, inside the caller's transaction; return what `compare` found."""
    found = compare(session)
    recount(session, found)
    return found


def _rows(session: Session, which: ColumnElement[bool]) -> list[dict[str, Any]]:
    counted = [row._asdict() for row in session.execute(_votes(which))]
    knowledge = lookup.known_many([row["name"] for row in counted])
    return [_row(row, knowledge.get(row["name"])) for row in counted]


def _row(counted: dict[str, Any], known: Known | None) -> dict[str, Any]:
    # Of all guesses that are called wrong, the one that was surest, in either direction.
    p_female = counted["high"] if counted["high"] >= 1 - counted["low"] else counted["low"]
    votes = {key: counted[key] for key in ("women", "men", "both")}
    return votes | {
        "name": counted["name"],
        "votes": sum(votes.values()),
        "surest": max(p_female, 1 - p_female),
        "p_female": p_female,
        "first_at": counted["first_at"],
        "last_at": counted["last_at"],
        "people": known.people if known else 0,
        "share": known.share if known else None,
        "is_contested": is_split(votes) or is_against_corpus(votes, known),
    }


def _votes(which: ColumnElement[bool]) -> Select[*tuple[Any, ...]]:
    later = aliased(Feedback)
    said_otherwise_later = exists().where(
        later.visitor == Feedback.visitor,
        later.name == Feedback.name,
        # An answer is no vote once the same visitor has said something else of the name, on any version.
        later.answer != Feedback.answer,
        or_(
            later.updated_at > Feedback.updated_at,
            # Two answers of one moment are told apart by their ids.
            and_(later.updated_at == Feedback.updated_at, later.id > Feedback.id),
        ),
    )
    return (
        select(
            Feedback.name,
            _voters(Label.FEMALE).label("women"),
            _voters(Label.MALE).label("men"),
            _voters(Label.BOTH).label("both"),
            func.max(Feedback.p_female).label("high"),
            func.min(Feedback.p_female).label("low"),
            func.min(Feedback.created_at).label("first_at"),
            func.max(Feedback.updated_at).label("last_at"),
        )
        .where(which, Feedback.status == Status.PENDING, ~said_otherwise_later)
        .group_by(Feedback.name)
    )


def _voters(answer: Label) -> ColumnElement[int]:
    # CASE without ELSE is null, which COUNT leaves out; distinct: one visitor may answer several versions.
    return func.count(distinct(case((Feedback.answer == answer, Feedback.visitor))))


def is_split(votes: dict[str, int]) -> bool:
    """Return whether visitors disagree with one another."""
    return sum(1 for n in votes.values() if n) > 1


def is_against_corpus(votes: dict[str, int], known: Known | None) -> bool:
    """Return whether thousands of bearers stand against a vote."""
    if known is None or known.people < THOUSANDS:
        return False
    low, high = UNISEX
    against = {
        "women": known.share < 0.5,
        "men": known.share > 0.5,
        "both": not low <= known.share <= high,
    }
    return any(n and against[answer] for answer, n in votes.items())
