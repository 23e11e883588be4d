"""The words of name lists: what a heading means, which sex a code stands for, how many a count says."""

import re
import tomllib
import unicodedata
from collections.abc import Collection, Mapping
from enum import StrEnum
from pathlib import Path

MOST_BEARERS = 10**10

_WORDS = tomllib.loads((Path(__file__).parent / "words.toml").read_text(encoding="utf-8"))
_BREAKS = re.compile(r"[\W_]+")
_THOUSANDS = re.compile(r"\d{1,3}([,' \u00a0\u202f]\d{3})+(\.0+)?")
_WHOLE = re.compile(r"\d+([.,]0+)?")
_UNTOLD = frozenset(("", "*", "..", "...", ".", "-", "–", "x", "s", "c", ":", "n/a", "na"))
"""What stands for a count that is too small to be published."""


class Role(StrEnum):
    """What a column of a name list holds."""

    NAME = "name"
    LABEL = "label"
    COUNT = "count"
    COUNTRY = "country"
    YEAR = "year"
    WOMEN = "women"  # how many of them are women, for lists with a count for each sex
    MEN = "men"


def fold(word: str) -> str:
    """Return a word in small letters, without accents and with blanks between its parts."""
    letters = unicodedata.normalize("NFD", word.casefold().replace("ı", "i").replace("ł", "l"))
    bare = "".join(letter for letter in letters if unicodedata.category(letter) != "Mn")
    return _BREAKS.sub(" ", unicodedata.normalize("NFC", bare)).strip()


_ROLES = [(fold(word), role) for role in Role for word in _WORDS["headings"][role]]
_COUNTED = {word for word, role in _ROLES if role == Role.COUNT and len(word) > 3 and " " not in word}
_NOT_COUNTED = frozenset(map(fold, _WORDS["uncounted"]["words"]))
_SHARES = {
    fold(word): share
    for key, share in (("female", 1.0), ("male", 0.0), ("both", 0.5))
    for word in _WORDS["sexes"][key]
}
_CODES: list[dict[str, float]] = [{pair["male"]: 0.0, pair["female"]: 1.0} for pair in _WORDS["codes"]]


def roles(header: Collection[str]) -> Mapping[Role, int]:
    """Return which column of a row of headings holds what; the first where several say the same."""
    folded = [fold(heading) for heading in header]
    found: dict[Role, int] = {}
    may_be = [{role for word, role in _ROLES if word == heading} for heading in folded]
    # "nombre" is the name in Spanish and the count in French: what is certain goes first.
    for column in sorted(range(len(may_be)), key=lambda column: len(may_be[column])):
        for role in Role:
            if role in may_be[column] and role not in found:
                found[role] = column
                break
    if Role.NAME in found and Role.COUNT not in found:
        taken = {*found.values()}
        counts = [at for at, heading in enumerate(folded) if at not in taken and _counts(heading)]
        if counts:
            found[Role.COUNT] = counts[0]
    return found


def _counts(heading: str) -> bool:
    """Say whether a longer heading is of a count: "Number of births", "Anzahl der Kinder 2020"."""
    words = set(heading.split(" "))
    return bool(words & _COUNTED) and not words & _NOT_COUNTED


def shares(labels: Collection[str], heading: str = "") -> Mapping[str, float]:
    """Return the share of women that each label of a column means; labels that mean nothing are not in it.

    Letters and digits are read together: M is male beside F and W, and female beside H. Raises ValueError for
    a letter that stands alone where its heading leaves open which it is.
    """
    # Statistics programs write a digit as 1.0 where a cell of its column is empty.
    folded = {label: fold(label.strip().removesuffix(".0")) for label in labels}
    if len(alone := {word for word in folded.values() if word}) == 1 and fold(heading) in _doubted(*alone):
        raise ValueError(
            f"under {heading!r} a column of {next(iter(labels))!r} alone may mean either sex: write it out"
        )
    known = {label: _SHARES[word] for label, word in folded.items() if word in _SHARES}
    codes = {word for word in folded.values() if word not in _SHARES}
    # `max` takes the first of equals, so a column of nothing but M is read as m and f.
    scheme = max(_CODES, key=lambda pair: len(codes & set(pair)))
    coded = {label: scheme[word] for label, word in folded.items() if word in scheme}
    return coded | known


def _doubted(code: str) -> list[str]:
    doubted: list[str] = _WORDS["doubtful"].get(code, [])
    return doubted


def people(count: str) -> int | None:
    """Return how many people a count says, None for one not published; raise ValueError for another."""
    text = count.strip()
    if text.casefold() in _UNTOLD or text.startswith("<"):
        return None
    if _THOUSANDS.fullmatch(text):
        text = re.sub(r"[,' \u00a0\u202f]", "", text)
    whole = text.replace(",", ".").partition(".")[0]
    is_whole = text.isascii() and bool(_WHOLE.fullmatch(text))
    if not is_whole or not 1 <= int(whole) <= MOST_BEARERS:
        raise ValueError(f"the count must be a whole number of at least 1, not {count[:40]!r}")
    return int(whole)


def is_none(count: str) -> bool:
    """Say whether a count is nought."""
    return bool(re.fullmatch(r"0*([.,]0+)?", count.strip()))


def year_of(text: str) -> int | None:
    """Return a year, None for what stands where none is told ("XXXX", "1900-1945")."""
    bare = text.strip().removesuffix(".0")
    return int(bare) if bare.isascii() and bare.isdigit() and len(bare) == 4 else None
