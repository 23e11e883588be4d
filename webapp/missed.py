"""Names that were missed: which ones, by whom, and which of them public pages may show."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, case, delete, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from webapp import lookup
from webapp.board_filters import Filters
from webapp.database import insert
from webapp.extensions import db
from webapp.models import Feedback, NameTally

SHOWN = 20
LOOKED_AT = 2_000
"""Answers of a cell whose names are listed: the newest. A cell of a million is never read as a whole."""
COUNTS = ("women", "men", "both", "missed", "against")
_COLUMN = {"female": "women", "male": "men", "both": "both"}


@dataclass(frozen=True)
class Named:
    """One name of a list, with what visitors said of it and, where known, what the records say."""

    name: str
    n: int
    women: int | None = None
    men: int | None = None
    both: int | None = None
    share: float | None = None


@dataclass(frozen=True)
class Names:
    """Names that may be shown, most first, and how many others there are."""

    rows: list[Named]
    others: int
    looked_at: int = 0
    """Answers that the list was made from."""


def count(session: Session, row: Feedback, by: int) -> None:
    """Count one answer to a name in (+1) or out (-1), as it is now, inside the caller's transaction."""
    if row.status != "rejected":
        session.execute(_upsert(session, row.name, _counts(row, by)))


def _counts(row: Feedback, by: int) -> dict[str, int]:
    known = lookup.known(row.name)
    return {
        "women": 0,
        "men": 0,
        "both": 0,
        _COLUMN[row.answer]: by,
        "missed": by * (row.answer != row.guessed),
        "against": by * (known is not None and is_against(row.answer, known.share)),
    }


def is_against(answer: str, share: float) -> bool:
    """Return whether an answer is the opposite of what most bearers of the name are."""
    return (answer == "female" and share < 0.5) or (answer == "male" and share > 0.5)


def _upsert(session: Session, name: str, counts: dict[str, int]) -> Any:
    more = {column: getattr(NameTally, column) + by for column, by in counts.items() if by}
    new = insert(session, NameTally).values(name=name, **counts)
    return new.on_conflict_do_update(index_elements=["name"], set_=more)


def compare(session: Session) -> list[str]:
    """Return the names whose counts differ from what their answers say."""
    kept = {row.name: row for row in session.execute(select(NameTally.name, *_columns()))}
    counted = {row["name"]: row for row in _counted(session)}
    empty = dict.fromkeys(COUNTS, 0)
    return sorted(
        name
        for name in kept | counted
        if any(getattr(kept.get(name), key, 0) != counted.get(name, empty)[key] for key in COUNTS)
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
    ).where(Feedback.status != "rejected")
    rows = [row._asdict() for row in session.execute(query.group_by(Feedback.name))]
    knowledge = lookup.known_many([row["name"] for row in rows])
    return [row | {"against": _against(row, knowledge.get(row["name"]))} for row in rows]


def _against(row: dict[str, Any], known: lookup.Known | None) -> int:
    if known is None:
        return 0
    return sum(row[_COLUMN[label]] for label in ("female", "male") if is_against(label, known.share))


def most_missed(limit: int = SHOWN) -> Names:
    """Return the names about which most answers, on any version, said that the guess was wrong."""
    return _most(NameTally.missed, limit)


def disputed(limit: int = SHOWN) -> Names:
    """Return the names about which most answers say the opposite of the corpus."""
    return _most(NameTally.against, limit)


def _most(column: InstrumentedAttribute[int], limit: int) -> Names:
    top = select(NameTally).where(column > 0).order_by(column.desc(), NameTally.name).limit(3 * limit)
    rows = list(db.session.scalars(top))
    total = db.session.scalar(select(func.count()).select_from(NameTally).where(column > 0)) or 0
    shown = _shown([(row.name, getattr(row, column.key)) for row in rows], limit)
    by_name = {row.name: row for row in rows}
    full = [_with_answers(named, by_name[named.name]) for named in shown]
    return Names(full, total - len(full))


def _with_answers(named: Named, row: NameTally) -> Named:
    return Named(named.name, named.n, row.women, row.men, row.both, named.share)


def _shown(counted: Sequence[tuple[str, int]], limit: int) -> list[Named]:
    # The publishing rule: strangers may put a name on a public page only if the corpus or a reviewer has it.
    names = [name for name, _ in counted]
    allowed, knowledge = lookup.publishable(names), lookup.known_many(names)
    shares = {name: known.share for name, known in knowledge.items()}
    return [Named(name, n, share=shares.get(name)) for name, n in counted if name in allowed][:limit]


def in_cell(filters: Filters, guessed: str, answer: str, limit: int = 5 * SHOWN) -> Names:
    """Return the names behind one cell of the matrix, from its newest LOOKED_AT answers."""
    newest = _newest(filters, guessed, answer).subquery()
    n = func.count().label("n")
    query = select(newest.c.name, n).group_by(newest.c.name).order_by(n.desc(), newest.c.name)
    counted = [(name, times) for name, times in db.session.execute(query)]
    shown = _shown(counted, limit)
    return Names(shown, len(counted) - len(shown), sum(times for _, times in counted))


def _newest(filters: Filters, guessed: str, answer: str) -> Select[str]:
    query = select(Feedback.name).where(
        Feedback.guessed == guessed,
        Feedback.answer == answer,
        Feedback.taught.is_(False),
        Feedback.status.in_(filters.statuses),
    )
    if filters.versions:
        query = query.where(or_(*(Feedback.version_id == id for id in filters.versions)))
    if filters.since:
        query = query.where(Feedback.day >= filters.since)
    if filters.source != "any":
        query = query.where(Feedback.source == filters.source)
    return query.order_by(Feedback.id.desc()).limit(LOOKED_AT)


def as_dict(names: Names) -> dict[str, Any]:
    """Return a list of names as JSON shows it."""
    rows = [{key: value for key, value in vars(row).items() if value is not None} for row in names.rows]
    return {"names": rows, "others": names.others}
