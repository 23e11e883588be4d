"""Versions side by side: what they are, what they scored, and for which names they differ."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from training.fitting.settings import current_names
from webapp.errors import Invalid
from webapp.models import Version
from webapp.presentation.charts import Axis, Chart, Series
from webapp.presentation.confusion import PER_LABEL, Matrix, Metric
from webapp.scoreboard import service as scoreboard
from webapp.scoreboard.filters import Filters
from webapp.versions import service as versions

MOST = 6
TONES = ("ink", "women", "men", "quiet", "ink", "women")
Cell = str | Metric
NOTHING = "–"


@dataclass(frozen=True)
class Row:
    """One fact about each of the versions, in their order."""

    name: str
    cells: list[Cell]

    @property
    def differs(self) -> bool:
        """Whether not all versions are alike in this."""
        return any(cell != self.cells[0] for cell in self.cells)


@dataclass(frozen=True)
class Section:
    """Rows that belong together."""

    title: str
    rows: list[Row]


@dataclass(frozen=True)
class Kind:
    """A way to cut the holdout into slices, and how its parts are spoken of."""

    title: str
    weakest: Callable[[str], str]


KINDS = {
    "bearers": Kind("bearers", lambda part: f"names that {part} people bear"),
    "length": Kind("length in letters", lambda part: f"names of {part} letters"),
    "last_letter": Kind("last letter", lambda part: f"names that end in {part}"),
    "first_letter": Kind("first letter", lambda part: f"names that begin with {part}"),
    "separator": Kind(
        "hyphen, blank or apostrophe", lambda part: f"names {part} a hyphen, blank or apostrophe"
    ),
}
ENOUGH = 30
"""Names of a slice from which on it may be called the weakest."""


def chosen(ids: Sequence[int]) -> list[Version]:
    """Return the versions to compare: those asked for, else the newest two, oldest first."""
    if len(ids) > MOST:
        raise Invalid(f"Compare up to {MOST} versions at once.", "version")
    return [versions.with_card(id) for id in sorted(ids or scoreboard.version_numbers()[:2])]


def compare(shown: Sequence[Version], group: str, positive: str, differences: bool = False) -> list[Section]:
    """Return the tables of the versions; with `differences` only rows in which they differ."""
    sections = [
        Section("What visitors say, all time", _live(shown, positive)),
        Section(f"On {scoreboard.GROUPS[group]}", _holdout(shown, group, positive)),
        Section("How they were made", _settings(shown)),
    ]
    if not differences:
        return sections
    kept = [Section(part.title, [row for row in part.rows if row.differs]) for part in sections]
    return [part for part in kept if part.rows]


def _live(shown: Sequence[Version], positive: str) -> list[Row]:
    view = Filters(window="all", positive=positive)
    said = [scoreboard.live(replace(view, versions=(version.id,))) for version in shown]
    return [
        Row("answers", [f"{live.n:,}" for live in said]),
        Row("accuracy", [live.matrix.accuracy for live in said]),
        Row("answers about taught names, apart", [f"{live.taught.n:,}" for live in said]),
    ]


def _holdout(shown: Sequence[Version], group: str, positive: str) -> list[Row]:
    found = [scoreboard.holdout(version, group, positive) for version in shown]
    matrices = [beside.matrix if beside else Matrix() for beside in found]
    scores = [version.card.get("holdout", {}).get(group) or {} for version in shown]
    curves = [version.card.get("curves" if group == "all" else "curves_hundred") or {} for version in shown]
    rows = [Row("names", [f"{matrix.n:,}" for matrix in matrices])]
    for name in ("accuracy", *PER_LABEL):
        words = scoreboard.FIGURE_WORDS.get(name, name)
        rows.append(Row(words, [getattr(matrix, name) for matrix in matrices]))
    return [
        *rows,
        Row("accuracy on the 80% it is surest of", _figures(scores, "surest80", "{:.1%}")),
        Row("loss (nats, less is better)", _figures(scores, "nll", "{:.4f}")),
        Row("calibration error", _figures(scores, "ece", "{:.1%}")),
        *(
            [Row("area under the ROC curve", _figures(curves, "auc", "{:.4f}"))]
            if group != "not_unisex"
            else []
        ),
    ]


def _figures(found: Sequence[Mapping[str, Any]], name: str, form: str) -> list[Cell]:
    return [NOTHING if part.get(name) is None else form.format(part[name]) for part in found]


def _settings(shown: Sequence[Version]) -> list[Row]:
    rows = [
        Row("made", [f"{version.created_at:%Y-%m-%d}" for version in shown]),
        Row("from", [f"v{version.parent_id}" if version.parent_id else version.origin for version in shown]),
        Row(
            "weights",
            [f"{version.card['weights']:,}" if version.card.get("weights") else NOTHING for version in shown],
        ),
        Row("names corrected", [_text(version.card.get("data", {}).get("corrections")) for version in shown]),
        Row(
            "data", [str(version.card.get("data", {}).get("fingerprint", NOTHING))[:12] for version in shown]
        ),
    ]
    for part in ("settings", "training"):
        found = [current_names(version.card.get(part) or {}) for version in shown]
        names = dict.fromkeys(name for settings in found for name in settings)
        rows += [Row(name.replace("_", " "), [_text(each.get(name)) for each in found]) for name in names]
    return rows


def _text(value: Any) -> str:
    return NOTHING if value is None else f"{value:,}" if isinstance(value, int) else str(value)


def slices(shown: Sequence[Version]) -> list[Chart]:
    """Return one chart for each way to cut the holdout: every version's accuracy on every part."""
    return [chart for kind in KINDS if (chart := _sliced(kind, shown))]


