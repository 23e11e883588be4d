"""A spelling in the letters of its own script, made one where people write one letter in several ways."""

import re
import unicodedata
from enum import StrEnum
from functools import lru_cache

from opencc import OpenCC


class Script(StrEnum):
    """A script that a network reads as it is written."""

    CHARACTERS = "characters"  # Chinese ones, with the kana of Japanese
    HANGUL = "hangul"
    HEBREW = "hebrew"
    ARABIC = "arabic"
    THAI = "thai"


_LETTERS = {
    Script.CHARACTERS: re.compile("[\u3041-\u3096\u3005\u3400-\u9fff\U00020000-\U0003ffff' -]+"),
    Script.HANGUL: re.compile("[\uac00-\ud7a3' -]+"),
    Script.HEBREW: re.compile("[א-ת' -]+"),
    Script.ARABIC: re.compile("[ءابةتثجحخدذرزسشصضطظعغفقكلمنهويىپچژگ' -]+"),
    Script.THAI: re.compile("[\u0e01-\u0e3a\u0e40-\u0e4e' -]+"),
}
_AS_IT_IS = re.compile("[\u4e00-\u9fff]+|[\uac00-\ud7a3]+|[\u05d0-\u05ea]+")
"""Spellings of one script alone that have no marks and no second way of being stored."""
_KATAKANA = {code: code - 0x60 for code in range(0x30A1, 0x30F7)}
_ARABIC = str.maketrans("أإآٱکیؤئہۀە", "ااااكيويههه")
"""Letters that are left out, put in or written otherwise from country to country."""
_LONG = re.compile("ー")
_SARA_AM, _TAKEN_APART = "\u0e33", "\u0e4d\u0e32"
"""A vowel of Thai that NFKC would take apart."""


def own_letters(spelling: str) -> str:
    """Return a spelling as a network reads it in its own script; empty where that is spelled in Latin.

    Points of vowels go, but for Thai ones, which all write; katakana is written as hiragana, a traditional
    character as its simplified one.
    """
    if _AS_IT_IS.fullmatch(spelling):
        return "".join(map(_simplified, spelling))  # half a million names of lists, and nothing to mend
    bare = "".join(filter(_is_kept, unicodedata.normalize("NFKC", spelling))).replace(_TAKEN_APART, _SARA_AM)
    if not _may_be_own(bare):
        return ""
    one = _iterated(_LONG.sub("", bare.translate(_KATAKANA))).translate(_ARABIC)
    letters = "".join(map(_simplified, one))
    return letters if script_of(letters) else ""


def script_of(letters: str) -> Script | None:
    """Return the script of a name in the letters of one, as `own_letters` gives it; None for Latin."""
    if letters.isascii():
        return None
    return next((script for script, pattern in _LETTERS.items() if pattern.fullmatch(letters)), None)


def taken_apart(letters: str) -> str:
    """Return what is read letter by letter: of a syllable of Hangul its two or three letters."""
    return unicodedata.normalize("NFD", letters) if _SYLLABLE.search(letters) else letters


_SYLLABLE = re.compile("[\uac00-\ud7a3]")


def _is_kept(character: str) -> bool:
    # Points and the stretching sign are written by some and left out by most; kana's voicing marks are in
    # their letters by now.
    is_mark = unicodedata.category(character)[0] in "MC" and not _THAI_MARK.match(character)
    return not is_mark and character != "\u0640"


def on_its_own(letter: str) -> str:
    """Return a letter as it is shown beside no other: a vowel's sign of Thai stands on a dotted circle."""
    return f"◌{letter}" if unicodedata.category(letter)[0] == "M" else letter


_THAI_MARK = re.compile("[\u0e31\u0e34-\u0e3a\u0e47-\u0e4e]")


_OWN = re.compile(
    "[\u05d0-\u05ea\u0620-\u06ff\u0e01-\u0e4e\u3041-\u30fa\u3400-\u9fff\uac00-\ud7a3\U00020000-\U0003ffff]"
)


def _may_be_own(text: str) -> bool:
    return not text.isascii() and bool(_OWN.search(text))


def _iterated(text: str) -> str:
    # 々 says the character before it again.
    return re.sub("(.)々", r"\1\1", text)


@lru_cache(1)
def _converter() -> OpenCC:
    return OpenCC("t2s")


def simplified_pairs(letters: frozenset[str]) -> dict[str, str]:
    """Return the traditional characters that are read as one of some letters, each with that one."""
    traditional = map(chr, range(0x3400, 0xA000))
    found = ((character, _as_simplified(character)) for character in traditional)
    return {character: simple for character, simple in found if simple != character and simple in letters}


@lru_cache(16_384)
def _simplified(character: str) -> str:
    if character < "\u3400":
        return character
    return _as_simplified(character)


def _as_simplified(character: str) -> str:
    # One for one: what would become several stays as it is, so that a name keeps its length.
    simple: str = _converter().convert(character)
    return simple if len(simple) == 1 else character
