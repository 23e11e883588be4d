"""Networks that somebody brings: besides the weights, the card must be one that the pages can show.

It is held against the card of the network that comes with Nomen. Parts may be missing, and others be there.
"""

import json
import math
from functools import cache
from typing import Any

from training.model import artifact
from webapp.errors import Invalid
from webapp.models import Version
from webapp.versions import service as versions

LARGEST = 1e12  # of a figure
LONGEST = 2_000  # characters of a text, rows of a list
OPEN = {"card", "holdout", "slices", "data", "settings", "training", "machine", "lineage"}
"""Parts that may lack some of their entries; each of the others is there as a whole or not at all."""


def bring(data: bytes, by: str, note: str = "") -> Version:
    """Store an artifact as a new version; raise Invalid if it could not serve, or its card not be shown."""
    check(versions.check(data).card)
    return versions.add(data, origin="import", by=by, note=note)


def check(card: dict[str, Any]) -> None:
    """Raise Invalid for the first part of a card that no page could show."""
    text = json.dumps(card, ensure_ascii=False)
    if not text.isprintable() or "\\u00" in text:
        raise Invalid("The card of this network holds signs that cannot be shown.", "file")
    _compare(card, _usual(), "card")


@cache
def _usual() -> dict[str, Any]:
    return artifact.card(artifact.SHIPPED.read_bytes())


def _compare(given: Any, like: Any, name: str) -> None:
    if isinstance(like, dict):
        _compare_parts(given, like, name)
    elif isinstance(like, list):
        _compare_rows(given, like, name)
    elif not _is_alike(given, like):
        raise _odd(name)


def _compare_parts(given: Any, like: dict[str, Any], name: str) -> None:
    if not isinstance(given, dict) or (given and name not in OPEN and not set(like) <= set(given)):
        raise _odd(name)
    for key in set(given) & set(like):
        _compare(given[key], like[key], key)


def _compare_rows(given: Any, like: list[Any], name: str) -> None:
    if not isinstance(given, list) or len(given) > LONGEST:
        raise _odd(name)
    if name and like and isinstance(like[0], list) and any(len(row) != len(like[0]) for row in _lists(given)):
        raise _odd(name)
    for row in given if like else ():
        if row is None:
            raise _odd(name)
        _compare(row, like[0], name)


def _lists(rows: list[Any]) -> list[list[Any]]:
    return [row for row in rows if isinstance(row, list)]


def _is_alike(given: Any, like: Any) -> bool:
    if isinstance(like, str):
        return isinstance(given, str) and len(given) <= LONGEST
    if type(like) is int:
        return type(given) is int and 0 <= given <= LARGEST
    if isinstance(like, float):
        return given is None or (
            type(given) in (int, float) and math.isfinite(given) and abs(given) < LARGEST
        )
    return True


def _odd(name: str) -> Invalid:
    return Invalid(f"The card of this network tells its {name!r} in a way that no page could show.", "file")
