"""Text that is no name in any language: keys that were hit one beside the other, letters without a vowel.

And names that are like few others: which three letters follow each other in the names that were learned from
is a table of one bit each, written by `python -m training corpus --trigrams FILE`.
"""

import re
from base64 import b64decode
from functools import lru_cache
from itertools import pairwise, product
from pathlib import Path

from training.names.alphabet import ALPHABET

_CYRILLIC = ("йцукенгшщзхъ", "фывапролджэ", "ячсмитьбю")
ROWS = (
    *_CYRILLIC,
    "qwertyuiop",
    "asdfghjkl",
    "zxcvbnm",
    "qwertzuiop",
    "yxcvbnm",
    "azertyuiop",
    "qsdfghjklm",
    "wxcvbn",
)
"""Of the keyboards of most European languages, and the Russian one."""
_NEIGHBOURS = frozenset(one + other for row in ROWS for one, other in (*pairwise(row), *pairwise(row[::-1])))
_FOUR_KEYS = re.compile(
    "asdf|qwer|yxcv|zxcv|hjkl|jklm|qsdf|wxcv|uiop|sdfg|dfgh|fghj|ghjk|wasd|qweasd|qazwsx|фыва|йцук|ывап|олдж|ячсм"
)
"""Runs of four that are no names, as Trew and Poil are."""
SHORTEST_RUN = 5
_VOWEL = re.compile("[aeiouywhаеёиоуыэюяіїєў]")
"""With the letters that stand for one in Welsh, and in Hebrew and Arabic without points."""
SHORTEST_WITHOUT_VOWEL = 5
_BREAK = re.compile("[ '-]")
_SAME_LETTER = re.compile(r"(.)\1\1")
_TWICE = re.compile(r"(.{3,4})\1+|([^aeiouy]{2})\2+")


def is_hit_by_chance(name: str) -> bool:
    """Say whether a name in small Latin or Cyrillic letters looks like keys rather than like a name."""
    return _is_run(name) if name.isalpha() else any(map(_is_run, _BREAK.split(name)))


def _is_run(word: str) -> bool:
    if _SAME_LETTER.search(word) or _FOUR_KEYS.fullmatch(word):
        return True
    if len(word) >= SHORTEST_WITHOUT_VOWEL and not _VOWEL.search(word):
        return True
    # What comes twice begins anew after two letters, or three, or four: few names do, and a match takes long.
    if word[:1] in word[2:5] and (twice := _TWICE.fullmatch(word)):
        return twice[1] is None or _are_beside(twice[1])
    return len(word) >= SHORTEST_RUN and _are_beside(word)


def _are_beside(letters: str) -> bool:
    # Of most names the first two letters say that they are not.
    return letters[:2] in _NEIGHBOURS and all(one + other in _NEIGHBOURS for one, other in pairwise(letters))


TRIGRAMS = Path(__file__).parent / "data" / "trigrams.txt"
EDGE = "|"
"""Before the first letter of a name and behind the last."""
SYMBOLS = ALPHABET + EDGE
SELDOM = 20
"""Names that three letters are in, fewer than which are few."""
MOST_SELDOM = 3
"""Triples that are seldom: with so many in one word it is told. That is one in 3,000 of the names that a
hundred people bear, one in 200 of all, and three in four of letters drawn by chance."""


def is_like_few(name: str) -> bool:
    """Say whether few names that were learned from are like a normalised one in Latin letters."""
    return max(map(_n_seldom, name.split(" "))) >= MOST_SELDOM


def trigrams_of(word: str) -> list[int]:
    """Return which bits of the table stand for the letters of a word, three by three."""
    codes = [SYMBOLS.index(letter) for letter in f"{EDGE}{word}{EDGE}"]
    n = len(SYMBOLS)
    return [(a * n + b) * n + c for a, b, c in zip(codes, codes[1:], codes[2:], strict=False)]


def _n_seldom(word: str) -> int:
    frequent, text = _frequent(), f"{EDGE}{word}{EDGE}"
    return [text[at : at + 3] in frequent for at in range(len(word))].count(False)


@lru_cache(1)
def _frequent() -> frozenset[str]:
    # Texts and not bits: a look costs a fifth, and they take a megabyte.
    table = b64decode(TRIGRAMS.read_text(encoding="ascii"))
    all_triples = map("".join, product(SYMBOLS, repeat=3))
    return frozenset(triple for bit, triple in enumerate(all_triples) if table[bit // 8] >> bit % 8 & 1)
