"""What a heading says of its column, in the languages of headings.toml: names of which kind, or none."""

import re
import tomllib
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from pathlib import Path

from ftfy import fix_encoding


class Kind(StrEnum):
    """What stands under a heading."""

    GIVEN = "given"
    MIDDLE = "middle"
    FULL = "full"
    BARE = "bare"  # the given name beside a column of surnames, else the whole name
    SURNAME = "surname"
    COUNTRY = "country"
    OTHER = "other"


NAMELESS = frozenset({Kind.COUNTRY, Kind.OTHER})
"""Kinds of columns that hold no part of a name."""


@dataclass(frozen=True)
class Meaning:
    """What a heading means in one language."""

    language: str
    kind: Kind
    is_exact: bool = True
    """Whether the whole heading is known, and not only words of it."""


ENGLISH = "english"
_TABLE: dict[str, dict[str, list[str] | str]] = tomllib.loads(
    (Path(__file__).parent / "headings.toml").read_text(encoding="utf-8")
)
_JOINED_CAPITALS = re.compile(r"(?<=[^\W\d_A-Z])(?=[A-Z][^\W\d_]|[A-Z]$)")
_BREAKS = re.compile(r"[\W_]+")
_PARTS = re.compile(r"[/|()\[\]{}（）／【】\r\n,;:–—]+")
_OF_BOTH = re.compile(r"(?<=[^\W\d_])[*:/_·(-]+in(nen)?\)?$")
"""How German means women and men: Spieler*in, Schüler(innen)."""
_HALVES = frozenset(("vor", "for", "voor"))
"""What stands for a heading of given names before that of surnames: Vor- und Nachname, för- och efternamn."""
_NUMBER = re.compile(r" ?\d+$")
# Headings are often typed without their accents, and dotless in capitals.
_SAME = str.maketrans({"ı": "i", "’": "'", "ʼ": "'", "`": "'"})
_LONG = 6
"""Letters of a single word that tells a kind inside a longer heading."""
_WITHOUT_BLANKS = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3]{2,}")


@lru_cache(4096)
def fold(heading: str) -> str:
    """Return a heading in small letters without accents, its words parted by single blanks."""
    mended = heading if heading.isascii() else fix_encoding(heading)  # "prÃ©nom"
    text = _JOINED_CAPITALS.sub(" ", unicodedata.normalize("NFC", mended)).casefold().translate(_SAME)
    bare = "".join(
        letter for letter in unicodedata.normalize("NFD", text) if unicodedata.category(letter) != "Mn"
    )
    # An apostrophe is a letter of Ukrainian words, so it goes rather than parting them.
    return _BREAKS.sub(" ", unicodedata.normalize("NFC", bare).replace("'", "")).strip()


def _meanings() -> dict[str, tuple[Meaning, ...]]:
    found: dict[str, list[Meaning]] = {}
    for language, kinds in _TABLE.items():
        for kind in Kind:
            for heading in kinds.get(kind, ()):
                found.setdefault(fold(heading), []).append(Meaning(language, kind))
    # A sign alone ("№") says nothing once it is folded.
    return {heading: tuple(meanings) for heading, meanings in found.items() if heading}


_KNOWN = _meanings()
_SURNAME_FIRST = frozenset(language for language, kinds in _TABLE.items() if kinds.get("first"))


def puts_surname_first(language: str) -> bool:
    """Say whether full names of a language begin with the surname."""
    return language in _SURNAME_FIRST


def is_known(word: str) -> bool:
    """Say whether a text is a heading, letter by letter but for capitals and accents."""
    return fold(word) in _KNOWN


@lru_cache(4096)
def meanings(heading: str) -> tuple[Meaning, ...]:
    """Return what a heading may mean; empty for one that says nothing."""
    if len(heading) > 100:  # a sentence
        return ()
    whole = fold(heading)
    heading = _OF_BOTH.sub("", heading)
    for text in (whole, _NUMBER.sub("", whole), *map(fold, _PARTS.split(heading))):
        if text in _KNOWN:
            return _KNOWN[text]
    return _of_somebody(whole) or _by_its_words(whole)


def _of_somebody(heading: str) -> tuple[Meaning, ...]:
    """Return what a heading means that says whose name it is and nothing else: "Employee Name"."""
    words = heading.split(" ")
    if len(words) != 2:
        return ()
    both = [
        _languages_of(whose, Kind.FULL) & _languages_of(what, Kind.BARE)
        for whose, what in (words, words[::-1])
    ]
    return tuple(Meaning(language, Kind.BARE) for language in _TABLE if language in both[0] | both[1])


def _languages_of(word: str, kind: Kind) -> set[str]:
    return {meaning.language for meaning in _KNOWN.get(word, ()) if meaning.kind == kind}


