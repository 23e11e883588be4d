"""Synthetic names: names that nobody bears, made of the beginnings and ends of names that somebody does.

A teacher can label any spelling. From its labels of new names a student learns how the teacher decides, not
only what it knows by heart. A million is made at once: each step below is done to an array of candidates.
"""

from collections.abc import Container, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from training.data.minibatches import Examples
from training.names import LETTERS, SEPARATORS, bucket

SHORTEST, LONGEST = 2, 22
_OVERLAP = 2
"""Letters that a beginning and an end must share. The marks ^ and $ of a name's own ends count as letters."""
_DRAWS = 6
"""Candidates for each name that is wanted, at most."""
_CONSONANTS = [letter for letter in LETTERS if letter not in "aeiou"]
_NOISE_LENGTHS = (3, 13)
_HELD_OUT = 10
"""Buckets below are the holdout's and validation's: no synthetic name falls into them."""

Rows = NDArray[np.intp]
Bytes = NDArray[np.uint8]


def make_synthetic_names(examples: Examples, count: int, seed: int) -> list[str]:
    """Return `count` distinct new names (fewer if `examples` yield no more), each crossed from two.

    Names with a larger weight are parents more often. None of the new names is among `examples`, and none
    could be held out.
    """
    generator = np.random.default_rng(seed)
    chance = examples.weight / examples.weight.sum()  # (names,)
    crossing = _Crossing.of(
        examples, generator.choice(len(examples), size=len(examples), p=chance), generator
    )
    # A dict keeps the order in which names were made, so that a seed always gives the same list.
    known, new = set(examples.names), dict[str, None]()
    for _ in range(_DRAWS):
        parents = generator.choice(len(examples), size=count, p=chance)
        for name in dict.fromkeys(crossing.children(parents, generator)):
            if len(new) == count:
                return list(new)
            if name not in known and name not in new and bucket(name) >= _HELD_OUT:
                new[name] = None
    return list(new)


def make_noise(count: int, seed: int, known: Container[str] = ()) -> Examples:
    """Return strings of 3 to 12 random consonants, with a share of one half: of them nothing is known.

    None is among the `known` names, and none could be held out.
    """
    generator = np.random.default_rng(seed)
    names: list[str] = []
    while len(names) < count:
        names += (
            name
            for name in _consonants(count - len(names), generator)
            if bucket(name) >= _HELD_OUT and name not in known
        )
    # A weight of 2 is that of a name with nine bearers.
    return Examples(names, np.full(count, 0.5), np.full(count, 2.0))


def _consonants(count: int, generator: np.random.Generator) -> Iterator[str]:
    lengths = generator.integers(*_NOISE_LENGTHS, size=count)
    letters = "".join(generator.choice(_CONSONANTS, lengths.sum()))
    ends = np.cumsum(lengths)
    for start, end in zip((ends - lengths).tolist(), ends.tolist(), strict=True):
        yield letters[start:end]


@dataclass(frozen=True)
class _Crossing:
    """All names in one row of bytes, and the ends that may be put behind two letters."""

    letters: Bytes
    """^ada$^bo$…"""
    start: Rows
    """Where each name's ^ is (names,)."""
    length: Rows
    """Of each name with its marks (names,)."""
    ends: Rows
    """Where each end begins in `letters`, sorted by the two letters before it (ends,)."""
    end_length: Rows
    """Letters of each end, $ included (ends,)."""
    first_end: Rows
    """Of each two letters, the first of their ends; one more entry than there are pairs (pairs + 1,)."""

    @classmethod
    def of(cls, examples: Examples, rows: Rows, generator: np.random.Generator) -> "_Crossing":
        """Return the crossing of `examples` whose ends are cut, each at a random place, from `rows`."""
        letters = np.frombuffer("".join(f"^{name}$" for name in examples.names).encode("ascii"), np.uint8)
        length = np.fromiter(map(len, examples.names), np.intp, len(examples)) + 2
        start = np.cumsum(length) - length
        cut = generator.integers(1, length[rows] - _OVERLAP + 1)
        pair = _pairs(letters, start[rows] + cut)
        order = np.argsort(pair, kind="stable")
        ends, end_length = start[rows] + cut + _OVERLAP, length[rows] - cut - _OVERLAP
        first_end = np.concatenate(([0], np.cumsum(np.bincount(pair, minlength=2**16))))
        return cls(letters, start, length, ends[order], end_length[order], first_end)

    def children(self, rows: Rows, generator: np.random.Generator) -> list[str]:
        """Return what names cut at random places become with random ends, if it is spelled like a name."""
        rows = rows[self.length[rows] > _OVERLAP + 1]
        cut = generator.integers(1, self.length[rows] - _OVERLAP) + _OVERLAP  # letters that stay, ^ included
        pair = _pairs(self.letters, self.start[rows] + cut - _OVERLAP)
        choices = self.first_end[pair + 1] - self.first_end[pair]
        end = self.first_end[pair] + (generator.random(len(rows)) * choices).astype(np.intp)
        end = np.minimum(end, len(self.ends) - 1)
        length = cut - 1 + self.end_length[end] - 1  # without marks
        fits = (choices > 0) & (length >= SHORTEST) & (length <= LONGEST)
        kept = cut[fits] - 1
        return _spelled(
            self._join(self.start[rows][fits] + 1, kept, self.ends[end][fits], length[fits]), length[fits]
        )

    def _join(self, start: Rows, kept: Rows, end: Rows, length: Rows) -> Bytes:
        """Return names as bytes (names, LONGEST), 0 behind: `kept` letters from `start`, then their end."""
        names = np.zeros((len(start), LONGEST), dtype=np.uint8)
        for place in range(LONGEST):
            source = np.where(place < kept, start + place, end + place - kept)
            is_inside = place < length
            names[is_inside, place] = self.letters[source[is_inside]]
        return names


def _pairs(letters: Bytes, at: Rows) -> Rows:
    """Return a number for the two letters that stand at each place."""
    pairs: Rows = letters[at].astype(np.intp) * 256 + letters[at + 1]
    return pairs


def _spelled(names: Bytes, length: Rows) -> list[str]:
    """Return names whose separators are single and inside, as texts."""
    is_separator = np.isin(names, np.frombuffer(SEPARATORS.encode("ascii"), np.uint8))
    is_bad = is_separator[:, 0] | is_separator[np.arange(len(names)), length - 1]
    is_bad |= (is_separator[:, 1:] & is_separator[:, :-1]).any(axis=1)
    texts = np.ascontiguousarray(names[~is_bad]).view(f"S{LONGEST}").ravel()  # ends at the first 0
    return [text.decode("ascii") for text in texts.tolist()]
