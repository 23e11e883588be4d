"""What countries are called in the reader's language, as Babel has it."""

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


@cache  # a page holds all of them
def _options(language: str) -> Markup:
    named = {code: str(Locale(language).territories[code]) for code in COUNTRIES}
    one = Markup('<option value="{}">{}</option>')
    return Markup().join(one.format(code, named[code]) for code in sorted(named, key=named.__getitem__))
