"""Text that is no name in any language: keys that were hit one beside the other, letters without a vowel."""

import re

# The rows of keys in English, German and French.
ROWS = ("qwertyuiop", "asdfghjkl", "zxcvbnm", "qwertzuiop", "yxcvbnm", "azertyuiop", "qsdfghjklm", "wxcvbn")
_NEIGHBOURS = frozenset(pair for row in ROWS for pair in zip(row, row[1:], strict=False)) | frozenset(
    pair for row in ROWS for pair in zip(row[1:], row, strict=False)
)
_VOWELS = frozenset("aeiouyw")
_REPEATED = re.compile(r"(.)\1\1|^(.{2,3})\2\2+$|^([bcdfghjklmnpqrstvwxz]{2,4})\3$")
_FOUR_KEYS = re.compile("asdf|qwer|yxcv|zxcv|hjkl|jklm|qsdf|wxcv|uiop|sdfg|dfgh|fghj|ghjk")
SHORTEST_RUN = 4
"""Letters; shorter words are neighbours by chance, as Ada and Pop are not, but Tre and Was are."""
SHORTEST_WITHOUT_VOWEL = 5


def is_hit_by_chance(name: str) -> bool:
    """Say whether a normalised name looks like keys rather than like a name."""
    return any(map(_is_run, re.split("[ '-]", name)))


def _is_run(word: str) -> bool:
    if len(word) < SHORTEST_RUN:
        return False
    # How many letters lie beside the one before, in either direction.
    beside = sum(pair in _NEIGHBOURS for pair in zip(word, word[1:], strict=False))
    if beside == len(word) - 1 and (len(word) > SHORTEST_RUN or _FOUR_KEYS.fullmatch(word)):
        return True
    if len(word) >= SHORTEST_WITHOUT_VOWEL and not _VOWELS & set(word):
        return True
    return bool(_REPEATED.search(word))
