"""What the pages show of a run: charts of its progress, and parts of its stored comparison."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from webapp.presentation.svg_charts import Line, LineChart, Point, Tick, as_percentages, x_ticks, y_ticks

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
MEASURED_ON = {"fine-tuning": ("corrections", "learned as counted")}
"""On which names a phase is measured, and how those are called that it gets right, where not as usual."""
QUARTERS = (0.0, 0.25, 0.5, 0.75, 1.0)
SHARES = tuple(map(Tick, QUARTERS, as_percentages(QUARTERS)))


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


def progress_charts(progress: Mapping[str, Any]) -> list[LineChart]:
    """Return the charts of how a run goes: losses and accuracy of each phase, round by round."""
    charts = []
    rows = sorted(progress.get("history", ()), key=lambda row: row["phase"] != "training")
    for phase, group in groupby(rows, key=lambda row: row["phase"]):
        charts += _phase_charts(phase, list(group))
    return charts


def _phase_charts(phase: str, rounds: Sequence[Mapping[str, Any]]) -> list[LineChart]:
    names, verb = MEASURED_ON.get(phase, ("validation names", "right"))
    losses = _lines(rounds, {"train_loss": ("learning", "quiet"), "validation_loss": (names, "ink")})
    accuracy = _lines(rounds, {"validation_accuracy": (names, "ink")})
    charts = []
    if losses:
        title = f"{phase.capitalize()}: loss after each round"
        charts.append(LineChart(title, losses, x_ticks(losses), y_ticks(losses), x_name="round"))
    if accuracy:
        title = f"{accuracy[0].end[1]:.1%} of the {names} are {verb}"
        ticks = y_ticks(accuracy, as_percentages)
        charts.append(LineChart(title, accuracy, x_ticks(accuracy), ticks, x_name="round"))
    return charts


def _lines(rounds: Sequence[Mapping[str, Any]], shown: Mapping[str, tuple[str, str]]) -> tuple[Line, ...]:
    lines = []
    for key, (label, look) in shown.items():
        points: tuple[Point, ...] = tuple(
            (row["epoch"], row[key]) for row in rounds if row.get(key) is not None
        )
        if points:
            lines.append(Line(label, points, look))
    return tuple(lines)


def calibration_chart(comparison: Mapping[str, Any]) -> LineChart:
    """Return observed against predicted shares, champion and challenger."""
    calibration = comparison["calibration"]
    lines = tuple(
        Line(who, points, look)
        for who, look in (("champion", "quiet"), ("challenger", "ink"))
        if (points := tuple((row["predicted"], row["observed"]) for row in calibration[who] if row["n"]))
    )
    title = "The closer to the diagonal, the more honest its shares"
    return LineChart(
        title, lines, SHARES, SHARES, x_name="it says", y_name="the records say", has_diagonal=True
    )


def _one_of(value: str | None, allowed: tuple[str, ...], default: str) -> str:
    return value if value in allowed else default
