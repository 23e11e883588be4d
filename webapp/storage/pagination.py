"""Long lists page by page, and whole, by keyset: a page begins after the last row of the one before it.

So a million rows stay quick, where counting rows off would read all that come before.
"""

import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import Enum, Select, tuple_
from sqlalchemy.orm import InstrumentedAttribute

from webapp.errors import BadRequest
from webapp.extensions import Model, db
from webapp.models import Instant

CHUNK = 1_000  # rows of an export in memory, unless told otherwise
Order = tuple[InstrumentedAttribute[Any], ...]
"""The columns that rows are ordered by; together they tell any two rows apart."""
Place = list[Any]
"""Where a page begins: a row's values of those columns."""
Row = TypeVar("Row", bound=Model)


def page(
    query: Select[Row], order: Order, after: Place | None, size: int, is_falling: bool = True
) -> tuple[list[Row], Place | None]:
    """Return up to `size` rows that come after a place, and the place of the last, None if no row is left."""
    if after:
        # A row value, (a, b) < (x, y), which an index over the same columns answers.
        here, there = tuple_(*order), tuple_(*after)
        query = query.where(here < there if is_falling else here > there)
    query = query.order_by(*(column.desc() if is_falling else column for column in order))
    # One more than is shown: it tells whether there is a next page, without counting.
    rows = list(db.session.scalars(query.limit(size + 1)))
    is_last = len(rows) <= size
    return rows[:size], None if is_last else _place(order, rows[size - 1])


def every(query: Select[Row], order: Order, is_falling: bool = False, at_once: int = CHUNK) -> Iterator[Row]:
    """Yield every row, `at_once` in memory at a time; each leaves the session as the next ones are read."""
    after: Place | None = []
    while after is not None:
        rows, after = page(query, order, after, at_once, is_falling)
        yield from rows
        # Rows that were given out would else stay in the session until its end.
        db.session.expunge_all()
        db.session.rollback()  # a long export holds no old snapshot of the database


def write_place(place: Place | None) -> str | None:
    """Return a place as addresses hold it."""
    if place is None:
        return None
    return json.dumps([value.isoformat() if isinstance(value, datetime) else value for value in place])


def read_place(order: Order, text: str) -> Place:
    """Return the place in an address; raise BadRequest for what `write_place` did not write."""
    try:
        return [_value(column, value) for column, value in zip(order, json.loads(text), strict=True)]
    except (TypeError, ValueError) as error:
        raise BadRequest("This address leads to no page of the list. Begin again from the first.") from error


def _place(order: Order, row: Model) -> Place:
    return [getattr(row, column.key) for column in order]


def _value(column: InstrumentedAttribute[Any], value: Any) -> Any:
    # What an address says is checked by the column's type, for it goes into a query.
    if isinstance(column.type, Instant):
        return datetime.fromisoformat(value)
    kind = column.type.python_type
    if isinstance(column.type, Enum):
        return kind(value)
    if not isinstance(value, kind):
        raise ValueError(f"{value!r} is no {column.key}")
    return value
