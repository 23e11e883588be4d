"""Versions side by side: what they are, what they scored, and for which names they differ."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from training.data.name_groups import BESIDE, SLICE_WORDS, Group, SliceKind
from training.evaluation.card_types import ModelCard
from training.evaluation.parts.scores import Slice
from training.names import Label
from training.runtime.strict_json import Json, Scalar
from webapp.errors import Invalid
from webapp.languages import numbers
from webapp.languages.texts import gettext
from webapp.models import Version
from webapp.presentation.charts import Axis, Chart, Series
from webapp.presentation.confusion import PER_LABEL, Matrix, Metric, matrix_from
from webapp.presentation.wording import ORIGIN_WORDS
from webapp.scoreboard import service as scoreboard
from webapp.scoreboard.filters import Filters
from webapp.versions import model_card
from webapp.versions import service as versions

MOST = 6  # columns that a table can hold, and lines that can be told apart in a chart
# Versions beyond the fourth repeat a tone; the drawing script gives each series a symbol of its own.
TONES = ("ink", "women", "men", "quiet", "ink", "women")
Value = str | Metric
NOTHING = "–"


@dataclass(frozen=True)
class FactRow:
    """One fact about each of the versions, in their order."""

    name: str
    cells: list[Value]

    @property
    def differs(self) -> bool:
        """Whether not all versions are alike in this."""
        # Metrics compare by value, so two versions with the same accuracy on as many names are alike.
        return any(cell != self.cells[0] for cell in self.cells)


@dataclass(frozen=True)
class Section:
    """Rows that belong together."""

    title: str
    rows: list[FactRow]


KINDS = (
    # Not by label: there all of a slice is of one label, so its accuracy is that label's recall.
    SliceKind.BEARERS,
    SliceKind.LENGTH,
    SliceKind.LAST_LETTER,
    SliceKind.FIRST_LETTER,
    SliceKind.SEPARATOR,
    *BESIDE,
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
        raise Invalid(gettext("Compare up to %(most)s versions at once.", most=MOST), "version")
    # By id, the order in which they were made.
    found = [versions.with_card(id) for id in sorted(ids or scoreboard.version_numbers()[:2])]
    return [Compared(version, model_card.card_of(version)) for version in found]


def compare(
    shown: Sequence[Compared], group: str, positive: Label, differences: bool = False
) -> list[Section]:
    """Return the tables of the versions; with `differences` only rows in which they differ."""
    sections = [
        Section(gettext("What visitors say, all time"), _live(shown, positive)),
        Section(
            gettext("On %(names)s", names=scoreboard.GROUPS[Group(group)]),
            _holdout(shown, Group(group), positive),
        ),
        Section(gettext("How they were made"), _settings(shown)),
    ]
    if not differences:
        return sections
    differing = [Section(part.title, [row for row in part.rows if row.differs]) for part in sections]
    return [part for part in differing if part.rows]


def _live(shown: Sequence[Compared], positive: Label) -> list[FactRow]:
    # All time, for versions served at different times: a window of days would show one of them with nothing.
    view = Filters(window="all", positive=positive)
    live_scores = [scoreboard.live(replace(view, versions=(version.id,))) for version in shown]
    return [
        FactRow(gettext("answers"), [numbers.count(live.n) for live in live_scores]),
        FactRow(gettext("accuracy"), [live.matrix.accuracy for live in live_scores]),
        FactRow(
            gettext("answers about taught names, apart"),
            [numbers.count(live.taught.n) for live in live_scores],
        ),
    ]


def _holdout(shown: Sequence[Compared], group: Group, positive: str) -> list[FactRow]:
    scores = [each.card.holdout.get(group) for each in shown]
    curves = [each.card.curves.get(group) for each in shown]
    matrices = [matrix_from(part, positive) if part else Matrix() for part in scores]
    rows = [FactRow(gettext("names"), [numbers.count(matrix.n) for matrix in matrices])]
    for name in ("accuracy", *PER_LABEL):
        words = scoreboard.FIGURE_WORDS.get(name) or gettext("accuracy")
        rows.append(FactRow(words, [getattr(matrix, name) for matrix in matrices]))
    surest = (s.surest80 if s else None for s in scores)
    rows += [
        FactRow(gettext("accuracy on the 80% it is surest of"), _percentages(surest)),
        FactRow(gettext("loss (nats, less is better)"), _figures(s.nll if s else None for s in scores)),
        FactRow(gettext("calibration error"), _percentages(s.ece if s else None for s in scores)),
    ]
    if group != Group.NOT_UNISEX:  # a card holds no curves of that group
        areas = (c.auc if c else None for c in curves)
        rows.append(FactRow(gettext("area under the ROC curve"), _figures(areas)))
    return rows


def _figures(found: Iterable[float | None]) -> list[Value]:
    return [NOTHING if figure is None else numbers.decimal(figure, 4) for figure in found]


def _percentages(found: Iterable[float | None]) -> list[Value]:
    return [NOTHING if figure is None else numbers.percent(figure, 1) for figure in found]


def _settings(shown: Sequence[Compared]) -> list[FactRow]:
    stored, cards = [each.version for each in shown], [each.card for each in shown]
    rows = [
        FactRow(gettext("made"), [f"{version.made_at:%Y-%m-%d}" for version in stored]),
        FactRow(gettext("name"), [version.name or NOTHING for version in stored]),
        FactRow(gettext("from"), [_source(version) for version in stored]),
        FactRow(gettext("weights"), [_text(card.weights) for card in cards]),
        FactRow(gettext("names corrected"), [_text(card.data.corrections) for card in cards]),
        FactRow(gettext("data"), [card.data.fingerprint[:12] or NOTHING for card in cards]),
    ]
    # What the network is goes before what it was trained with: most of it stands in both, and is one row.
    each = [{**card.training, **card.settings} for card in cards]
    # A dict as an ordered set: a setting that only one card has gets its row, with a dash for the others.
    ordered = [*(card.settings for card in cards), *(card.training for card in cards)]
    names = dict.fromkeys(name for settings in ordered for name in settings)
    return rows + [
        FactRow(gettext(name.replace("_", " ")), [_text(own.get(name)) for own in each]) for name in names
    ]


def _source(version: Version) -> str:
    return f"v{version.parent_id}" if version.parent_id else ORIGIN_WORDS[version.origin]


def _text(value: Scalar) -> str:
    if value is None:
        return NOTHING
    if isinstance(value, bool):  # before int, of which bool is a kind
        return gettext("yes") if value else gettext("no")
    if isinstance(value, int):
        return numbers.count(value)
    return numbers.localised(str(value))


def slices(shown: Sequence[Compared]) -> list[Chart]:
    """Return one chart for each way to cut the holdout: every version's accuracy on every part."""
    return [chart for kind in KINDS if (chart := _sliced(kind, shown))]


