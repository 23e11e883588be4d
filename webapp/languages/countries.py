"""What countries are called in the reader's language, as Babel has it."""

from collections.abc import Sequence
from functools import cache

from babel import Locale
from markupsafe import Markup

from training.names import COUNTRIES
from webapp.languages import choice


def country_name(code: str) -> str:
    """Return what a country is called, by its code."""
    return str(choice.current().territories[code])


def country_options(chosen: str | None = None) -> Markup:
    """Return an option for each country that makes a difference to names, in the order of their names."""
    options = _options(choice.code())
    if chosen not in COUNTRIES:
        return options
    before, after = options.split(f'value="{chosen}"')
    return before + Markup('value="{}" selected').format(chosen) + after


def countries() -> Sequence[tuple[str, str]]:
    """Return the code and the name of each country that makes a difference to names, by their names."""
    return _countries(choice.code())


@cache  # a page holds all of them
def _countries(language: str) -> Sequence[tuple[str, str]]:
    named = Locale(language).territories
    return sorted(((code, str(named[code])) for code in COUNTRIES), key=lambda pair: pair[1])


@cache
def _options(language: str) -> Markup:
    one = Markup('<option value="{}">{}</option>')
    return Markup().join(one.format(*country) for country in _countries(language))
