"""A spelling in Latin letters, whether that keeps what it said, and the key under which it is stored."""

import re
import unicodedata
from functools import lru_cache

from anyascii import anyascii

from training.names.alphabet import LONGEST, SEPARATORS, UnreadableName, join_separators
from training.names.scripts.countries import mark_of, split_country, with_country
from training.names.scripts.letters import own_letters
from training.names.transliteration import cyrillic, greek, indian, kana

_APOSTROPHES = dict.fromkeys(map(ord, "’‘ʼʻ`´ʹ′＇ʾʿ"), "'")
_HYPHENS = dict.fromkeys(map(ord, "‐‑‒–—―−﹣－_"), "-")
SAME_SIGN = {**_APOSTROPHES, **_HYPHENS}
"""Characters that are written for an apostrophe or a hyphen."""
_NOT_IN_ALPHABET = re.compile(r"[^a-z' -]")

NO_LETTER = "There is no letter in this that the network could read."


def normalise(text: str) -> str:
    """Return `text` as a network reads it: in the letters of its own script, or else in those of ALPHABET.

    Separators are single and inside. Raises UnreadableName as `in_latin` does.
    """
    if text.isascii():
        return in_latin(text)
    own = own_letters(text)
    if len(own) > LONGEST:
        raise UnreadableName(f"In the letters of its script, this name has more than {LONGEST}.")
    return join_separators(own) or in_latin(text)


def in_latin(text: str) -> str:
    """Return `text` in Latin letters alone: only letters of ALPHABET, separators single and inside.

    Every letter of the text is taken: `training.names.read` tells names from what stands around them.
    Raises UnreadableName for text that is too long or holds no letter.
    """
    text = text.strip()
    if len(text) > LONGEST:
        raise UnreadableName(f"A name may have up to {LONGEST} characters; this one has {len(text):,}.")
    name = transliterate(text)
    if not name:
        raise UnreadableName(NO_LETTER)
    if len(name) > LONGEST:
        raise UnreadableName(f"Spelled in Latin letters, this name has more than {LONGEST} characters.")
    return name


def transliterate(text: str) -> str:
    """Return the letters of `text` in Latin, however long; empty if it has none."""
    if text.isascii() and text.isalpha():
        return text.lower()
    readable = " ".join(text.translate(SAME_SIGN).split())  # line breaks and tabs are blanks, too
    if not readable.isascii():
        readable = unicodedata.normalize("NFC", "".join(filter(_may_be_read, readable)))
        # In this order: each takes the letters of its script and leaves the others, anyascii takes the rest.
        readable = anyascii(cyrillic.to_latin(greek.to_latin(indian.to_latin(kana.to_latin(readable)))))
    return join_separators(_NOT_IN_ALPHABET.sub("", readable.lower()))


def _may_be_read(character: str) -> bool:
    # Letters, marks and blanks. Emoji and digits would be transliterated to words nobody typed.
    return character in SEPARATORS or unicodedata.category(character)[0] in "LMZ"


_FAITHFUL = re.compile(
    "(LATIN|GREEK|CYRILLIC|ARMENIAN|GEORGIAN|HIRAGANA|KATAKANA|KATAKANA-HIRAGANA|HANGUL|ETHIOPIC|CHEROKEE|"
    "DEVANAGARI|BENGALI|GURMUKHI|GUJARATI|ORIYA|TAMIL|TELUGU|KANNADA|MALAYALAM|"
    "FULLWIDTH|HALFWIDTH|MODIFIER|FEMININE|MASCULINE) "
)
"""Scripts whose letters name all sounds. Others lose vowels or meanings in Latin: Ly is not علي."""


@lru_cache(4096)
def _script_is_faithful(character: str) -> bool:
    # A letter without a name is taken as one of ours.
    return bool(_FAITHFUL.match(unicodedata.name(character, "LATIN ")))


def is_faithful(text: str) -> bool:
    """Say whether the Latin spelling of a text keeps what its letters said."""
    return text.isascii() or all(
        _script_is_faithful(character) for character in text if unicodedata.category(character)[0] == "L"
    )


def key_of(spelling: str) -> str:
    """Return the name under which a spelling is stored and looked up; raise UnreadableName.

    It is the normalised name, in its own script or in Latin letters; these with a country where the script
    tells one ("RU:olga"). Where Latin letters lose what the spelling said, it is the spelling itself.
    """
    if own := join_separators(own_letters(spelling)):
        return own
    if is_faithful(spelling):
        return with_country(mark_of(spelling), in_latin(spelling))
    # NFKC: the forms that Arabic letters take inside a word, and wide ones, are one letter each.
    bare = (c for c in unicodedata.normalize("NFKC", spelling).translate(SAME_SIGN).casefold() if _in_key(c))
    return join_separators(" ".join("".join(bare).split()))


def is_learnable(key: str) -> bool:
    """Say whether a network reads what a key says, so that answers about it teach it alone."""
    letters = split_country(key)[1]
    return letters.isascii() or bool(own_letters(letters))


def _in_key(character: str) -> bool:
    # Vowel points and the stretching sign are written by some and left out by most.
    if character in SEPARATORS:
        return True
    return unicodedata.category(character) in ("Lo", "Ll", "Mc", "Zs") and character != "\u0640"
