"""The groups and slices of names that scores are given for, in words too. Standard library alone."""

from dataclasses import dataclass
from enum import StrEnum

from training.names import SEPARATORS


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
    SCRIPT = "script"
    COUNTRY = "country"


BESIDE = (SliceKind.SCRIPT, SliceKind.COUNTRY)
"""Slices of what the readers answer: names of other lists, which no training saw either."""
OF_HOLDOUT = tuple(kind for kind in SliceKind if kind not in BESIDE)
"""Slices of the holdout's own names."""


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
    SliceKind.SCRIPT: SliceWords("Script", "script", "names in {}"),
    SliceKind.COUNTRY: SliceWords("Country that is asked for", "country", "names from {}"),
}


_BEARERS = ((1, 1), (2, 9), (10, 99), (100, 999), (1_000, 9_999), (10_000, None))
_LENGTHS = ((2, 3), (4, 4), (5, 5), (6, 6), (7, 7), (8, 8), (9, 10), (11, 14), (15, None))
HUNDRED = 100
"""Bearers: from here on the corpus's share of a name is solid, and the main scores are given for these."""
UNISEX = (0.1, 0.9)
"""A share between these is called unisex."""


def is_in_group(group: Group, people: int, share: float) -> bool:
    """Say whether a name of the holdout is in a group of it, by its bearers and their share of women."""
    solid = people >= HUNDRED
    if group == Group.NOT_UNISEX:
        return solid and (share <= UNISEX[0] or share >= UNISEX[1])
    return solid or group == Group.ALL


def slice_of(kind: SliceKind, name: str, people: int, share: float) -> str:
    """Return which slice of a kind a name of the holdout falls in; empty for one that is in none."""
    match kind:
        case SliceKind.BEARERS:
            return _range_of(people, _BEARERS)
        case SliceKind.LENGTH:
            return _range_of(len(name), _LENGTHS)
        case SliceKind.FIRST_LETTER:
            return name[0]
        case SliceKind.LAST_LETTER:
            return name[-1]
        case SliceKind.SEPARATOR:
            return "with" if set(name) & set(SEPARATORS) else "without"
        case SliceKind.LABEL:
            # One that is exactly even has no label, so there is nothing to be right about.
            return "" if share == 0.5 else "female" if share > 0.5 else "male"
        case SliceKind.SCRIPT | SliceKind.COUNTRY:
            return ""  # none of its own names: see BESIDE


def _range_of(number: int, ranges: tuple[tuple[int, int | None], ...]) -> str:
    # From the highest range down; what is below all of them falls in the first.
    low, high = next(pair for pair in reversed(ranges) if number >= pair[0] or pair is ranges[0])
    if high is None:
        return f"{low:,}+"
    return f"{low:,}" if low == high else f"{low:,}–{high:,}"
