"""The groups and slices of names that scores are given for, in words too. Standard library alone."""

from dataclasses import dataclass
from enum import StrEnum


class Group(StrEnum):
    """A set of names that a network is scored on."""

    ALL = "all"
    HUNDRED = "hundred"
    NOT_UNISEX = "not_unisex"
    FAMOUS = "famous"


HELD_OUT = (Group.ALL, Group.HUNDRED, Group.NOT_UNISEX)
"""The groups of the holdout; famous names are trained on."""


@dataclass(frozen=True)
class GroupWords:
    """How a group is called: in a table, on a button of a page about the holdout, and in a sentence."""

    title: str
    button: str
    phrase: str


GROUP_WORDS = {
    Group.ALL: GroupWords("All holdout names", "all names", "holdout names"),
    Group.HUNDRED: GroupWords(
        "100 bearers or more", "100 bearers or more", "holdout names with 100 bearers or more"
    ),
    Group.NOT_UNISEX: GroupWords(
        "of these, not unisex",
        "of these, not unisex",
        "holdout names with 100 bearers or more, nine in ten of one kind",
    ),
    Group.FAMOUS: GroupWords(
        "The 2,000 most borne names, which it was trained on",
        "the 2,000 most borne",
        "the 2,000 most borne names",
    ),
}


class SliceKind(StrEnum):
    """A way to cut the holdout into slices."""

    BEARERS = "bearers"
    LENGTH = "length"
    FIRST_LETTER = "first_letter"
    LAST_LETTER = "last_letter"
    SEPARATOR = "separator"
    LABEL = "label"


@dataclass(frozen=True)
class SliceWords:
    """How a kind of slice is called: over a table, along an axis, and its names with `{}` for the slice."""

    title: str
    axis: str
    names: str


SLICE_WORDS = {
    SliceKind.BEARERS: SliceWords("How many bear the name", "bearers", "names that {} people bear"),
    SliceKind.LENGTH: SliceWords("Letters", "length in letters", "names of {} letters"),
    SliceKind.LAST_LETTER: SliceWords("Last letter", "last letter", "names that end in {}"),
    SliceKind.FIRST_LETTER: SliceWords("First letter", "first letter", "names that begin with {}"),
    SliceKind.SEPARATOR: SliceWords(
        "Hyphen, blank or apostrophe",
        "hyphen, blank or apostrophe",
        "names {} a hyphen, blank or apostrophe",
    ),
    SliceKind.LABEL: SliceWords("How it is given", "how it is given", "{} names"),
}
