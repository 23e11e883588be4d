"""Where a name is from, as a network is told: one token before the letters.

The tokens are those of the list that was learned from: a country, or several that it counts as one. Countries
that it does not know are read as one whose names they share, or as no country at all.
"""

import re
from dataclasses import dataclass

from training.names.alphabet import LONGEST
from training.names.scripts.letters import Script

TOKENS = {
    "GB": "Great Britain", "IE": "Ireland", "US": "the USA", "IT": "Italy", "MT": "Malta", "PT": "Portugal",
    "ES": "Spain", "FR": "France", "BE": "Belgium", "LU": "Luxembourg", "NL": "the Netherlands",
    "DE": "Germany", "AT": "Austria", "CH": "Switzerland", "IS": "Iceland", "DK": "Denmark", "NO": "Norway",
    "SE": "Sweden", "FI": "Finland", "EE": "Estonia", "LV": "Latvia", "LT": "Lithuania", "PL": "Poland",
    "CZ": "the Czech Republic", "SK": "Slovakia", "HU": "Hungary", "RO": "Romania", "BG": "Bulgaria",
    "BA": "Bosnia and Herzegovina", "HR": "Croatia", "XK": "Kosovo", "MK": "North Macedonia",
    "ME": "Montenegro", "RS": "Serbia", "SI": "Slovenia", "AL": "Albania", "GR": "Greece", "RU": "Russia",
    "BY": "Belarus", "MD": "Moldova", "UA": "Ukraine", "AM": "Armenia", "AZ": "Azerbaijan", "GE": "Georgia",
    "KZ": "Central Asia", "TR": "Turkey", "SA": "the Arab world and Iran", "IL": "Israel", "CN": "China",
    "IN": "India and Sri Lanka", "JP": "Japan", "KR": "Korea", "VN": "Vietnam",
}  # fmt: skip
"""What is read before a name, and what it stands for: codes of ISO 3166, in the order of the list."""

_OF_TOKEN = {
    "KZ": "KG TJ TM UZ",
    "SA": "AE BH DJ DZ EG IQ IR JO KW LB LY MA MR OM PS QA SD SO SY TN YE",
    "IN": "LK",
}
"""Countries that the list itself counts as one with another."""
_NEAR = {
    "GB": "AU NZ JE GG IM GI ZA",
    "US": "CA PR",
    "PT": "BR AO MZ CV",
    "ES": "AR BO CL CO CR CU DO EC GT HN MX NI PA PE PY SV UY VE AD",
    "FR": "MC",
    "DE": "LI",
    "IT": "SM VA",
    "CN": "TW HK MO SG",
    "IN": "BD NP PK",
    "GR": "CY",
    "KR": "KP",
    "SA": "AF",
    "DK": "FO GL",
}
"""Countries that the list does not know, by one whose names they mostly share."""


@dataclass(frozen=True)
class Country:
    """A country as somebody names it, and how the network reads it."""

    code: str
    """ISO 3166, two capitals."""
    token: str
    """What is read before the name."""

    @property
    def place(self) -> str:
        """What the token stands for, in words."""
        return TOKENS[self.token]


COUNTRIES = {
    code: Country(code, token)
    for token in TOKENS
    for code in (token, *_OF_TOKEN.get(token, "").split(), *_NEAR.get(token, "").split())
}
"""All countries that make a difference, by their code."""
MARK = ":"
"""Between a token and the letters behind it."""


def with_country(token: str, name: str) -> str:
    """Return a name with the country that is read before it: "IT:andrea"; without one the name itself.

    So is a name that leaves no room for one: what is stored has up to LONGEST characters.
    """
    return f"{token}{MARK}{name}" if token and len(name) + 3 <= LONGEST else name


def split_country(name: str) -> tuple[str, str]:
    """Return the token of a name, or "", and what stands behind it."""
    return (name[:2], name[3:]) if name[2:3] == MARK and name[:2] in TOKENS else ("", name)


SURNAME_FIRST = frozenset(("CN", "HU", "JP", "KR", "VN"))
"""Tokens of countries where a full name begins with the surname."""
OF_SCRIPT = {Script.CHARACTERS: ("CN", "JP")}
"""Tokens that are read before a name in a script of its own; before Latin letters each is."""


_MARKS = (
    (re.compile("[\u0400-\u052f]"), "RU"),
    (re.compile("[\u0370-\u03ff\u1f00-\u1fff]"), "GR"),
    (re.compile("[\u0531-\u058f]"), "AM"),
    (re.compile("[\u10a0-\u10ff\u1c90-\u1cbf]"), "GE"),
    (re.compile("[\u0900-\u0d7f]"), "IN"),
)
"""Scripts that are spelled in Latin letters, each with the country whose token marks it."""


def mark_of(spelling: str) -> str:
    """Return the token that is read before a spelling because of its letters; empty for Latin ones.

    `python -m benchmarks.marks` measures what it helps.
    """
    if spelling.isascii():
        return ""
    return next((token for letters, token in _MARKS if letters.search(spelling)), "")


def is_told_apart(country: Country, script: Script | None) -> bool:
    """Say whether a name in a script, or in Latin letters, is read with a country before it."""
    return script is None or country.token in OF_SCRIPT.get(script, ())
