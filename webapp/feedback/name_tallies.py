"""How often each name was missed, kept in the transaction of every answer."""

from typing import Any

from sqlalchemy import case, delete, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from training.names import LABELS, Label
from webapp.models import Feedback, NameTally
from webapp.models.enums import Status
from webapp.records import lookup
from webapp.storage.database import insert

COUNTS = ("women", "men", "both", "missed", "against")
_COLUMN = {Label.FEMALE: "women", Label.MALE: "men", Label.BOTH: "both"}


def count(session: Session, row: Feedback, by: int) -> None:
    """Count one answer to a name in (+1) or out (-1), as it is now, inside the caller's transaction."""
    if row.status != Status.REJECTED:
        session.execute(_upsert(session, row.name, _counts(row, by)))


def _counts(row: Feedback, by: int) -> dict[str, int]:
    # Asked each time: an admin may have brought a corpus since; `recount` puts right what that changes.
    known = lookup.known(row.name)
    return {
        "women": 0,
        "men": 0,
        "both": 0,
        _COLUMN[row.answer]: by,
        "missed": by * (row.answer != row.guessed),
        "against": by * (known is not None and is_against(row.answer, known.share)),
    }


def is_against(answer: Label, share: float) -> bool:
    """Return whether an answer is the opposite of what most bearers of the name are."""
    return (answer == Label.FEMALE and share < 0.5) or (answer == Label.MALE and share > 0.5)


def _upsert(session: Session, name: str, counts: dict[str, int]) -> Any:
    # Only what changes; adding 0 would write the columns all the same.
    more = {column: getattr(NameTally, column) + by for column, by in counts.items() if by}
    new = insert(session, NameTally).values(name=name, **counts)
    return new.on_conflict_do_update(index_elements=["name"], set_=more)


def compare(session: Session) -> list[str]:
    """Return the names whose counts differ from what their answers say."""
    stored = {row.name: row for row in session.execute(select(NameTally.name, *_columns()))}
    counted = {row["name"]: row for row in _counted(session)}
    empty = dict.fromkeys(COUNTS, 0)
    return sorted(
        name
        for name in stored | counted
        # A missing row and one of zeros are the same: counting out leaves zeros behind.
        if any(getattr(stored.get(name), key, 0) != counted.get(name, empty)[key] for key in COUNTS)
    )


def recount(session: Session) -> list[str]:
    """Make the counts equal the answers, inside the caller's transaction; return what `compare` found."""
    found = compare(session)
    if found:
        session.execute(delete(NameTally))
        session.execute(insert(session, NameTally), _counted(session))
    return found


def _columns() -> list[InstrumentedAttribute[int]]:
    return [getattr(NameTally, column) for column in COUNTS]


def _counted(session: Session) -> list[dict[str, Any]]:
    answers = {label: func.sum(case((Feedback.answer == label, 1), else_=0)) for label in _COLUMN}
    missed = func.sum(case((Feedback.answer != Feedback.guessed, 1), else_=0))
    query = select(
        Feedback.name,
        *(answers[label].label(column) for label, column in _COLUMN.items()),
        missed.label("missed"),
    ).where(Feedback.status != Status.REJECTED)
    rows = [row._asdict() for row in session.execute(query.group_by(Feedback.name))]
    knowledge = lookup.known_many([row["name"] for row in rows])
    return [row | {"against": _against(row, knowledge.get(row["name"]))} for row in rows]


def _against(row: dict[str, Any], known: lookup.Known | None) -> int:
    if known is None:
        return 0
    return sum(row[_COLUMN[label]] for label in LABELS if is_against(label, known.share))
