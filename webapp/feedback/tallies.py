"""How many answers there are of each kind: the live scoreboard reads this and never counts rows."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from training.names import Label
from webapp.feedback import name_tallies
from webapp.models import Feedback, Tally
from webapp.models.enums import Source, Status
from webapp.storage.database import insert


class Cell(NamedTuple):
    """What answers of one kind have in common: the key of the tally."""

    version_id: int
    day: date
    source: Source
    guessed: Label
    answer: Label
    status: Status
    taught: bool

    def __str__(self) -> str:
        taught = "taught" if self.taught else "not taught"
        words = (self.source, f"guessed {self.guessed}", f"answered {self.answer}", self.status, taught)
        return f"v{self.version_id} on {self.day}, {', '.join(words)}"


class Difference(NamedTuple):
    """A cell whose count is wrong."""

    cell: Cell
    tallied: int
    counted: int

    def __str__(self) -> str:
        return f"{self.cell}: {self.tallied} and not {self.counted}"


def cell(row: Feedback) -> Cell:
    """Return the cell that an answer is counted in."""
    return Cell(*(getattr(row, field) for field in Cell._fields))


def count(session: Session, row: Feedback, by: int) -> None:
    """Count one answer in (+1) or out (-1), as it is now, inside the caller's transaction."""
    add(session, Counter({cell(row): by}))
    name_tallies.count(session, row, by)


@contextmanager
def recounting(session: Session, row: Feedback) -> Iterator[None]:
    """Let the block change an answer: it is counted out before and in after, in the caller's transaction."""
    count(session, row, -1)
    yield
    count(session, row, +1)


def add(session: Session, changes: Counter[Cell]) -> None:
    """Add to many cells at once, inside the caller's transaction; cells that do not change are left alone."""
    # In one order for all, so that two transactions never wait for each other's rows in a circle.
    for key, by in sorted(changes.items()):
        if by:
            session.execute(_upsert(session, key, by))


def _upsert(session: Session, key: Cell, by: int) -> Any:
    new = insert(session, Tally).values(**key._asdict(), n=by)
    # One statement makes the row or adds to it: between a look and a write another process could come.
    return new.on_conflict_do_update(index_elements=Cell._fields, set_={"n": Tally.n + by})


def compare(session: Session) -> list[Difference]:
    """Return the cells where the tally and the rows differ."""
    tallied, rows = _tallied(session), _counted(session)
    # A Counter says 0 of what it lacks.
    wrong = [key for key in sorted({*tallied, *rows}) if tallied[key] != rows[key]]
    return [Difference(key, tallied[key], rows[key]) for key in wrong]


def recount(session: Session) -> list[Difference]:
    """Make the tally equal the rows, inside the caller's transaction; return what `compare` found."""
    found = compare(session)
    if found:
        session.execute(delete(Tally))
        rows = [key._asdict() | {"n": n} for key, n in _counted(session).items()]
        # Of an empty list SQLAlchemy would make one row of defaults.
        if rows:
            session.execute(insert(session, Tally), rows)
    return found


def _tallied(session: Session) -> Counter[Cell]:
    rows = session.execute(select(*(getattr(Tally, field) for field in Cell._fields), Tally.n))
    return Counter({Cell(*key): n for *key, n in rows})


def _counted(session: Session) -> Counter[Cell]:
    columns = [getattr(Feedback, field) for field in Cell._fields]
    rows = session.execute(select(*columns, func.count()).group_by(*columns))
    return Counter({Cell(*key): n for *key, n in rows})
