"""Days as people write them in addresses and commands."""

from datetime import MAXYEAR, UTC, date, datetime, timedelta

from webapp.errors import Invalid
from webapp.languages.texts import gettext


def parse_day(text: str) -> datetime:
    """Return the beginning (UTC) of a day written as 2026-01-31; raise ValueError for anything else."""
    day = datetime.strptime(text, "%Y-%m-%d").replace(tzinfo=UTC)
    # `end_of_day_or_none` adds a day, which would overflow in the last year that a date can hold.
    if day.year == MAXYEAR:
        raise ValueError("no day comes after it")
    return day


def parse_day_or_none(text: str | None, field: str) -> datetime | None:
    """Return the day in a form's field, None if that is empty; raise Invalid for what is no day."""
    try:
        return parse_day(text) if text else None
    except ValueError as error:
        raise Invalid(
            gettext("%(text)s is no day; write one as 2026-01-31.", text=repr(text)), field
        ) from error


def end_of_day_or_none(text: str | None, field: str) -> datetime | None:
    """Return when the day in a form's field is over; else as `parse_day_or_none`."""
    day = parse_day_or_none(text, field)
    return None if day is None else day + timedelta(days=1)


def today() -> date:
    """Return the day in UTC, as tallies count days."""
    return datetime.now(UTC).date()
