"""What a reviewer looks for: read from an address, or from a command, and written back to it."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

from training.names import ANSWERS, LONGEST, UnreadableName, key_of
from webapp.errors import Invalid
from webapp.languages.texts import gettext
from webapp.presentation import dates
from webapp.review.queries import SORTS, STATUSES, ReviewFilter

USUAL = ReviewFilter()


def read_filter(asked: Mapping[str, str]) -> ReviewFilter:
    """Return the filter that an address asks for; raise Invalid for what cannot be used."""
    return ReviewFilter(
        status=_one_of(STATUSES, asked, "status", USUAL.status),
        version=_version(asked.get("version", "")),
        label=_one_of(("", *ANSWERS), asked, "label", ""),
        text=_name(asked.get("text", "")),
        since=dates.parse_day_or_none(asked.get("since"), "since"),
        until=dates.end_of_day_or_none(asked.get("until"), "until"),
        sort=_one_of(SORTS, asked, "sort", USUAL.sort),
    )


def query(wanted: ReviewFilter, **changes: Any) -> dict[str, Any]:
    """Return the address's parameters of a filter with `changes`; what is usual is left out."""
    view = replace(wanted, **changes)
    values = {
        "status": view.status if view.status != USUAL.status else "",
        "version": f"v{view.version}" if view.version else "",
        "label": view.label,
        "text": view.text,
        "since": f"{view.since:%Y-%m-%d}" if view.since else "",
        # People name the last day that counts; queries take the first moment that does not.
        "until": f"{view.until - timedelta(days=1):%Y-%m-%d}" if view.until else "",
        "sort": view.sort if view.sort != USUAL.sort else "",
    }
    return {name: value for name, value in values.items() if value}


def _one_of(choices: Any, asked: Mapping[str, str], name: str, usual: str) -> str:
    value = asked.get(name) or usual
    if value not in choices:
        raise Invalid(
            gettext("%(name)s is one of: %(choices)s.", name=name, choices=", ".join(filter(None, choices))),
            name,
        )
    return value


def _version(text: str) -> int | None:
    digits = text.removeprefix("v")
    # As for the scoreboard's versions: int() fails on "²", which is a digit, and a column holds nine of them.
    if digits and not (digits.isascii() and digits.isdigit() and len(digits) < 10):
        raise Invalid(gettext("A version is written as v7."), "version")
    return int(digits) if digits else None


def _name(text: str) -> str:
    # What a name begins with may hold no letter yet; then nothing begins so.
    try:
        return key_of(text[:LONGEST]) if text.strip() else ""
    except UnreadableName:
        return text.strip().lower()[:LONGEST]
