"""Indian scripts as people write them in Latin: the vowel that a consonant carries, the letters of Sanskrit.

The blocks of Unicode from Devanagari to Malayalam have one layout: a letter is told by its place there.
"""

import re
import unicodedata

_BRAHMIC = re.compile("[\u0900-\u0d7f]+")
_CONSONANTS = range(0x15, 0x3A)
_NUKTA, _VIRAMA, _NASAL = 0x3C, 0x4D, (0x01, 0x02)
_TAMIL = range(0x0B80, 0x0C00)
_LABIALS = range(0x2A, 0x2F)
_WRITTEN = {0x0B: "ri", 0x1A: "ch", 0x1B: "chh", 0x36: "sh", 0x37: "sh", 0x43: "ri"}
"""What anyascii writes otherwise: श is sh in Ganesh, ृ is ri in Krishna."""
_WITH_DOT = {0x15: "q", 0x1C: "z", 0x21: "r", 0x22: "rh", 0x2B: "f"}
_NASAL_IN_GURMUKHI = 0x70


def to_latin(text: str) -> str:
    """Return a text whose Indian words have their unwritten vowels, the rest left to anyascii."""
    return _BRAHMIC.sub(lambda found: _word(found[0]), text)


def _word(word: str) -> str:
    # A letter with its dot is two signs then, in whichever way it was typed.
    letters = unicodedata.normalize("NFD", word)
    return "".join(_letter(letters, at) for at in range(len(letters)))


def _place(letters: str, at: int) -> int:
    # -1 beyond the ends of the word: no letter has that place.
    return ord(letters[at]) % 0x80 if 0 <= at < len(letters) else -1


def _letter(letters: str, at: int) -> str:
    place = _place(letters, at)
    if place == _NUKTA:
        return ""
    # The mark stands for the nasal of the consonant that follows.
    if place in _NASAL or place == _NASAL_IN_GURMUKHI:
        return "m" if _place(letters, at + 1) in _LABIALS else "n"
    dotted = _place(letters, at + 1) == _NUKTA
    written = _WITH_DOT.get(place) if dotted else None
    if written is None:
        written = letters[at] if ord(letters[at]) in _TAMIL else _WRITTEN.get(place, letters[at])
    return written + ("a" if _carries_vowel(letters, at, place) else "")


def _carries_vowel(letters: str, at: int, place: int) -> bool:
    """Say whether the consonant at a place is spoken with an a that nobody writes."""
    if place not in _CONSONANTS:
        return False
    after = at + 2 if _place(letters, at + 1) == _NUKTA else at + 1
    following = _place(letters, after)
    if following < 0:  # in the south the last vowel is spoken, in the north after two consonants alone
        return ord(letters[at]) >= _TAMIL.start or _place(letters, at - 1) == _VIRAMA
    return following in _CONSONANTS or following in _NASAL or following in (0x03, 0x70, 0x71)
