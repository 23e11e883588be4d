"""What a name is to Nomen: how it is normalised, and how its letters become numbers.

This is the only place that does either, for training and serving alike: a network that is fed names
prepared in two ways is the classic bug of sites like this one.
"""

import re
import unicodedata
from enum import StrEnum
from hashlib import sha256

from anyascii import anyascii

LETTERS = "abcdefghijklmnopqrstuvwxyz"
SEPARATORS = "' -"
ALPHABET = LETTERS + SEPARATORS
LONGEST = 64
"""Characters, as typed and as read: the longest name that is read at all."""


class Label(StrEnum):
    """How a name is given. A network says female or male; a person may also say both."""

    FEMALE = "female"
    MALE = "male"
    BOTH = "both"


LABELS = (Label.FEMALE, Label.MALE)
"""What a network says, in the order of its outputs."""
ANSWERS = tuple(Label)
"""What a person may say."""

_INDEX = {letter: index for index, letter in enumerate(ALPHABET)}
_APOSTROPHES = dict.fromkeys(map(ord, "’‘ʼʻ`´ʹ′＇"), "'")
_HYPHENS = dict.fromkeys(map(ord, "‐‑‒–—―−﹣－_"), "-")
_SAME_SIGN = {**_APOSTROPHES, **_HYPHENS}
_NO_SEPARATORS = str.maketrans("", "", SEPARATORS)
_NOT_IN_ALPHABET = re.compile(r"[^a-z' -]")
_RUN_OF_SEPARATORS = re.compile(r"([' -])[' -]+")


class UnreadableName(ValueError):
    """The text holds no name that a network could read; the message says why, in one sentence."""


def normalise(text: str) -> str:
    """Return `text` as the network reads it: only letters of ALPHABET, separators single and inside.

    Raises UnreadableName for text that is too long or holds no letter.
    """
    text = text.strip()
    if len(text) > LONGEST:
        raise UnreadableName(f"A name may have up to {LONGEST} characters; this one has {len(text):,}.")
    name = _clean(text)
    if not name:
        raise UnreadableName("There is no letter in this that the network could read.")
    if len(name) > LONGEST:
        raise UnreadableName(f"Spelled in Latin letters, this name has more than {LONGEST} characters.")
    return name


def _clean(text: str) -> str:
    one_line = " ".join(text.translate(_SAME_SIGN).split())  # line breaks and tabs are blanks, too
    readable = "".join(filter(_may_be_read, one_line))
    # NFC first: a letter and its accent that come as two signs are one letter to the transliteration.
    latin = anyascii(unicodedata.normalize("NFC", readable)).lower()
    return join_separators(_NOT_IN_ALPHABET.sub("", latin))


def _may_be_read(character: str) -> bool:
    # Letters, marks and blanks. Emoji and digits would be transliterated to words nobody typed.
    return character in SEPARATORS or unicodedata.category(character)[0] in "LMZ"


def join_separators(name: str) -> str:
    """Strip the separators at the ends and keep the first of each run inside."""
    return _RUN_OF_SEPARATORS.sub(r"\1", name).strip(SEPARATORS)


def label_of(p_female: float) -> Label:
    """Return the likelier label."""
    return Label.FEMALE if p_female > 0.5 else Label.MALE


def encode(name: str) -> list[int]:
    """Return the index in ALPHABET of each letter of a normalised name."""
    return [_INDEX[letter] for letter in name]


def letters_only(name: str) -> str:
    """Return a normalised name without its separators, so that "marie-anne" and "marie anne" are one."""
    return name.translate(_NO_SEPARATORS)


def bucket(name: str) -> int:
    """Return 0–99 by a hash of the letters alone: 0–4 is the holdout, 5–9 validation, the rest training."""
    return int(sha256(letters_only(name).encode()).hexdigest()[:8], 16) % 100


def fold_of(name: str, folds: int, salt: str) -> int:
    """Return 0 to folds - 1 by a hash of the letters; each `salt` has its own folds, apart from `bucket`."""
    return int(sha256(f"{salt} {letters_only(name)}".encode()).hexdigest()[:8], 16) % folds
