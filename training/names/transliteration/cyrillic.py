"""The signs of Cyrillic that are no letters in Latin: Ольга is Olga. Its letters are anyascii's."""

import re

_SOFT = re.compile("[ьЬ]")
_HARD = re.compile("[ъЪ]")
_HARD_VOWEL = re.compile("(?<=[бвгджзйклмнпрстфхцчшщБВГДЖЗЙКЛМНПРСТФХЦЧШЩ])[ъЪ](?=[бвгджзйклмнпрстфхцчшщ])")
"""Between two consonants the hard sign is Bulgarian, and a vowel: Вълко is Valko."""


def without_signs(text: str) -> str:
    """Return a text without soft signs, and without hard ones that are no vowel."""
    # The vowel first: what is left of hard signs is silent.
    return _HARD.sub("", _HARD_VOWEL.sub("а", _SOFT.sub("", text)))
