"""A version's card as its page shows it. What an imported one lacks is left out."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from training.fitting.settings import current_names
from webapp.models import Version
from webapp.presentation.confusion import Metric, ratio

GROUPS = {
    "all": "All holdout names",
    "hundred": "100 bearers or more",
    "not_unisex": "of these, not unisex",
    "famous": "The 2,000 most borne names, which it was trained on",
}
SLICES = {
    "bearers": "How many bear the name",
    "length": "Letters",
    "last_letter": "Last letter",
    "label": "How it is given",
    "separator": "Hyphen, blank or apostrophe",
}
CELLS = ("tp", "fp", "fn", "tn")
FEW = 30  # names; below this an accuracy says little
WEAK = 0.05  # of accuracy below the whole: worth telling
MOST_WEAK = 6


@dataclass(frozen=True)
class Scores:
    """The scores of one group of names."""

    title: str
    n: int
    accuracy: Metric
    ece: float | None
    surest80: float | None
    cells: Mapping[str, int]


@dataclass(frozen=True)
class Card:
    """What the page shows; every part may be empty."""

    facts: tuple[tuple[str, str], ...]
    settings: tuple[tuple[str, str], ...]
    scores: tuple[Scores, ...]
    slices: tuple[tuple[str, tuple[Scores, ...]], ...]
    calibration: tuple[tuple[float, float, int], ...]
    weaknesses: tuple[str, ...]


def read(version: Version) -> Card:
    """Return the card of a version, as far as it is there."""
    card = version.card
    holdout = _mapping(card.get("holdout"))
    scores = tuple(s for key, title in GROUPS.items() if (s := _scores(title, holdout.get(key))))
    told = _mapping(card.get("slices"))
    slices = tuple((title, rows) for key, title in SLICES.items() if (rows := _slices(told.get(key))))
    settings = {**_mapping(card.get("settings")), **current_names(_mapping(card.get("training")))}
    return Card(
        facts=tuple(_facts(card)),
        settings=tuple((key.replace("_", " "), _text(value)) for key, value in settings.items()),
        scores=scores,
        slices=slices,
        calibration=_calibration(_mapping(card.get("curves_hundred"))),
        weaknesses=tuple(_weaknesses(scores, slices)),
    )


def _facts(card: Mapping[str, Any]) -> list[tuple[str, str]]:
    data, machine = _mapping(card.get("data")), _mapping(card.get("machine"))
    names, lineage = _mapping(data.get("names")), _mapping(card.get("lineage"))
    parts = ", ".join(f"{n:,} {part}" for part, n in names.items() if isinstance(n, int))
    known = {
        "made": card.get("created"),
        "lineage": " of ".join(_text(lineage[key]) for key in ("kind", "parent") if lineage.get(key)),
        "weights": f"{card['weights']:,}" if isinstance(card.get("weights"), int) else "",
        "corpus": data.get("corpus"),
        "names": parts,
        "corrections": data.get("corrections"),
        "data fingerprint": data.get("fingerprint"),
        "holdout fingerprint": _mapping(card.get("holdout")).get("fingerprint"),
        "made with": ", ".join(f"{name} {_text(version)}" for name, version in machine.items()),
        "command": card.get("command"),
    }
    return [(name, _text(value)) for name, value in known.items() if value not in (None, "")]


def _scores(title: str, given: Any) -> Scores | None:
    row = _mapping(given)
    cells = {cell: row[cell] for cell in CELLS if type(row.get(cell)) is int and row[cell] >= 0}
    if len(cells) < len(CELLS) or not sum(cells.values()):
        return None
    accuracy = ratio(cells["tp"] + cells["tn"], sum(cells.values()))
    ece, surest80 = _number(row.get("ece")), _number(row.get("surest80"))
    return Scores(title, sum(cells.values()), accuracy, ece, surest80, cells)


def _slices(given: Any) -> tuple[Scores, ...]:
    rows = given if isinstance(given, list) else []
    found = (_scores(_text(_mapping(row).get("slice")), row) for row in rows)
    return tuple(scores for scores in found if scores)


def _calibration(curves: Mapping[str, Any]) -> tuple[tuple[float, float, int], ...]:
    rows = curves.get("calibration")
    found = []
    for row in map(_mapping, rows if isinstance(rows, list) else []):
        predicted, observed, n = (_number(row.get(key)) for key in ("predicted", "observed", "n"))
        if predicted is not None and observed is not None and n:
            found.append((predicted, observed, int(n)))
    return tuple(found)


def _weaknesses(scores: tuple[Scores, ...], slices: tuple[tuple[str, tuple[Scores, ...]], ...]) -> list[str]:
    whole = scores[0].accuracy.value if scores else None
    if whole is None:
        return []
    weak = [
        (
            row.accuracy.value or 0.0,
            f"{kind}, {row.title}: right on {row.accuracy.value:.1%} of {row.n:,} names.",
        )
        for kind, rows in slices
        for row in rows
        if row.n >= FEW
        and (row.accuracy.high or 1) < whole - WEAK / 2
        and (row.accuracy.value or 1) < whole - WEAK
    ]
    return [sentence for _, sentence in sorted(weak)[:MOST_WEAK]]


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _number(value: Any) -> float | None:
    return value if isinstance(value, int | float) and not isinstance(value, bool) else None


def _text(value: Any) -> str:
    # One line of plain text, whatever an imported card holds.
    if isinstance(value, bool):
        return "yes" if value else "no"
    text = f"{value:g}" if isinstance(value, float) else str(value)
    return " ".join(text.replace("`", "'").replace("|", "/").split())[:200]
