"""Text that is no name in any language: keys that were hit one beside the other, letters without a vowel."""

import re
from itertools import pairwise

ROWS = ("qwertyuiop", "asdfghjkl", "zxcvbnm", "qwertzuiop", "yxcvbnm", "azertyuiop", "qsdfghjklm", "wxcvbn")
"""Of the keyboards of most European languages."""
_NEIGHBOURS = frozenset(pair for row in ROWS for pair in (*pairwise(row), *pairwise(row[::-1])))
_FOUR_KEYS = re.compile("asdf|qwer|yxcv|zxcv|hjkl|jklm|qsdf|wxcv|uiop|sdfg|dfgh|fghj|ghjk")
"""Runs of four that are no names, as Trew and Poil are."""
SHORTEST_RUN = 5
_VOWELS = frozenset("aeiouywh")
"""With the letters that stand for one in Welsh, and in Hebrew and Arabic without points."""
SHORTEST_WITHOUT_VOWEL = 5
_SAME_LETTER = re.compile(r"(.)\1\1")
_TWICE = re.compile(r"(.{3,4})\1+|([^aeiouy]{2})\2+")


def is_hit_by_chance(name: str) -> bool:
    """Say whether a normalised name looks like keys rather than like a name."""
    return any(map(_is_run, re.split("[ '-]", name)))


def _is_run(word: str) -> bool:
    if _SAME_LETTER.search(word) or _FOUR_KEYS.fullmatch(word):
        return True
    if len(word) >= SHORTEST_WITHOUT_VOWEL and not _VOWELS & set(word):
        return True
    if twice := _TWICE.fullmatch(word):
        return twice[1] is None or _are_beside(twice[1])
    return len(word) >= SHORTEST_RUN and _are_beside(word)


def _are_beside(letters: str) -> bool:
    return all(pair in _NEIGHBOURS for pair in pairwise(letters))