def _sliced(kind: str, shown: Sequence[Version]) -> Chart | None:
    series = [
        _series(version, version.card["slices"][kind], tone)
        for version, tone in zip(shown, TONES, strict=False)
        if (version.card.get("slices") or {}).get(kind)
    ]
    if not series:
        return None
    return Chart(
        f"by-{kind.replace('_', '-')}",
        _told(kind, series[-1]),
        Axis(KINDS[kind].title, "kind"),
        Axis("accuracy", range=_span(series)),
        series,
        note="All of the holdout; the whiskers are 95% intervals.",
    )


def _span(series: Sequence[Series]) -> tuple[float, float]:
    ends = [value for each in series for value in (*each.low, *each.high) if value is not None]
    return (min(ends) - 0.03, max(ends) + 0.03) if ends else (0.0, 1.0)


def _series(version: Version, parts: Sequence[Mapping[str, Any]], tone: str) -> Series:
    found = [Matrix(*(part[cell] for cell in ("tp", "fp", "fn", "tn"))).accuracy for part in parts]
    return Series(
        version.label,
        [str(part["slice"]) for part in parts],
        [metric.value for metric in found],
        [metric.low for metric in found],
        [metric.high for metric in found],
        [metric.n for metric in found],
        draw="dots",
        tone=tone,
    )


def _told(kind: str, series: Series) -> str:
    rows = [
        row
        for row in zip(series.y, series.x, series.n, strict=True)
        if row[2] >= ENOUGH and row[0] is not None
    ]
    if not rows:
        return f"{series.label} by {KINDS[kind].title}"
    accuracy, part, _ = min(rows)
    return f"{series.label} is weakest on {KINDS[kind].weakest(part)}: {(accuracy or 0) * 100:.0f} in 100"


def as_dict(shown: Sequence[Version], group: str, positive: str) -> dict[str, Any]:
    """Return the comparison as JSON shows it."""
    return {
        "versions": [version.label for version in shown],
        "tables": [
            {
                "title": section.title,
                "rows": [
                    {
                        "name": row.name,
                        "values": [c.as_dict if isinstance(c, Metric) else c for c in row.cells],
                    }
                    for row in section.rows
                ],
            }
            for section in compare(shown, group, positive)
        ],
        "slices": {version.label: version.card.get("slices", {}) for version in shown},
    }
