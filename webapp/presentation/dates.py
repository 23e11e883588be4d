"""Days as people write them in addresses and commands."""

from datetime import MAXYEAR, UTC, date, datetime


def parse_day(text: str) -> datetime:
    """Return the beginning (UTC) of a day written as 2026-01-31; raise ValueError for anything else."""
    day = datetime.strptime(text, "%Y-%m-%d").replace(tzinfo=UTC)
    if day.year == MAXYEAR:
        raise ValueError("no day comes after it")
    return day


def today() -> date:
    """Return the day in UTC, as tallies count days."""
    return datetime.now(UTC).date()
