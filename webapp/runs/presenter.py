"""What the pages show of a run: charts of its progress, and parts of its stored comparison."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from training.data.name_groups import BESIDE, GROUP_WORDS, HELD_OUT, SLICE_WORDS, SliceKind
from training.evaluation.comparison_types import Comparison, Flip, FlipKind
from training.evaluation.parts.pairs import PairedSlice
from webapp.languages import numbers
from webapp.languages.texts import gettext
from webapp.languages.words import N_, Words
from webapp.presentation.svg_charts import Line, LineChart, Point, Tick, as_percentages, x_ticks, y_ticks
from webapp.runs.worker.progress import Round, RunProgress
from webapp.versions import model_card, receipts
from webapp.versions.receipts import Outcome, Receipt

GROUPS: Mapping[str, str] = Words({group: GROUP_WORDS[group].button for group in HELD_OUT})
WHERE: Mapping[str, str] = Words(
    {"corrections": N_("corrections"), "famous": N_("famous"), "holdout": N_("holdout")}
)
"""Where a name is from whose answer changes."""
PLACES = ("holdout", "corrections", "famous")
PAGE = 50
FINE_TUNING = "fine-tuning"
QUARTERS = (0.0, 0.25, 0.5, 0.75, 1.0)


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
            _one_of(arguments.get("kind"), tuple(FlipKind), "mended"),
            _one_of(arguments.get("where"), PLACES, ""),
            arguments.get("search", "").strip().lower()[:64],
            max(1, int(page)) if page.isascii() and page.isdigit() and len(page) < 7 else 1,
        )

    def but(self, **changes: object) -> dict[str, object]:
        """Return the arguments of the address with some changed, empty ones left out."""
        # Any other choice leads back to the first page of what it chooses.
        return {key: value for key, value in (vars(self) | {"page": 1} | changes).items() if value}


@dataclass(frozen=True)
class FlipsPage:
    """One page of the names whose answer changes."""

    rows: Sequence[Flip]
    n: int
    counts: Mapping[FlipKind, int]
    pages: int


def flips(comparison: Comparison, asked: Asked) -> FlipsPage:
    """Return the flips that are asked for."""
    found = [
        flip
        for flip in comparison.flips[FlipKind(asked.kind)]
        if asked.search in flip.name and asked.where in ("", flip.where)
    ]
    start = (asked.page - 1) * PAGE
    counts = {kind: len(rows) for kind, rows in comparison.flips.items()}
    # Rounded up; one page even of none.
    return FlipsPage(found[start : start + PAGE], len(found), counts, -(-len(found) // PAGE) or 1)


def slices(comparison: Comparison) -> list[tuple[str, Sequence[PairedSlice]]]:
    """Return the slices of the common holdout, and of the names beside it, kind by kind."""
    return [
        (gettext(words.title), [_named(kind, row) for row in rows])
        for kind, words in SLICE_WORDS.items()
        if (rows := comparison.slices.get(kind))
    ]


def _named(kind: SliceKind, row: PairedSlice) -> PairedSlice:
    return replace(row, name=model_card.slice_words(kind, row.name)) if kind in BESIDE else row


def receipts_by_outcome(version_id: int | None) -> dict[Outcome, list[Receipt]]:
    """Return what became of the corrections that a run's version was taught; nothing of those not noted."""
    taught = receipts.of_version(version_id).values() if version_id else ()
    found = {outcome: [row for row in taught if row.outcome == outcome] for outcome in Outcome}
    return {outcome: rows for outcome, rows in found.items() if rows}


def progress_charts(progress: RunProgress) -> list[LineChart]:
    """Return the charts of how a run goes: losses and accuracy of each phase, round by round."""
    charts = []
    # Training first, then what followed it; `sorted` keeps the rounds of each phase in their order.
    rows = sorted(progress.history, key=lambda row: row.phase != "training")
    for phase, group in groupby(rows, key=lambda row: row.phase or ""):
        charts += _phase_charts(phase, list(group))
    return charts


def _phase_charts(phase: str, rounds: Sequence[Round]) -> list[LineChart]:
    names = gettext("corrections") if phase == FINE_TUNING else gettext("validation names")
    shown = {"train_loss": (gettext("learning"), "quiet"), "validation_loss": (names, "ink")}
    losses = _lines(rounds, shown)
    accuracy = _lines(rounds, {"validation_accuracy": (names, "ink")})
    charts = []
    if losses:
        title = gettext("%(phase)s: loss after each round", phase=gettext(phase).capitalize())
        charts.append(LineChart(title, losses, x_ticks(losses), y_ticks(losses), x_name=gettext("round")))
    if accuracy:
        share = numbers.percent(accuracy[0].end[1], 1)
        title = gettext("%(share)s of the validation names are right", share=share)
        if phase == FINE_TUNING:  # which is measured on what it is to learn
            title = gettext("%(share)s of the corrections are learned as counted", share=share)
        ticks = y_ticks(accuracy, as_percentages)
        charts.append(LineChart(title, accuracy, x_ticks(accuracy), ticks, x_name=gettext("round")))
    return charts


def _lines(rounds: Sequence[Round], shown: Mapping[str, tuple[str, str]]) -> tuple[Line, ...]:
    lines = []
    for key, (label, look) in shown.items():
        values = [(row.epoch, getattr(row, key)) for row in rounds]
        points: tuple[Point, ...] = tuple((x, y) for x, y in values if x is not None and y is not None)
        if points:
            lines.append(Line(label, points, look))
    return tuple(lines)


def calibration_chart(comparison: Comparison, champion: str, challenger: str) -> LineChart:
    """Return observed against predicted shares of two versions, by their labels."""
    both = (
        (champion, comparison.calibration.champion, "quiet"),
        (challenger, comparison.calibration.challenger, "ink"),
    )
    lines = tuple(
        Line(who, points, look)
        for who, bins, look in both
        if (points := tuple((row.predicted, row.observed) for row in bins if row.n))
    )
    shares = tuple(map(Tick, QUARTERS, as_percentages(QUARTERS)))
    title = gettext("The closer to the diagonal, the more honest its shares")
    return LineChart(
        title,
        lines,
        shares,
        shares,
        x_name=gettext("share of women as it says"),
        y_name=gettext("share of women in the records"),
        has_diagonal=True,
    )


def _one_of(value: str | None, allowed: tuple[str, ...], default: str) -> str:
    return value if value in allowed else default
