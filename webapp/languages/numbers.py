"""Numbers, days and lists as the reader's language writes them.

Figures are rounded as Python rounds them in every language, so that none shows another figure than the rest.
"""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Literal

from babel.dates import format_skeleton, format_timedelta
from babel.lists import format_list
from babel.numbers import format_decimal, format_percent
from babel.units import format_unit
from markupsafe import Markup, escape

from webapp.languages.choice import SOURCE, current
from webapp.languages.texts import pgettext

Style = Literal["standard", "or"]
Unit = Literal["day", "hour", "minute", "second"]
SECONDS: dict[Unit, int] = {"day": 86400, "hour": 3600, "minute": 60, "second": 1}


def count(n: float) -> str:
    """Write a whole number: "1,204"."""
    return decimal(n, 0)


def decimal(value: float | Decimal, digits: int = 0, sign: bool = False) -> str:
    """Write a number with so many decimals; with a plus sign too, if `sign` says so."""
    text = f"{value:{'+' if sign else ''},.{digits}f}".replace("-", "−" if sign else "-")
    return text if _is_source() else localised(text)


def significant(value: float, digits: int) -> str:
    """Write a number with so many digits that say something: "0.0312"."""
    return localised(f"{value:.{digits}g}")


def localised(number: object) -> str:
    """Write a number anew that was written in English, "−1,204.50": its figures stay as they are."""
    text = str(number)
    bare = text.replace(",", "").replace("−", "-")
    if _is_source() or not bare.lstrip("+-").replace(".", "", 1).isdigit():
        return text
    _, _, decimals = bare.partition(".")
    pattern = "#,##0" + ("." + "0" * len(decimals) if decimals else "")
    written = format_decimal(abs(Decimal(bare)), pattern, locale=current())
    return (_before_figures() + text[0] if text[0] in "+-−" else "") + written


def _before_figures() -> str:
    """Return what keeps a sign to the left of its figures where text runs from the right."""
    return "\u200e" if current().text_direction == "rtl" else ""


def percent(share: float, digits: int = 0) -> str:
    """Write a share as "90.5%"."""
    text = f"{share * 100:.{digits}f}"
    if _is_source():
        return f"{text}%"
    decimals = "." + "0" * digits if digits else ""
    pattern = current().percent_formats[None].pattern.replace("#,##0", f"#,##0{decimals}")
    return format_percent(Decimal(text) / 100, pattern, locale=current())


def long_day(day: date, with_year: bool) -> str:
    """Write a day as "12 November", or with its year."""
    if _is_source():
        return f"{day.day} {day:%B %Y}" if with_year else f"{day.day} {day:%B}"
    return format_skeleton("yMMMMd" if with_year else "MMMMd", day, locale=current())


def ago(n: int, unit: Unit) -> str:
    """Write how long ago: "4 seconds ago"."""
    past = -timedelta(seconds=n * SECONDS[unit])
    # No larger unit is worth so much, so it is told in this one.
    return format_timedelta(
        past, granularity=unit, threshold=1_000_000_000, add_direction=True, locale=current()
    )


def units(n: int, unit: Unit) -> str:
    """Write a time in one unit: "75 seconds"."""
    return format_unit(n, f"duration-{unit}", "long", locale=current())


def join(parts: Sequence[str], style: Style = "standard") -> str:
    """Join words as a sentence lists them: "Anna, Ben and Cleo"; with "or" in another style."""
    # British English has no comma before "and".
    return format_list(parts, style, "en_GB" if _is_source() else current())


def listed(parts: Sequence[str], style: Style = "standard") -> Markup:
    """Join the same for a page: what is no markup is made harmless."""
    return Markup(join([str(escape(part)) for part in parts], style))  # nosec B704: each is escaped


def in_a_row(parts: Iterable[str]) -> Markup:
    """Join parts that no word joins: "v2, the last 30 days, reviewed only"; in Arabic by its own comma."""
    return Markup(comma()).join(parts)  # nosec B704: each part is escaped


def comma() -> str:
    """Return what stands between two parts that no word joins."""
    return pgettext("between two parts", ", ")


def _is_source() -> bool:
    return str(current().language) == SOURCE
