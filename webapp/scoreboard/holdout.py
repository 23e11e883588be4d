"""What one version scored on the holdout, read from its card: curves, calibration, and answering less."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from training.data.name_groups import GROUP_WORDS, Group
from training.evaluation.parts.scores import Bin, Curves, Threshold
from training.names import Label
from training.runtime.strict_json import Json, Point
from webapp.errors import Invalid, NotFound
from webapp.languages import numbers
from webapp.languages.texts import gettext
from webapp.languages.words import Words
from webapp.models import Version
from webapp.presentation.charts import Axis, Chart, Series
from webapp.presentation.confusion import Matrix, Metric, census, matrix_from
from webapp.scoreboard.filters import WORDS, choose
from webapp.versions import model_card
from webapp.versions import service as versions

GROUPS: Mapping[Group, str] = Words(
    {group: GROUP_WORDS[group].button for group in (Group.HUNDRED, Group.ALL)}
)
"""Those that a card holds curves of."""
BINS = 15
"""Groups of equal width over the share that is guessed, in the reliability diagram."""


@dataclass(frozen=True)
class ThresholdStep:
    """What becomes of the holdout if the site says "unsure" below a threshold."""

    threshold: float
    matrix: Matrix
    unsure: int

    @property
    def coverage(self) -> Metric:
        """The part of the names that is answered: every name is counted."""
        return census(self.matrix.n, self.matrix.n + self.unsure)


@dataclass(frozen=True)
class SaidShare:
    """One group of the reliability diagram."""

    number: int
    """From 0, for the group that begins at 0."""
    low: float
    high: float
    predicted: float
    observed: float
    n: int


@dataclass(frozen=True)
class Board:
    """One version's holdout, in one group of names."""

    version: Version
    group: Group
    charts: list[Chart]
    steps: list[ThresholdStep]
    even: str = ""
    """Why fewer names are counted than were set aside, in a sentence."""
    bins: tuple[SaidShare, ...] = ()

    def at(self, threshold: float) -> ThresholdStep:
        """Return the step nearest to a threshold."""
        return min(self.steps, key=lambda step: abs(step.threshold - threshold))


def find_version(version_id: int | None) -> Version:
    """Return a version, or the one that serves; raise NotFound."""
    if version_id is not None:
        return versions.find_version(version_id)
    serving = versions.serving()
    if serving is None:
        raise NotFound(gettext("No network serves yet, so there is nothing to score."))
    return serving.version


def board(version: Version, group: str = "hundred", positive: str = Label.FEMALE) -> Board:
    """Return a version's holdout; without curves on its card there are neither charts nor steps."""
    chosen = Group(choose(GROUPS, group, "names"))
    card = model_card.card_of(version)
    curves, scores = card.curves.get(chosen), card.holdout.get(chosen)
    if curves is None:  # an imported card may lack them; its scores are shown all the same
        return Board(version, chosen, [], [])
    even = model_card.even_names(card, chosen)
    drawn = charts(version.label, curves, scores.ece if scores else None)
    return Board(
        version, chosen, drawn, [_step(row, positive) for row in curves.thresholds], even, _bins(curves)
    )


def _step(row: Threshold, positive: str) -> ThresholdStep:
    return ThresholdStep(row.threshold, matrix_from(row, positive), row.unsure)


def _bins(curves: Curves) -> tuple[SaidShare, ...]:
    return tuple(
        # A group is found by its middle: its ends are rounded in the card.
        SaidShare(int((row.low + row.high) / 2 * BINS), row.low, row.high, row.predicted, row.observed, row.n)
        for row in curves.calibration
        if row.n
    )


def read_threshold(text: str | None) -> float:
    """Return a threshold from .5 to 1, one half if none is given; raise Invalid."""
    try:
        value = float(text or 0.5)
    except ValueError:
        value = -1.0  # out of range: refused below with the same sentence as 0.3 or "nan"
    # Below one half nothing is unsure: the surer of the two labels always has at least that.
    if not 0.5 <= value <= 1:
        raise Invalid(gettext("A threshold lies between 0.5 and 1."), "t")
    return value


