"""How pages write figures, days and the words of enumerations."""

from datetime import UTC, date, datetime

from flask import Flask

from webapp.presentation import wording
from webapp.presentation.confusion import Metric, census
from webapp.presentation.dates import today

NOTHING = "–"
FEW, SOME = 20, 200
"""Of fewer than FEW a figure is told by counting them; from SOME on it carries a decimal."""


def register(app: Flask) -> None:
    """Teach the templates to write figures, and give them the tables of words."""
    app.add_template_filter(percent)
    app.add_template_filter(rate)
    app.add_template_filter(share_of)
    app.add_template_filter(interval)
    app.add_template_filter(count)
    app.add_template_filter(long_day)
    app.add_template_filter(ago)
    app.add_template_filter(duration)
    app.add_template_filter(wording.mostly)
    app.add_template_filter(wording.guess_in_words)
    app.add_template_filter(wording.told_as)
    app.add_template_filter(wording.share_in_words)
    app.jinja_env.globals.update(
        today=today,
        label_words=wording.LABEL_WORDS,
        status_words=wording.STATUS_WORDS,
        given_at=wording.GIVEN_AT,
        origin_words=wording.ORIGIN_WORDS,
        run_kind_words=wording.RUN_KIND_WORDS,
    )


def percent(share: float | None, digits: int = 1) -> str:
    """Write a share as "90.5%"; a share of nothing as a dash, one that is nearly all as "> 99.9%"."""
    if share is None:
        return NOTHING
    text = f"{share * 100:.{digits}f}%"
    # Nearly all is not all, and hardly any is not none.
    if share < 1 and text == f"{100:.{digits}f}%":
        return f"> {100 - 10.0**-digits:.{digits}f}%"
    return f"< {10.0**-digits:.{digits}f}%" if share > 0 and text == f"{0:.{digits}f}%" else text


def rate(metric: Metric) -> str:
    """Write a figure with no more digits than its count can carry: "6 of 8", "75%", "90.5%"."""
    if _are_few(metric):
        return f"{metric.hits} of {metric.n}"
    return percent(metric.value, _digits(metric))


def _are_few(metric: Metric) -> bool:
    return metric.hits is not None and 0 < metric.n < FEW


def interval(metric: Metric) -> str:
    """Write what a figure lies between: "88.6 to 92.0"; one that counts them all is exact."""
    if metric.value is None:
        return "nothing to count yet"
    if metric.low is None or metric.high is None:
        return "all counted"
    digits = _digits(metric)
    # Under "6 of 8" nothing else says that these are hundredths.
    unit = "%" if _are_few(metric) else ""
    return f"{metric.low * 100:.{digits}f} to {metric.high * 100:.{digits}f}{unit}"


def share_of(share: float, n: int) -> str:
    """Write a share of `n` counted ones: "6 of 8", "75%", "90.5%"."""
    return rate(census(round(share * n), n))


def _digits(metric: Metric) -> int:
    return 1 if metric.n >= SOME else 0


def count(n: int, one: str = "", many: str = "") -> str:
    """Write "1,204", or with a noun "1 answer", "1,204 answers"."""
    noun = one if n == 1 else many or one + "s"
    return f"{n:,} {noun}" if one else f"{n:,}"


def long_day(day: date | datetime) -> str:
    """Write a day as "12 November", with its year unless it is this one."""
    year = "" if day.year == datetime.now(UTC).year else f" {day.year}"
    return f"{day.day} {day:%B}{year}"


SPANS = ((86400, "day"), (3600, "hour"), (60, "minute"), (1, "second"))


def ago(at: datetime) -> str:
    """Write how long ago a moment was: "4 seconds ago"."""
    seconds = int((datetime.now(UTC) - at).total_seconds())
    if seconds < 1:  # or less than none: another machine's clock may be a little ahead
        return "just now"
    size, unit = next(span for span in SPANS if seconds >= span[0])
    return f"{count(seconds // size, unit)} ago"


def duration(seconds: float) -> str:
    """Write how long something takes: "41 seconds", "12 minutes", "3 h 20 min"."""
    # Not at 60: "75 seconds" says more than "1 minute". Likewise below, minutes up to an hour and a half.
    if seconds < 90:
        return count(max(1, round(seconds)), "second")
    if seconds < 5400:
        return count(round(seconds / 60), "minute")
    hours, minutes = divmod(round(seconds / 60), 60)
    return f"{hours} h {minutes} min" if minutes else count(hours, "hour")
