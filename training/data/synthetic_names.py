"""Synthetic names: names that nobody bears, made of the beginnings and ends of names that somebody does.

A teacher can label any spelling. From its labels of new names a student learns how the teacher decides, not
only what it knows by heart.
"""

from collections import defaultdict

import numpy as np
from numpy.typing import NDArray

from training.data.minibatches import Examples
from training.names import LETTERS, bucket, join_separators

SHORTEST, LONGEST = 2, 22
_OVERLAP = 2
"""Letters that a beginning and an end must share. The marks ^ and $ of a name's own ends count as letters."""
_CONSONANTS = [letter for letter in LETTERS if letter not in "aeiou"]
_HELD_OUT = 10
"""Buckets below are the holdout's and validation's: no synthetic name falls into them."""


def make_synthetic_names(examples: Examples, count: int, seed: int) -> list[str]:
    """Return `count` distinct new names (fewer if `examples` yield no more), each crossed from two.

    Names with a larger weight are parents more often. None of the new names is among `examples`, and none
    could be held out.
    """
    random = np.random.default_rng(seed)
    chance = examples.weight / examples.weight.sum()  # (names,)
    # A dict keeps the order in which names were made, so that a seed always gives the same list.
    known, new = set(examples.names), dict[str, None]()
    ends = _ends_by_overlap(examples, random.choice(len(examples), size=len(examples), p=chance), random)  # nosec B311
    # Six tries a name: most crossings are known already, too long, or without a matching end.
    for row in random.choice(len(examples), size=6 * count, p=chance):  # nosec B311 # names, no secrets
        if len(new) == count:
            break
        name = _cross(f"^{examples.names[row]}$", ends, random)
        if name not in known and _could_be_a_name(name):
            new[name] = None
    return list(new)


def make_noise(count: int, seed: int) -> Examples:
    """Return strings of 3 to 12 random consonants, with a share of one half: of them nothing is known."""
    random = np.random.default_rng(seed)
    lengths = random.integers(3, 13, size=count)  # the upper end is not included
    names = ["".join(random.choice(_CONSONANTS, length)) for length in lengths]  # nosec B311 # no secrets
    # A weight of 2 is that of a name with nine bearers.
    return Examples(names, np.full(count, 0.5), np.full(count, 2.0))


def _ends_by_overlap(
    examples: Examples, rows: NDArray[np.intp], random: np.random.Generator
) -> dict[str, list[str]]:
    ends: dict[str, list[str]] = defaultdict(list)
    for row in rows:
        name = f"^{examples.names[row]}$"
        cut = int(random.integers(1, len(name) - _OVERLAP + 1))
        # By the letters that a beginning must end with to be joined to it.
        ends[name[cut : cut + _OVERLAP]].append(name[cut + _OVERLAP :])
    return ends


def _cross(name: str, ends: dict[str, list[str]], random: np.random.Generator) -> str:
    cut = int(random.integers(1, len(name) - _OVERLAP)) + _OVERLAP
    choices = ends.get(name[cut - _OVERLAP : cut])
    return (name[:cut] + choices[random.integers(len(choices))]).strip("^$") if choices else ""


def _could_be_a_name(name: str) -> bool:
    fits = SHORTEST <= len(name) <= LONGEST and name == join_separators(name)
    return fits and bucket(name) >= _HELD_OUT