def charts(label: str, curves: Curves, calibration_error: float | None) -> list[Chart]:
    """Return the four charts of a card's curves."""
    return [
        _roc(label, curves),
        _precision_recall(label, curves),
        _reliability(label, curves.calibration, calibration_error),
        _risk(label, curves.risk_coverage),
    ]


def _columns(points: Sequence[Point]) -> tuple[list[float], list[float]]:
    return [x for x, _ in points], [y for _, y in points]


def _roc(label: str, curves: Curves) -> Chart:
    x, y = _columns(curves.roc)
    return Chart(
        "roc",
        gettext(
            "%(version)s tells a women’s name from a men’s %(n)s times in 100",
            version=label,
            n=round(curves.auc * 100),
        ),
        # A little more than 0 to 1, so that a line along the edge is not cut in half.
        Axis(gettext("men’s names called women’s"), range=(-0.01, 1.01)),
        Axis(gettext("women’s names called women’s"), range=(-0.01, 1.02)),
        [Series(label, x, y), Series(gettext("by chance"), [0, 1], [0, 1], draw="guide")],
        note=gettext("The ROC curve: each point is one place to draw the line between the two."),
    )


def _precision_recall(label: str, curves: Curves) -> Chart:
    x, y = _columns(curves.pr)
    reached = [precision for recall, precision in curves.pr if recall >= 0.9]
    title = gettext("Precision and recall of %(version)s", version=label)
    if reached:
        title = gettext(
            "When %(version)s finds nine in ten women’s names, %(n)s in 100 are women’s of those it calls so",
            version=label,
            n=round(max(reached) * 100),
        )
    return Chart(
        "pr",
        title,
        Axis(gettext("recall: women’s names that are found"), range=(-0.01, 1.01)),
        # Precision rarely falls under one half; from 0 the curve would be a flat line at the top.
        Axis(gettext("precision: found names that are women’s"), range=(min(0.45, min(y)), 1.02)),
        [Series(label, x, y)],
        note=gettext(
            "Precision against recall; the average precision is %(figure)s.",
            figure=numbers.decimal(curves.average_precision, 3),
        ),
    )


def _reliability(label: str, bins: Sequence[Bin], error: float | None) -> Chart:
    title = gettext("The shares that %(version)s gives, and what is so", version=label)
    if error is not None:
        points = numbers.decimal(error * 100, 1)
        title = gettext(
            "The shares %(version)s gives are off by %(points)s points on average",
            version=label,
            points=points,
        )
    return Chart(
        "reliability",
        title,
        Axis(gettext("share of women as guessed"), range=(-0.02, 1.02)),
        Axis(gettext("share of women in the records"), range=(-0.02, 1.02)),
        [
            Series(
                label,
                [row.predicted for row in bins],
                [row.observed for row in bins],
                n=[row.n for row in bins],
                draw="dots",
            ),
            Series(gettext("as it should be"), [0, 1], [0, 1], draw="guide"),
        ],
        note=gettext(
            "Names in fifteen groups by what was guessed. Below the dotted line it says women too often. "
            "The mean distance is the expected calibration error."
        ),
    )


def _risk(label: str, points: Sequence[Point]) -> Chart:
    x, y = _columns(points)
    # The last point answers every name; a card holds some points of the curve, so half is the nearest one.
    half = min(points, key=lambda point: abs(point[0] - 0.5))
    return Chart(
        "risk",
        gettext(
            "%(version)s is wrong on %(all)s in 100, on %(half)s of the half it is surest of",
            version=label,
            all=numbers.decimal(y[-1] * 100, 1),
            half=numbers.decimal(half[1] * 100, 1),
        ),
        Axis(gettext("names answered, surest first"), range=(0, 1.01)),
        Axis(gettext("answers that are wrong"), range=(0, max(y) * 1.15 + 0.005)),
        [Series(label, x, y)],
        note=gettext("Risk against coverage: what answering fewer names would buy."),
    )


def as_dict(shown: Board) -> Json:
    """Return a version's holdout as JSON shows it: its scores and curves as the card has them."""
    card = model_card.card_of(shown.version)
    scores = card.holdout.get(shown.group)
    return {
        "version": shown.version.label,
        "names": shown.group,
        "positive": WORDS.source[Label.FEMALE],
        "scores": scores.to_json() if scores else None,
        "curves": card.curves_json(shown.group),
        "slices": card.slices_json(),
    }
