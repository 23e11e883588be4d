"""What countries are called in the reader's language, as Babel has it."""

from training.names import COUNTRIES
from webapp.languages import choice


def country_name(code: str) -> str:
    """Return what a country is called, by its code."""
    return str(choice.current().territories[code])


def countries() -> list[tuple[str, str]]:
    """Return the code and the name of each country that makes a difference to names, by their names."""
    return sorted(((code, country_name(code)) for code in COUNTRIES), key=lambda pair: pair[1])
