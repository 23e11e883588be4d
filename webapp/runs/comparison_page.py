"""What the comparison page shows of a run's stored comparison; nothing is computed anew."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

GROUPS = {"all": "all names", "hundred": "100 bearers or more", "not_unisex": "of these, not unisex"}
KINDS = ("mended", "broken", "moved")
PLACES = ("holdout", "corrections", "famous")
SLICES = {
    "bearers": "How many bear the name",
    "length": "Letters",
    "last_letter": "Last letter",
    "first_letter": "First letter",
    "separator": "Hyphen, blank or apostrophe",
    "label": "How it is given",
}
PAGE = 50


@dataclass(frozen=True)
class Asked:
    """What the address of the page asks for."""

    group: str = "hundred"
    kind: str = "mended"
    where: str = ""
    search: str = ""
    page: int = 1

    @classmethod
    def read(cls, arguments: Mapping[str, str]) -> "Asked":
        """Return what is asked; what is not known is left at its default."""
        page = arguments.get("page", "1")
        return cls(
            _one_of(arguments.get("group"), tuple(GROUPS), "hundred"),
            _one_of(arguments.get("kind"), KINDS, "mended"),
            _one_of(arguments.get("where"), PLACES, ""),
            arguments.get("search", "").strip().lower()[:64],
            max(1, int(page)) if page.isascii() and page.isdigit() and len(page) < 7 else 1,
        )

    def but(self, **changes: Any) -> dict[str, Any]:
        """Return the arguments of the address with some changed, empty ones left out."""
        return {key: value for key, value in (vars(self) | {"page": 1} | changes).items() if value}


@dataclass(frozen=True)
class Flips:
    """One page of the names whose answer changes."""

    rows: list[Mapping[str, Any]]
    n: int
    counts: Mapping[str, int]
    pages: int


def flips(comparison: Mapping[str, Any], asked: Asked) -> Flips:
    """Return the flips that are asked for."""
    told = comparison["flips"]
    found = [
        row for row in told[asked.kind] if asked.search in row["name"] and asked.where in ("", row["where"])
    ]
    start = (asked.page - 1) * PAGE
    counts = {kind: len(told[kind]) for kind in KINDS}
    return Flips(found[start : start + PAGE], len(found), counts, -(-len(found) // PAGE) or 1)


def slices(comparison: Mapping[str, Any]) -> list[tuple[str, list[dict[str, Any]]]]:
    """Return the slices by kind, each with both accuracies and whether the difference is beyond chance."""
    told = comparison["slices"]
    return [(title, [_slice(row) for row in told[kind]]) for kind, title in SLICES.items() if told.get(kind)]


def _slice(row: Mapping[str, Any]) -> dict[str, Any]:
    n, both = row["n"], row["both_right"]
    return {
        **row,
        "champion": (both + row["only_champion"]) / n if n else None,
        "challenger": (both + row["only_challenger"]) / n if n else None,
        "is_clear": n > 0 and (row["low"] > 0 or row["high"] < 0),
    }


def _one_of(value: str | None, allowed: tuple[str, ...], default: str) -> str:
    return value if value in allowed else default
