"""How the answers went from day to day."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from itertools import groupby

from sqlalchemy import func, select

from training.names import Label
from webapp.extensions import db
from webapp.languages import numbers
from webapp.languages.texts import gettext
from webapp.languages.words import counted as counted_noun
from webapp.models import Promotion, Tally
from webapp.presentation.charts import Axis, Chart, Series
from webapp.presentation.confusion import Metric, ratio
from webapp.presentation.dates import today
from webapp.presentation.template_filters import FEW, rate
from webapp.scoreboard import service as scoreboard
from webapp.scoreboard.filters import Filters

ROLLING = 7
"""Days that one point of the rolling accuracy counts."""

SHORTEST = 7
"""Days that an axis spans at least: one bar alone would fill the whole drawing."""
MOST_TICKS = 5
APART = 6
"""Words over the drawing need a sixth of it each, on a phone; nearer ones are joined."""

Days = dict[date, Counter[str]]
"""By day: `right` and `wrong` answers, and `both`."""


def charts(filters: Filters) -> list[Chart]:
    """Return the charts of one view over time, or none where nobody has answered."""
    days = by_day(filters)
    if not days:
        return []
    shown = _every_day(filters, days)
    return [_accuracy(days, shown), _volume(days, shown)]


def by_day(filters: Filters) -> Days:
    """Return the answers of each day in a view, and of the days before it that rolling figures need."""
    # All time first: the window's own first day would cut off the days that its first points look back on.
    counted = [*scoreboard.conditions(replace(filters, window="all")), Tally.taught.is_(False)]
    if filters.since:
        counted = [*counted, Tally.day > filters.since - timedelta(days=ROLLING)]
    kinds = (Tally.day, Tally.guessed, Tally.answer)
    days: Days = {}
    for day, guessed, answer, n in db.session.execute(
        select(*kinds, func.sum(Tally.n)).where(*counted).group_by(*kinds)
    ):
        days.setdefault(day, Counter())[_outcome(guessed, answer)] += n
    # Rows of the tally stay when they are counted down to nothing; such a day is no day with answers.
    return {day: counts for day, counts in sorted(days.items()) if counts.total()}


def _outcome(guessed: Label, answer: Label) -> str:
    if Label.BOTH in (guessed, answer):
        return "both"
    return "right" if answer == guessed else "wrong"


def _every_day(filters: Filters, days: Days) -> list[date]:
    # Up to today, days without answers included, so that the axis has no gaps.
    first = max(min(days), filters.since or min(days))
    return [first + timedelta(days=step) for step in range((today() - first).days + 1)]


def rolling(days: Days, day: date) -> Metric:
    """Return the accuracy over the ROLLING days that end with `day`."""
    counted: Counter[str] = Counter()
    for back in range(ROLLING):
        # Counts are added, not daily accuracies: a day with two answers weighs less than one with hundreds.
        counted += days.get(day - timedelta(days=back), Counter())
    return ratio(counted["right"], counted["right"] + counted["wrong"])


def _accuracy(days: Days, shown: list[date]) -> Chart:
    points = [rolling(days, day) for day in shown]
    line = Series(
        gettext("visitors’ answers"),
        [day.isoformat() for day in shown],
        [point.value for point in points],
        [point.low for point in points],
        [point.high for point in points],
        [point.n for point in points],
    )
    return Chart(
        "accuracy",
        _describe(points),
        days_axis(shown),
        Axis(gettext("answers that say the guess was right")),
        [line],
        note=gettext(
            "Each point counts the %(n)s days up to it; the band is the 95%% interval. "
            "An upright line marks the day a version began to serve.",
            n=ROLLING,
        ),
        marks=_promotions(shown),
    )


def _describe(points: list[Metric]) -> str:
    last = points[-1]
    if last.value is None:
        return gettext("Nobody answered in the last seven days")
    # A share of few says more than they can.
    some = rate(last)
    if last.n >= FEW:
        some = gettext("%(n)s in 100", n=round(last.value * 100))
    return gettext("In the last seven days %(some)s answers said the guess was right", some=some)


def days_axis(shown: Sequence[date]) -> Axis:
    """Return an axis of whole days that ends with the last one; each tick is a day of its own."""
    n = max(len(shown), SHORTEST)
    # Half a day more at both ends, so that the bars of the first and the last day are whole.
    end = datetime.combine(shown[-1], time(12))
    step = -(-n // MOST_TICKS)  # rounded up
    ticks = [shown[-1] - timedelta(days=back) for back in range(0, n, step)]
    return Axis(
        gettext("day"),
        "day",
        range=((end - timedelta(days=n)).isoformat(), end.isoformat()),
        ticks=[day.isoformat() for day in reversed(ticks)],
    )


def _promotions(shown: Sequence[date]) -> list[tuple[str, str]]:
    # More marks than that would cover the line.
    newest = select(Promotion.at, Promotion.version_id).order_by(Promotion.id.desc()).limit(50)
    rows = [(at.date(), version_id) for at, version_id in db.session.execute(newest)]
    return marks([(day, f"v{number}") for day, number in reversed(rows) if day >= shown[0]], len(shown))


def marks(began: Sequence[tuple[date, str]], days: int) -> list[tuple[str, str]]:
    """Return one mark a day on which versions began to serve, over an axis of so many days.

    Words that would lie over each other become one, at the first of their days.
    """
    nearest = timedelta(days=max(days, SHORTEST) / APART)
    found: list[tuple[date, list[str]]] = []
    lines = []
    for day, group in groupby(began, key=lambda row: row[0]):
        if not found or day - found[-1][0] >= nearest:
            found.append((day, []))
        found[-1][1].extend(label for _, label in group)
        lines.append(day)
    words = {day: _together(labels) for day, labels in found}
    return [(day.isoformat(), words.get(day, "")) for day in lines]


def _together(labels: Sequence[str]) -> str:
    # A rollback names a version twice; two are listed, of more the first and the last.
    each = list(dict.fromkeys(labels))
    return ", ".join(each) if len(each) < 3 else f"{each[0]} … {each[-1]}"


def _volume(days: Days, shown: list[date]) -> Chart:
    counts = [days.get(day, Counter()).total() for day in shown]
    bars = Series(gettext("answers"), [day.isoformat() for day in shown], counts, draw="bars", tone="quiet")
    mean = sum(counts) / len(counts)
    # Below that a rounded mean would read "1 answers a day", or "0" of a site that has some.
    told = {"total": numbers.count(sum(counts)), "days": numbers.count(len(shown))}
    if mean >= 1.5:
        title = gettext("%(n)s answers a day, %(total)s in %(days)s days", n=numbers.count(mean), **told)
    else:
        title = gettext("About one answer a day or fewer, %(total)s in %(days)s days", **told)
    return Chart(
        "volume",
        title
        if len(shown) > 1
        else gettext("%(answers)s in one day", answers=counted_noun(sum(counts), "answer")),
        days_axis(shown),
        Axis(gettext("answers a day"), "count"),
        [bars],
    )


def as_dict(filters: Filters) -> dict[str, object]:
    """Return the charts of one view over time as JSON shows them, point by point."""
    return {"filters": filters.query(), "charts": [chart.as_dict for chart in charts(filters)]}
