"""Signs of Cyrillic that are no letters in Latin (Ольга is Olga); Serbian, which has Latin letters, too.

All other letters are anyascii's.
"""

import re

_SOFT = re.compile("[ьЬ]")
_HARD = re.compile("[ъЪ]")
_HARD_VOWEL = re.compile("(?<=[бвгджзйклмнпрстфхцчшщБВГДЖЗЙКЛМНПРСТФХЦЧШЩ])[ъЪ](?=[бвгджзйклмнпрстфхцчшщ])")
"""Between two consonants the hard sign is Bulgarian, and a vowel: Вълко is Valko."""


_SERBIAN = re.compile("[ђљњћџЂЉЊЋЏ]")
_SERBIAN_LETTERS = str.maketrans(
    {"ж": "z", "ц": "c", "ч": "c", "ш": "s", "х": "h", "џ": "dz", "љ": "lj", "њ": "nj"}
)


def to_latin(text: str) -> str:
    """Return a text without soft signs, without hard ones that are no vowel, and Serbian ones in Latin."""
    if _SERBIAN.search(text):
        return text.lower().translate(_SERBIAN_LETTERS)
    # The vowel first: what is left of hard signs is silent.
    return _HARD.sub("", _HARD_VOWEL.sub("а", _SOFT.sub("", text)))
