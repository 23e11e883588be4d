"""Several words that no table knows and no rule is about, as most given names are: told at once.

Each rule of `telling`, `finding` and `order` that could say something of a word has its place here; what one
of them might be about is left to them. A test reads both ways alike.
"""

import re

from training.names.alphabet import LONGEST
from training.names.order import is_full_by, is_patronymic
from training.names.surnames import strength_of
from training.names.tables import (
    ALIASES,
    AND,
    COMPANIES,
    FAMILIES,
    MAIDEN,
    PARENT,
    PARTICLES,
    SHORT,
    SHORT_DOTTED,
    SUFFIXES,
    TITLES,
    Placeholders,
    Titles,
    Words,
)
from training.names.words.kinds import by_marriage

_WORDS = re.compile("[A-Za-z]{2,}(?:[ -][A-Za-z]{2,})+")


def _words_of(table: Titles | Words) -> set[str]:
    """Return every word that a table knows, by itself or in a pair, in small letters."""
    return {
        word.casefold() for entries in vars(table).values() for entry in entries for word in entry.split()
    }


_TABLES: tuple[Titles | Words, ...] = (
    TITLES,
    ALIASES,
    AND,
    COMPANIES,
    FAMILIES,
    MAIDEN,
    PARENT,
    PARTICLES,
    SUFFIXES,
)
_TOLD = frozenset().union(*map(_words_of, _TABLES), SHORT, SHORT_DOTTED, ("at", "et", "baby"))
_OF_FAMILIES = tuple(FAMILIES.endings)


def are_plain(typed: str, placeholders: Placeholders) -> bool:
    """Say whether a text is several given names, or one with a hyphen, of which nothing is to be told."""
    if not _WORDS.fullmatch(typed) or len(typed) > LONGEST or placeholders.holds(typed):
        return False
    words = typed.split(" ")
    if len(words) == 1 and typed.casefold().endswith(_OF_FAMILIES):
        return False
    return not any(_may_be_told(word, placeholders) for word in words)


def _may_be_told(word: str, placeholders: Placeholders) -> bool:
    small = word.lower()
    return (
        not _TOLD.isdisjoint((small, *small.split("-")))
        or word.isupper()
        or small.endswith(TITLES.endings)
        or word.startswith(TITLES.beginnings)
        or placeholders.holds(word)
        or is_patronymic(word)
        or by_marriage(word) is not None
    )


def may_be_full(words: list[str]) -> bool:
    """Say whether plain words may be a full name."""
    return len(words) > 1 and is_full_by([strength_of(word) for word in words])
