"""Greek as its bearers write it in Latin: Παύλος is Pavlos, Ευάγγελος is Evangelos (ELOT 743, no accents)."""

import re
import unicodedata

_GREEK = re.compile("[Ͱ-Ͽἀ-῿]+")
_VOICELESS = "θκξπστφχψς"
_AT_START = {"μπ": "b", "ντ": "d", "γκ": "g"}
_DIGRAPHS = {"ου": "ou", "γγ": "ng", "γκ": "gk", "γξ": "nx", "γχ": "nch", "τζ": "tz", "τσ": "ts"}
_BEFORE_VOICE = {"αυ": "av", "ευ": "ev", "ηυ": "iv"}
_PARTED = re.compile("([ιυ])(\u0301?\u0308|\u0308\u0301)")
"""Two dots part what would be a digraph; a bar stands for them until the digraphs are done."""


def to_latin(text: str) -> str:
    """Return a text with its Greek words in Latin letters."""
    return _GREEK.sub(lambda found: _word(found[0]), text)


def _word(word: str) -> str:
    # NFD takes letters and accents apart, so that one table serves them with any accent.
    parted = _PARTED.sub(r"|\1", unicodedata.normalize("NFD", word.lower()))
    letters = "".join(character for character in parted if not unicodedata.combining(character))
    latin: list[str] = []
    at = 0
    while at < len(letters):
        digraph = _digraph(letters, at)
        latin.append(digraph or letters[at])
        at += 2 if digraph else 1
    return "".join(latin).replace("|", "")


def _digraph(letters: str, at: int) -> str | None:
    two, following = letters[at : at + 2], letters[at + 2 : at + 3]
    # At the beginning of a word μπ is one sound, b; inside it is two.
    if at == 0 and two in _AT_START:
        return _AT_START[two]
    if two in _BEFORE_VOICE:
        voiced = _BEFORE_VOICE[two]
        # Before a voiceless sound, and at the end, αυ is af and ευ is ef.
        return voiced if following and following not in _VOICELESS else voiced[0] + "f"
    return _DIGRAPHS.get(two)