def _sliced(kind: SliceKind, shown: Sequence[Compared]) -> Chart | None:
    series = [
        _series(kind, each.label, each.card.slices[kind], tone)
        for each, tone in zip(shown, TONES, strict=False)
        # zip stops at the shorter: there are as many tones as versions may be compared.
        if each.card.slices.get(kind)
    ]
    if not series:
        return None
    return Chart(
        f"by-{kind.replace('_', '-')}",
        _describe(kind, series[-1]),  # the newest version, which readers ask about
        Axis(gettext(SLICE_WORDS[kind].axis), "kind"),
        Axis(gettext("accuracy"), range=_span(series)),
        series,
        note=_note(kind),
    )


def _note(kind: SliceKind) -> str:
    if kind in BESIDE:
        return gettext("Names of other lists, which no training saw; the whiskers are 95% intervals.")
    return gettext("All of the holdout; the whiskers are 95% intervals.")


def _span(series: Sequence[Series]) -> tuple[float, float]:
    ends = [value for each in series for value in (*each.low, *each.high) if value is not None]
    # From the lowest to the highest whisker: over 0 to 1 the differences between versions would not show.
    return (min(ends) - 0.03, max(ends) + 0.03) if ends else (0.0, 1.0)


def _series(kind: SliceKind, label: str, parts: Sequence[Slice], tone: str) -> Series:
    found = [matrix_from(part.scores).accuracy for part in parts]
    return Series(
        label,
        [model_card.slice_words(kind, part.name) for part in parts],
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
        return gettext("%(version)s by %(kind)s", version=series.label, kind=gettext(SLICE_WORDS[kind].axis))
    accuracy, part, _ = min(rows)  # tuples compare by their first value, the accuracy
    return gettext(
        "%(version)s is weakest on %(names)s: %(n)s in 100",
        version=series.label,
        names=model_card.names_of(kind, part),
        n=round((accuracy or 0) * 100),
    )


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
