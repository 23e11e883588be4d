"""Moments in time and words of an enumeration, as columns keep them."""

from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import DateTime, Enum, String, TypeDecorator


def now() -> datetime:
    """Return the time in UTC."""
    return datetime.now(UTC)


NAME = String(64).with_variant(String(64, collation="C"), "postgresql")
"""A normalised name, ordered by its letters' codes on both databases, so that an index finds beginnings."""


class Instant(TypeDecorator[datetime]):
    """A moment in UTC; SQLite forgets the zone, so it is put back on reading."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Any) -> datetime | None:
        return None if value is None else value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Any) -> datetime | None:
        return None if value is None else value.replace(tzinfo=UTC)


def word_of(kind: type[StrEnum], length: int) -> Enum:
    """Return the type of a column that holds one word of an enumeration, as plain text of that length.

    Reading a row with any other word raises LookupError.
    """
    # Not a native type of PostgreSQL, where each new word would need a migration.
    return Enum(kind, native_enum=False, length=length, values_callable=lambda words: [*map(str, words)])