def _by_its_words(heading: str) -> tuple[Meaning, ...]:
    inside = [meaning for phrase in _phrases(heading) for meaning in _KNOWN.get(phrase, ())]
    # Spanish "nombre" is a name and French "nombre" a number: a word that tells a name has the say.
    languages = Counter(meaning.language for meaning in inside if meaning.kind not in NAMELESS)
    most = {language for language, count in languages.items() if count == max(languages.values())}
    kinds = Counter(meaning.kind for meaning in inside if not most or meaning.language in most)
    language = max(languages, key=languages.__getitem__) if languages else ENGLISH
    kind = _kind_of(kinds) or _kind_of_last(heading, language)
    return (Meaning(language, kind, is_exact=False),) if kind else ()


def _kind_of(kinds: Counter[Kind]) -> Kind | None:
    """Return what a heading is of which some words are known: "Vorname des Kindes", "Name of company"."""
    if kinds[Kind.GIVEN] and kinds[Kind.SURNAME]:
        return Kind.FULL
    for kind in (Kind.SURNAME, Kind.MIDDLE, Kind.GIVEN):
        if kinds[kind]:
            return kind
    for kind in (Kind.OTHER, Kind.COUNTRY):
        if kinds[kind]:
            return kind
    # "Author's name" is a full name, "name of the horse" is what it is.
    return (Kind.FULL if kinds[Kind.FULL] else Kind.BARE) if kinds[Kind.BARE] else None


def _kind_of_last(heading: str, language: str) -> Kind | None:
    # "Class teacher", "club member": the last word says that it is somebody.
    words = heading.split(" ")
    return Kind.FULL if len(words) == 2 and language in _languages_of(words[1], Kind.FULL) else None


def _phrases(heading: str) -> Iterable[str]:
    words = heading.split(" ")
    for length in (3, 2, 1):
        for start in range(len(words) - length + 1):
            phrase = " ".join(words[start : start + length])
            if _tells(phrase):
                yield phrase
    # 申请人姓名: scripts without blanks put the kind at the end.
    if _WITHOUT_BLANKS.fullmatch(heading):
        yield from (heading[-length:] for length in (3, 2) if length < len(heading))


def _tells(phrase: str) -> bool:
    # "first", "last" and "ad" are headings alone, but say nothing inside a longer one.
    is_strong = " " in phrase or len(phrase) >= _LONG
    kinds = {meaning.kind for meaning in _KNOWN.get(phrase, ())}
    return is_strong or bool(kinds & {Kind.BARE, Kind.FULL, *NAMELESS})


def order_of(heading: str) -> bool | None:
    """Say whether a heading names the surname before the given name: "Nachname, Vorname"; None if neither."""
    kinds = [{meaning.kind for meaning in _KNOWN.get(word, ())} for word in fold(heading).split(" ")]
    is_surname = [Kind.SURNAME in kind for kind in kinds]
    halves = [word in _HALVES for word in fold(heading).split(" ")]
    is_given = [
        bool(kind & {Kind.GIVEN, Kind.BARE}) or half for kind, half in zip(kinds, halves, strict=True)
    ]
    # "Nom et prénom": beside a given name the bare word is the surname.
    if not any(is_surname) and any(Kind.GIVEN in kind for kind in kinds):
        is_surname = [kind & {Kind.GIVEN, Kind.BARE} == {Kind.BARE} for kind in kinds]
        is_given = [Kind.GIVEN in kind for kind in kinds]
    if not (any(is_surname) and any(is_given)):
        return None
    return is_surname.index(True) < is_given.index(True)


def language_of(header: Sequence[str]) -> str:
    """Return the language in which most headings are known, English where none or as many are."""
    counts = Counter(
        language
        for cell in header
        for language in dict.fromkeys(meaning.language for meaning in meanings(cell) if meaning.is_exact)
    )
    counts[ENGLISH] += 0
    most = max(counts.values())
    found = [language for language, count in counts.items() if count == most]
    return ENGLISH if ENGLISH in found else found[0]


def language_in(language: str, codec: str) -> str:
    """Return the language of our headings in an encoding that may lack its letters: else English."""
    if language == "chinese" and codec == "cp950":
        return "traditional_chinese"
    try:
        "".join(_TABLE[language]["added"]).encode(codec)
    except UnicodeEncodeError:
        return ENGLISH
    return language


def locale_of(language: str) -> str:
    """Return the code of a language, as libraries know it."""
    return str(_TABLE[language]["locale"])


def added(language: str, header: Iterable[str], has_countries: bool = False) -> list[str]:
    """Return the headings of our columns in a language; they never meet one that the table already has."""
    taken = {fold(cell) for cell in header}
    plain = list(_TABLE[language]["added"])
    if has_countries:
        plain.insert(-2, str(_TABLE[language]["read_country"]))
    ours = plain
    number = 1
    # All or none: a table that was converted before gets another set that belongs together.
    while taken & set(map(fold, ours)):
        prefix = "nomen_" if number == 1 else f"nomen_{number}_"
        ours = [prefix + heading.replace(" ", "_") for heading in plain]
        number += 1
    return ours
