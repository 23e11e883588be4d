"""Versions side by side: what they are, what they scored, and for which names they differ."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from training.data.name_groups import GROUP_WORDS, SLICE_WORDS, Group, SliceKind
from training.evaluation.card_types import ModelCard, Slice
from training.names import Label
from training.runtime.strict_json import Json, Scalar
from webapp.errors import Invalid
from webapp.models import Version
from webapp.presentation.charts import Axis, Chart, Series
from webapp.presentation.confusion import PER_LABEL, Matrix, Metric, matrix_from
from webapp.scoreboard import service as scoreboard
from webapp.scoreboard.filters import Filters
from webapp.versions import model_card
from webapp.versions import service as versions

MOST = 6
TONES = ("ink", "women", "men", "quiet", "ink", "women")
Value = str | Metric
NOTHING = "–"


@dataclass(frozen=True)
class Row:
    """One fact about each of the versions, in their order."""

    name: str
    cells: list[Value]

    @property
    def differs(self) -> bool:
        """Whether not all versions are alike in this."""
        return any(cell != self.cells[0] for cell in self.cells)


@dataclass(frozen=True)
class Section:
    """Rows that belong together."""

    title: str
    rows: list[Row]


KINDS = (
    SliceKind.BEARERS,
    SliceKind.LENGTH,
    SliceKind.LAST_LETTER,
    SliceKind.FIRST_LETTER,
    SliceKind.SEPARATOR,
)
ENOUGH = 30
"""Names of a slice from which on it may be called the weakest."""


@dataclass(frozen=True)
class Compared:
    """One of the versions, and its card."""

    version: Version
    card: ModelCard

    @property
    def id(self) -> int:
        """The number of the version."""
        return self.version.id

    @property
    def label(self) -> str:
        """What people call the version."""
        return self.version.label


def chosen(ids: Sequence[int]) -> list[Compared]:
    """Return the versions to compare: those asked for, else the newest two, oldest first."""
    if len(ids) > MOST:
        raise Invalid(f"Compare up to {MOST} versions at once.", "version")
    found = [versions.with_card(id) for id in sorted(ids or scoreboard.version_numbers()[:2])]
    return [Compared(version, model_card.card_of(version)) for version in found]


def compare(
    shown: Sequence[Compared], group: str, positive: Label, differences: bool = False
) -> list[Section]:
    """Return the tables of the versions; with `differences` only rows in which they differ."""
    sections = [
        Section("What visitors say, all time", _live(shown, positive)),
        Section(f"On {GROUP_WORDS[Group(group)].phrase}", _holdout(shown, Group(group), positive)),
        Section("How they were made", _settings(shown)),
    ]
    if not differences:
        return sections
    differing = [Section(part.title, [row for row in part.rows if row.differs]) for part in sections]
    return [part for part in differing if part.rows]


def _live(shown: Sequence[Compared], positive: Label) -> list[Row]:
    view = Filters(window="all", positive=positive)
    live_scores = [scoreboard.live(replace(view, versions=(version.id,))) for version in shown]
    return [
        Row("answers", [f"{live.n:,}" for live in live_scores]),
        Row("accuracy", [live.matrix.accuracy for live in live_scores]),
        Row("answers about taught names, apart", [f"{live.taught.n:,}" for live in live_scores]),
    ]


def _holdout(shown: Sequence[Compared], group: Group, positive: str) -> list[Row]:
    scores = [each.card.holdout.get(group) for each in shown]
    curves = [each.card.curves.get(group) for each in shown]
    matrices = [matrix_from(part, positive) if part else Matrix() for part in scores]
    rows = [Row("names", [f"{matrix.n:,}" for matrix in matrices])]
    for name in ("accuracy", *PER_LABEL):
        words = scoreboard.FIGURE_WORDS.get(name, name)
        rows.append(Row(words, [getattr(matrix, name) for matrix in matrices]))
    return [
        *rows,
        Row(
            "accuracy on the 80% it is surest of",
            _figures((s.surest80 if s else None for s in scores), "{:.1%}"),
        ),
        Row("loss (nats, less is better)", _figures((s.nll if s else None for s in scores), "{:.4f}")),
        Row("calibration error", _figures((s.ece if s else None for s in scores), "{:.1%}")),
        *(
            [Row("area under the ROC curve", _figures((c.auc if c else None for c in curves), "{:.4f}"))]
            if group != Group.NOT_UNISEX
            else []
        ),
    ]


def _figures(found: Iterable[float | None], form: str) -> list[Value]:
    return [NOTHING if figure is None else form.format(figure) for figure in found]


def _settings(shown: Sequence[Compared]) -> list[Row]:
    stored, cards = [each.version for each in shown], [each.card for each in shown]
    rows = [
        Row("made", [f"{version.created_at:%Y-%m-%d}" for version in stored]),
        Row("from", [f"v{version.parent_id}" if version.parent_id else version.origin for version in stored]),
        Row("weights", [_text(card.weights) for card in cards]),
        Row("names corrected", [_text(card.data.corrections) for card in cards]),
        Row("data", [card.data.fingerprint[:12] or NOTHING for card in cards]),
    ]
    for found in ([card.settings for card in cards], [card.training for card in cards]):
        names = dict.fromkeys(name for settings in found for name in settings)
        rows += [Row(name.replace("_", " "), [_text(each.get(name)) for each in found]) for name in names]
    return rows


def _text(value: Scalar) -> str:
    return NOTHING if value is None else f"{value:,}" if isinstance(value, int) else str(value)


def slices(shown: Sequence[Compared]) -> list[Chart]:
    """Return one chart for each way to cut the holdout: every version's accuracy on every part."""
    return [chart for kind in KINDS if (chart := _sliced(kind, shown))]


def _sliced(kind: SliceKind, shown: Sequence[Compared]) -> Chart | None:
    series = [
        _series(each.label, each.card.slices[kind], tone)
        for each, tone in zip(shown, TONES, strict=False)
        if each.card.slices.get(kind)
    ]
    if not series:
        return None
    return Chart(
        f"by-{kind.replace('_', '-')}",
        _describe(kind, series[-1]),
        Axis(SLICE_WORDS[kind].axis, "kind"),
        Axis("accuracy", range=_span(series)),
        series,
        note="All of the holdout; the whiskers are 95% intervals.",
    )


def _span(series: Sequence[Series]) -> tuple[float, float]:
    ends = [value for each in series for value in (*each.low, *each.high) if value is not None]
    return (min(ends) - 0.03, max(ends) + 0.03) if ends else (0.0, 1.0)


def _series(label: str, parts: Sequence[Slice], tone: str) -> Series:
    found = [matrix_from(part.scores).accuracy for part in parts]
    return Series(
        label,
        [part.name for part in parts],
        [metric.value for metric in found],
        [metric.low for metric in found],
        [metric.high for metric in found],
        [metric.n for metric in found],
        draw="dots",
        tone=tone,
    )


def _describe(kind: SliceKind, series: Series) -> str:
    rows = [
        row
        for row in zip(series.y, series.x, series.n, strict=True)
        if row[2] >= ENOUGH and row[0] is not None
    ]
    if not rows:
        return f"{series.label} by {SLICE_WORDS[kind].axis}"
    accuracy, part, _ = min(rows)
    names = SLICE_WORDS[kind].names.format(part)
    return f"{series.label} is weakest on {names}: {(accuracy or 0) * 100:.0f} in 100"


def as_dict(shown: Sequence[Compared], group: str, positive: Label) -> Json:
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
        "slices": {each.label: each.card.slices_json() for each in shown},
    }
