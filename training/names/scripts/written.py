"""In which script a text is written, and from where its name was asked: what answers are counted by."""

import re

from training.names.scripts.countries import mark_of, split_country
from training.names.surnames import country_told

LATIN = "latin"
_LETTERS = (
    ("chinese", "\u3400-\u9fff\U00020000-\U0003ffff"),
    ("kana", "\u3041-\u30ff"),
    ("hangul", "\uac00-\ud7a3"),
    ("hebrew", "\u05d0-\u05ea"),
    ("arabic", "\u0620-\u06ff"),
    ("cyrillic", "\u0400-\u052f"),
    ("greek", "\u0370-\u03ff\u1f00-\u1fff"),
    ("armenian", "\u0531-\u058f"),
    ("georgian", "\u10a0-\u10ff\u1c90-\u1cbf"),
    ("indian", "\u0900-\u0d7f"),
    ("thai", "\u0e01-\u0e7f"),
)
_SCRIPTS = tuple((script, re.compile(f"[{letters}]")) for script, letters in _LETTERS)
_LATIN_LETTER = re.compile("[a-z\u00c0-\u024f\u1e00-\u1eff]", re.IGNORECASE)


def script_in(text: str) -> str:
    """Return the script of a text, as cards call it; "latin" for one without any other letter.

    One Chinese character makes it Chinese, whatever kana stand beside it.
    """
    if text.isascii():
        return LATIN
    found = next((script for script, letters in _SCRIPTS if letters.search(text)), "")
    return found or (LATIN if _LATIN_LETTER.search(text) or not any(map(str.isalpha, text)) else "other")


def country_asked(key: str, typed: str) -> str:
    """Return the token of the country that was asked for; "" where none was: letters or a surname told it."""
    token = split_country(key)[0]
    told = {mark_of(typed), *map(country_told, typed.replace(",", " ").split())}
    return "" if token in told else token
