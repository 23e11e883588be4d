"""Names by country: the list of Jörg Michael (2008, GNU FDL), as the package gender-guesser holds it.

Some 48,000 names, each with how frequent it is in 54 countries, in powers of two, and whom it is given to.
Only the list is read; nothing of the package's code is.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from math import log10

from training.data.corpus import HOLDOUT, TRAIN, VALIDATION, Origin
from training.data.world.lessons import Lesson, Lessons, file_of
from training.names import UnreadableName, in_latin, with_country
from training.names.alphabet import bucket
from training.names.scripts.countries import TOKENS

COUNTRIES = "by country"
_FILE = "gender-guesser", "gender_guesser/data/nam_dict.txt"
_TWICE = "DE"
_TOKENS = [token for token in TOKENS for _ in range(2 if token == _TWICE else 1)]
"""Of the columns, in order; East Frisia's is Germany's second, and the last, of no country, is left out."""
_TOLD_OF_NONE = "CN"
"""Of every Chinese name the list says that both bear it: pinyin tells no tones. `pinyin.py` knows more."""
_FIRST_COLUMN = 30
_SHARES = {"M": 0.0, "1M": 0.15, "?M": 0.15, "F": 1.0, "1F": 0.85, "?F": 0.85, "?": 0.5}
"""Of women: a question mark is "mostly", a 1 "mostly, where it comes first"."""
MOST_FREQUENT = 0.02 / 2**10
"""Share of a country's people with a name of frequency 0: 10 is two in a hundred, each step half of it."""


_MILLIONS = {
    "GB": 67, "IE": 5, "US": 335, "IT": 59, "MT": 0.5, "PT": 10, "ES": 48, "FR": 68, "BE": 11.7, "LU": 0.65,
    "NL": 17.8, "DE": 84, "AT": 9, "CH": 8.8, "IS": 0.38, "DK": 5.9, "NO": 5.5, "SE": 10.5, "FI": 5.6,
    "EE": 1.3, "LV": 1.9, "LT": 2.8, "PL": 38, "CZ": 10.5, "SK": 5.4, "HU": 9.7, "RO": 19, "BG": 6.5,
    "BA": 3.2, "HR": 3.9, "XK": 1.8, "MK": 1.8, "ME": 0.62, "RS": 6.7, "SI": 2.1, "AL": 2.8, "GR": 10.4,
    "RU": 144, "BY": 9.2, "MD": 2.5, "UA": 38, "AM": 2.8, "AZ": 10.1, "GE": 3.7, "TR": 85, "IL": 9.7,
    "CN": 1410, "IN": 1430, "JP": 124, "KR": 52, "VN": 99,
}  # fmt: skip
"""People of each country, about; of two regions that the list counts as one country, none."""


def origins() -> Iterator[Origin]:
    """Yield an estimate of how many people bear each name in each country: what its frequency comes to."""
    for (token, name), (women, all_) in _counted().items():
        people = round(MOST_FREQUENT * all_ * _MILLIONS.get(token, 0) * 1e6)
        if people:
            yield name, token, 0, people * women / all_, people


def read_countries(famous: frozenset[str]) -> Lessons:
    """Return (country, name) pairs with the share of women; `famous` names are never held out."""
    return Lessons(tuple(_lessons(famous)))


def _lessons(famous: frozenset[str]) -> Iterator[Lesson]:
    for (token, name), (women, all_) in _counted().items():
        asked = with_country(token, name)
        yield Lesson(asked, women / all_, 1 + log10(all_), _part(token, name, famous), COUNTRIES)


def _part(token: str, name: str, famous: frozenset[str]) -> int:
    if name in famous:
        return TRAIN
    # By both: what is held out is one country's word on a name, not all that is known of the name.
    number = bucket(token.lower() + name)
    return HOLDOUT if number < 5 else VALIDATION if number < 10 else TRAIN


def _counted() -> Mapping[tuple[str, str], tuple[float, float]]:
    """Return (token, name) -> how frequent women and all bearers are, in the list's least unit."""
    found: dict[tuple[str, str], list[float]] = defaultdict(lambda: [0.0, 0.0])
    for kind, names, frequencies in _entries():
        for token, digit in zip(_TOKENS, frequencies, strict=False):
            if digit == " " or (token == _TOLD_OF_NONE and kind == "?"):
                continue
            for name in names:
                counts = found[token, name]
                counts[0] += _SHARES[kind] * 2 ** int(digit, 16)
                counts[1] += 2 ** int(digit, 16)
    return {pair: (women, all_) for pair, (women, all_) in found.items()}


def _entries() -> Iterator[tuple[str, list[str], str]]:
    """Yield the kind of each line, its names in Latin letters, and its columns."""
    with file_of(*_FILE).open(encoding="utf-8") as lines:
        for line in lines:
            if line[0] not in "#=":
                kind, written, *_ = line.split()
                yield kind, _spellings(written), line[_FIRST_COLUMN:]


def _spellings(written: str) -> list[str]:
    # A plus stands for a hyphen, a blank or nothing.
    ways = (written.replace("+", sign) for sign in ("-", " ", "")) if "+" in written else (written,)
    names = []
    for way in ways:
        try:
            names.append(in_latin(way))
        except UnreadableName:
            continue
    return [name for name in dict.fromkeys(names) if 2 <= len(name) <= 30]
