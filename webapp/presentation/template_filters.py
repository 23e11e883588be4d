"""How pages write figures, days and the words of enumerations."""

from collections.abc import MutableMapping
from datetime import UTC, date, datetime
from typing import Any

import flask.templating
from flask import Flask

from training.names import label_of
from training.names.scripts.letters import on_its_own
from webapp.languages import numbers, sentences
from webapp.languages.countries import country_name
from webapp.languages.texts import gettext
from webapp.languages.words import counted
from webapp.presentation import wording
from webapp.presentation.confusion import Metric, census
from webapp.presentation.dates import today

NOTHING = "–"
FEW, SOME = 20, 200
"""Of fewer than FEW a figure is told by counting them; from SOME on it carries a decimal."""


class Environment(flask.templating.Environment):
    """Flask's, whose templates all see one table of globals: Jinja copies theirs for each that is used."""

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        """Return what a template sees beside what it is given."""
        return super().make_globals(d) if d else self.globals


def register(app: Flask) -> None:
    """Teach the templates to write figures, and give them the tables of words."""
    # Else Jinja writes figures that stand in a template when it compiles it: in the first reader's language.
    app.jinja_env.optimized = False
    figures = (percent, rate, share_of, interval, count, hundredths, numbers.decimal, numbers.significant)
    days = (long_day, whole_day, ago, duration)
    words = (wording.mostly, wording.guess_in_words, wording.told_as, wording.share_in_words, wording.said)
    rows = (numbers.listed, numbers.in_a_row, sentences.told, country_name, on_its_own)
    for each in (*figures, *days, *words, *rows, side_class, step_class):
        app.add_template_filter(each)
    app.add_template_filter(numbers.localised, "as_number")
    app.add_template_filter(numbers.percent, "percents")
    app.jinja_env.globals.update(
        today=today,
        comma=numbers.comma,
        digits_between=digits_between,
        label_words=wording.LABEL_WORDS,
        label_classes=wording.LABEL_CLASSES,
        guessed_words=wording.GUESSED_WORDS,
        state_words=wording.STATE_WORDS,
        role_words=wording.ROLE_WORDS,
        step_words=wording.STEP_WORDS,
        status_words=wording.STATUS_WORDS,
        given_at=wording.GIVEN_AT,
        origin_words=wording.ORIGIN_WORDS,
        run_kind_words=wording.RUN_KIND_WORDS,
    )


def percent(share: float | None, digits: int = 1) -> str:
    """Write a share as "90.5%"; a share of nothing as a dash, one that is nearly all as "> 99.9%"."""
    if share is None:
        return NOTHING
    written, step = f"{share * 100:.{digits}f}", 10.0**-digits
    # Nearly all is not all, and hardly any is not none.
    if share < 1 and written == f"{100:.{digits}f}":
        return f"> {numbers.percent(1 - step / 100, digits)}"
    if share > 0 and written == f"{0:.{digits}f}":
        return f"< {numbers.percent(step / 100, digits)}"
    return numbers.percent(share, digits)


def digits_between(before: float, after: float) -> int:
    """Return how many decimals it takes to tell two shares apart, as `percent` writes them: 1 to 4."""
    return next((n for n in range(1, 4) if percent(before, n) != percent(after, n)), 4)


def hundredths(p: float) -> str:
    """Write a share in whole hundredths; hardly any is not none, and nearly all is not all."""
    return numbers.percent(min(max(round(p * 100), 1), 99) / 100)


def side_class(p_female: float) -> str:
    """Return the class of the style sheets for whom a share of women speaks for."""
    return wording.LABEL_CLASSES[label_of(p_female)]


def step_class(p_female: float) -> str:
    """Return the class of the colour of a share of women, in twentieths: "p-0", "p-5", … "p-100"."""
    return f"p-{round(p_female * 20) * 5}"


def rate(metric: Metric) -> str:
    """Write a figure with no more digits than its count can carry: "6 of 8", "75%", "90.5%"."""
    if _are_few(metric):
        return gettext("%(hits)s of %(n)s", hits=metric.hits, n=metric.n)
    return percent(metric.value, _digits(metric))


def _are_few(metric: Metric) -> bool:
    return metric.hits is not None and 0 < metric.n < FEW


def interval(metric: Metric) -> str:
    """Write what a figure lies between: "88.6 to 92.0"; one that counts them all is exact."""
    if metric.value is None:
        return gettext("nothing to count yet")
    if metric.low is None or metric.high is None:
        return gettext("all counted")
    low = numbers.decimal(metric.low * 100, _digits(metric))
    # Under "6 of 8" nothing else says that these are hundredths.
    if _are_few(metric):
        high = numbers.percent(metric.high, _digits(metric))
    else:
        high = numbers.decimal(metric.high * 100, _digits(metric))
    return gettext("%(low)s to %(high)s", low=low, high=high)


def share_of(share: float, n: int) -> str:
    """Write a share of `n` counted ones: "6 of 8", "75%", "90.5%"."""
    return rate(census(round(share * n), n))


def _digits(metric: Metric) -> int:
    return 1 if metric.n >= SOME else 0


def count(n: int, noun: str = "") -> str:
    """Write "1,204", or with a noun "1 answer", "1,204 answers"."""
    return counted(n, noun) if noun else numbers.count(n)


def long_day(day: date | datetime) -> str:
    """Write a day as "12 November", with its year unless it is this one."""
    return numbers.long_day(day, day.year != datetime.now(UTC).year)


def whole_day(day: date | datetime) -> str:
    """Write a day with its year: "12 November 2026"."""
    return numbers.long_day(day, with_year=True)


def ago(at: datetime) -> str:
    """Write how long ago a moment was: "4 seconds ago"."""
    seconds = int((datetime.now(UTC) - at).total_seconds())
    if seconds < 1:  # or less than none: another machine's clock may be a little ahead
        return gettext("just now")
    unit, size = next((unit, size) for unit, size in numbers.SECONDS.items() if seconds >= size)
    return numbers.ago(seconds // size, unit)


def duration(seconds: float) -> str:
    """Write how long something takes: "41 seconds", "12 minutes", "3 h 20 min"."""
    # Not at 60: "75 seconds" says more than "1 minute". Likewise below, minutes up to an hour and a half.
    if seconds < 90:
        return numbers.units(max(1, round(seconds)), "second")
    if seconds < 5400:
        return numbers.units(round(seconds / 60), "minute")
    hours, minutes = divmod(round(seconds / 60), 60)
    if minutes:
        return gettext("%(hours)s h %(minutes)s min", hours=hours, minutes=minutes)
    return numbers.units(hours, "hour")
