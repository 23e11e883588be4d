"""Japanese syllables that two signs write, and long vowels, as people spell them: しょうた is Shota.

All other kana are anyascii's.
"""

import re
import unicodedata

from anyascii import anyascii

_SMALL = {"ゃ": "a", "ゅ": "u", "ょ": "o", "ぁ": "a", "ぃ": "i", "ぅ": "u", "ぇ": "e", "ぉ": "o"}
_WITHOUT_Y = ("sh", "ch", "j")
_TWO_SIGNS = re.compile("([きしちにひみりぎじぢびぴ])([ゃゅょ])|([ふゔてでとどしじち])([ぁぃぅぇぉ])")
_LONG = re.compile("(?<=[おこそとのほもよろごぞどぼぽょ])う(?!え)|(?<=[うくすつぬふむゆるぐずづぶぷゅ])う|ー")
_DOUBLED = re.compile("っ(.)")
_KANA = re.compile("[\u3040-\u30ff\uff66-\uff9f]")


def to_latin(text: str) -> str:
    """Return a text with these syllables in Latin letters, and without the signs of long vowels."""
    if not _KANA.search(text):
        return text
    hiragana = "".join(map(_to_hiragana, unicodedata.normalize("NFKC", text)))
    return _DOUBLED.sub(_doubled, _TWO_SIGNS.sub(_together, _LONG.sub("", hiragana)))


def _together(found: re.Match[str]) -> str:
    sign, small = found[1] or found[3], found[2] or found[4]
    consonants = anyascii(sign).rstrip("aeiou")
    has_y = found[1] and consonants not in _WITHOUT_Y
    return consonants + ("y" if has_y else "") + _SMALL[small]


def _doubled(found: re.Match[str]) -> str:
    first = anyascii(found[1])[:1]  # none for a sign that is no letter, such as an accent alone
    return ("t" if first == "c" else first) + found[1]


def _to_hiragana(character: str) -> str:
    # The two blocks hold the same signs in the same order.
    return chr(ord(character) - 0x60) if "ァ" <= character <= "ヶ" else character
