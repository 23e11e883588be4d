"""How many answers there are of each kind: the live scoreboard reads this and never counts rows."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from training.names import Label
from training.names.scripts.written import LATIN
from webapp.feedback import name_tallies
from webapp.models import Feedback, PlaceTally, Tally
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


class PlacedCell(NamedTuple):
    """The same of names in other letters than Latin or with a country: the key of their own tally."""

    version_id: int
    day: date
    source: Source
    guessed: Label
    answer: Label
    status: Status
    taught: bool
    script: str
    country: str

    def __str__(self) -> str:
        place = f"in {self.script} letters, from {self.country or 'anywhere'}"
        return f"{self.whole}, {place}"

    @property
    def whole(self) -> Cell:
        """The cell of the same answers among all."""
        return Cell(*self[: len(Cell._fields)])  # type: ignore[arg-type]


AnyCell = Cell | PlacedCell
_TABLES: dict[type[AnyCell], type[Tally | PlaceTally]] = {Cell: Tally, PlacedCell: PlaceTally}


class Difference(NamedTuple):
    """A cell whose count is wrong."""

    cell: AnyCell
    tallied: int
    counted: int

    def __str__(self) -> str:
        return f"{self.cell}: {self.tallied} and not {self.counted}"


def cells(row: Feedback) -> list[AnyCell]:
    """Return the cells that an answer is counted in: one, and another where its place is to be told."""
    cell = Cell(*(getattr(row, field) for field in Cell._fields))
    return [cell, PlacedCell(*cell, row.script, row.country)] if _has_place(row) else [cell]


def _has_place(row: Feedback) -> bool:
    return row.script != LATIN or bool(row.country)


def count(session: Session, row: Feedback, by: int) -> None:
    """Count one answer in (+1) or out (-1), as it is now, inside the caller's transaction."""
    add(session, Counter(dict.fromkeys(cells(row), by)))
    name_tallies.count(session, row, by)


@contextmanager
def recounting(session: Session, row: Feedback) -> Iterator[None]:
    """Let the block change an answer: it is counted out before and in after, in the caller's transaction."""
    count(session, row, -1)
    yield
    count(session, row, +1)


def add(session: Session, changes: Counter[AnyCell]) -> None:
    """Add to many cells at once, inside the caller's transaction; cells that do not change are left alone."""
    # In one order for all, so that two transactions never wait for each other's rows in a circle.
    for key, by in sorted(changes.items()):
        if by:
            session.execute(_upsert(session, key, by))


def _upsert(session: Session, key: AnyCell, by: int) -> Any:
    table = _TABLES[type(key)]
    new = insert(session, table).values(**key._asdict(), n=by)
    # One statement makes the row or adds to it: between a look and a write another process could come.
    return new.on_conflict_do_update(index_elements=key._fields, set_={"n": table.n + by})


def compare(session: Session) -> list[Difference]:
    """Return the cells where a tally and the rows differ."""
    tallied, rows = _tallied(session), _counted(session)
    # A Counter says 0 of what it lacks.
    wrong = [key for key in sorted({*tallied, *rows}) if tallied[key] != rows[key]]
    return [Difference(key, tallied[key], rows[key]) for key in wrong]


def recount(session: Session) -> list[Difference]:
    """Make the tallies equal the rows, inside the caller's transaction; return what `compare` found."""
    found = compare(session)
    if found:
        counted = _counted(session)
        for kind, table in _TABLES.items():
            session.execute(delete(table))
            rows = [key._asdict() | {"n": n} for key, n in counted.items() if isinstance(key, kind)]
            # Of an empty list SQLAlchemy would make one row of defaults.
            if rows:
                session.execute(insert(session, table), rows)
    return found


def _tallied(session: Session) -> Counter[AnyCell]:
    found: Counter[AnyCell] = Counter()
    for kind, table in _TABLES.items():
        rows = session.execute(select(*(getattr(table, field) for field in kind._fields), table.n))
        found.update({kind(*key): n for *key, n in rows})
    return found


def _counted(session: Session) -> Counter[AnyCell]:
    found: Counter[AnyCell] = Counter()
    for kind in _TABLES:
        columns = [getattr(Feedback, field) for field in kind._fields]
        query = select(*columns, func.count()).group_by(*columns)
        if kind is PlacedCell:
            query = query.where((Feedback.script != LATIN) | (Feedback.country != ""))
        found.update({kind(*key): n for *key, n in session.execute(query)})
    return found
