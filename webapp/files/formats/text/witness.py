"""How much a text looks like names in some language: what decides between encodings that are all possible."""

import re
import tomllib
import unicodedata
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import log10
from pathlib import Path
from typing import Any

from training.names import UnreadableName, normalise
from training.names.tables import SURNAMES
from webapp.files.layout import headings

Knows = Callable[[Collection[str]], Mapping[str, int]]
"""How many people bear each of some normalised names, as far as the records know."""
MOST_WORDS = 400
_BETWEEN = re.compile(r"[\s,;|\"()./:\-_\[\]0-9#&+*@=]+")
_CELLS = re.compile("[,;|\t]")
_MIXED = 0.5
"""What a word takes away that no language could write."""
_HEADED = 0.25
"""What a heading adds that is known, letter by letter, where its letters are beyond a to z."""
_WELL_KNOWN = 3
"""Digits of the people who bear a name that is no accident."""
_SCRIPTS = ("LATIN", "CYRILLIC", "GREEK", "HEBREW", "ARABIC", "THAI", "HANGUL", "CJK", "HIRAGANA", "KATAKANA")
_TOGETHER = {"HIRAGANA": "CJK", "KATAKANA": "CJK"}


@dataclass(frozen=True)
class Alphabet:
    """The letters of a language beyond a to z; of scripts with thousands, the common ones by an encoding."""

    headings: frozenset[str]
    """Languages of layout/headings.toml that are written with it."""
    letters: frozenset[str]
    codec: str
    last_row: int
    frequent: frozenset[str]

    def holds(self, word: str) -> bool:
        """Say whether the language is written with all letters of a word."""
        return all(letter.isascii() or self._has(letter) for letter in word)

    def _has(self, letter: str) -> bool:
        if letter.lower() in self.letters or letter in self.letters:
            return True
        return bool(self.codec) and _is_common(letter, self.codec, self.last_row)


@lru_cache(20_000)
def _is_common(letter: str, codec: str, last_row: int) -> bool:
    try:
        data = letter.encode(codec)
    except UnicodeEncodeError:
        return False
    return len(data) == 2 and (not last_row or data[0] <= last_row)


def _alphabets() -> list[Alphabet]:
    table = tomllib.loads((Path(__file__).parent / "alphabets.toml").read_text(encoding="utf-8"))
    return [_alphabet(entry) for entry in table["alphabet"]]


def _alphabet(entry: Mapping[str, Any]) -> Alphabet:
    block = map(chr, range(ord(entry["from"]), ord(entry["to"]) + 1)) if "from" in entry else ()
    letters = frozenset((*entry.get("letters", ""), *block))
    frequent = frozenset(entry.get("frequent", ""))
    return Alphabet(
        frozenset(entry.get("headings", ())), letters, entry.get("codec", ""), entry.get("first", 0), frequent
    )


ALPHABETS = _alphabets()


def foreign_words(text: str) -> list[str]:
    """Return the words that have other letters than a to z, each once: all others are the same anyway."""
    words = dict.fromkeys(word.strip("'") for word in _BETWEEN.split(text) if not word.isascii())
    return list(words)[:MOST_WORDS]


def likeness(text: str, header: str, knows: Knows) -> float:
    """Return how much the foreign words of a text look like words of one language, from 0 to 1 and a little.

    Where the table's first line is in a language, its letters are looked for.
    """
    words = foreign_words(text)
    sound = [word for word in words if _is_sound(word)]
    mixed = sum(map(_is_mixed, words))
    if not sound:
        return 0.0
    alphabet = max(ALPHABETS, key=lambda one: sum(map(one.holds, sound)))
    own = _of_language(headings.language_of(_CELLS.split(header))) or [alphabet]
    known = _known(sound, knows)
    value = sum(_value(word, known[word], alphabet, own) for word in sound)
    headed = _HEADED * any(map(_is_foreign_heading, _CELLS.split(header)))
    return max(0.0, value - _MIXED * mixed) / len(words) + headed


def _is_foreign_heading(cell: str) -> bool:
    return not cell.isascii() and headings.is_known(cell)


def _value(word: str, known: float, alphabet: Alphabet, own: Sequence[Alphabet]) -> float:
    of_language = any(one.holds(word) for one in own)
    return 0.35 * alphabet.holds(word) + 0.15 * of_language + 0.5 * max(known, _frequent(word, alphabet))


def _of_language(language: str) -> list[Alphabet]:
    return [alphabet for alphabet in ALPHABETS if language in alphabet.headings]


def _is_sound(word: str) -> bool:
    """Say whether a word has nothing but letters, as languages mix them."""
    # A vowel sign or an accent stands on a letter, so no word begins with one.
    if unicodedata.category(word[0])[0] == "M" or _is_mixed(word):
        return False
    return all(unicodedata.category(letter)[0] in "LM" or letter == "’" for letter in word)


def _is_mixed(word: str) -> bool:
    """Say whether a word has letters of several scripts, or a capital behind a small letter."""
    letters = [letter for letter in word if unicodedata.category(letter)[0] in "LM"]
    if len({_script_of(letter) for letter in letters if letter not in "ªº\u0640々ー"} - {""}) > 1:
        return True
    # "McDonald" has such a capital, but no foreign one.
    pairs = zip(letters, letters[1:], strict=False)
    return any(one.islower() and two.isupper() and not two.isascii() for one, two in pairs)


@lru_cache(20_000)
def _script_of(letter: str) -> str:
    name = unicodedata.name(letter, "")
    script = next(
        (script for script in _SCRIPTS if name.startswith(script)), "" if "COMBINING" in name else name
    )
    return _TOGETHER.get(script, script)


def _known(words: Sequence[str], knows: Knows) -> dict[str, float]:
    """Return how well each word is known, as a name, a surname or a heading, from 0 to 1."""
    latin = {word: _latin(word) for word in words}
    people = knows({text for text in latin.values() if text})
    return {word: _how_known(word, text, people.get(text, 0)) for word, text in latin.items()}


def _how_known(word: str, latin: str, people: int) -> float:
    if headings.is_known(word):
        return 1.0
    if not latin:
        return 0.7 if _begins_with_a_surname(word) else 0.0
    is_surname = latin in SURNAMES.last or latin in SURNAMES.first
    return max(0.8 * is_surname, min(1.0, log10(1 + people) / _WELL_KNOWN))


def _begins_with_a_surname(word: str) -> bool:
    return len(word) in (2, 3, 4) and (word[:1] in SURNAMES.frequent or word[:2] in SURNAMES.written)


def _latin(word: str) -> str:
    # Spelled in Latin, Chinese and Korean syllables are alike whatever the characters are.
    if _script_of(word[0]) in ("CJK", "HANGUL"):
        return ""
    try:
        return normalise(word)
    except UnreadableName:
        return ""


def _frequent(word: str, alphabet: Alphabet) -> float:
    if not alphabet.frequent:
        return 0.0
    return sum(letter in alphabet.frequent for letter in word) / len(word)
