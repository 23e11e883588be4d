"""The letters that a network reads, and how a name of them becomes numbers.

A name here is a normalised one: what `transliteration.normalise` makes of a text.
"""

import re
from enum import StrEnum
from hashlib import sha256

LETTERS = "abcdefghijklmnopqrstuvwxyz"
SEPARATORS = "' -"
ALPHABET = LETTERS + SEPARATORS
LONGEST = 64
"""Characters of the longest name that is read, as typed and in Latin letters."""


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
_NO_SEPARATORS = str.maketrans("", "", SEPARATORS)
_RUN_OF_SEPARATORS = re.compile(r"([' -])[' -]+")


class UnreadableName(ValueError):
    """The text holds no name that a network could read; the message says why, in one sentence."""


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
    return name if name.isalpha() else name.translate(_NO_SEPARATORS)


def bucket(name: str) -> int:
    """Return 0–99 by a hash of the letters alone: 0–4 is the holdout, 5–9 validation, the rest training."""
    # A published rule, eight hexadecimal digits of it: every run anywhere holds out the same names.
    return int(sha256(letters_only(name).encode()).hexdigest()[:8], 16) % 100


def fold_of(name: str, folds: int, salt: str) -> int:
    """Return 0 to folds - 1 by a hash of the letters; each `salt` has its own folds, apart from `bucket`."""
    return int(sha256(f"{salt} {letters_only(name)}".encode()).hexdigest()[:8], 16) % folds
