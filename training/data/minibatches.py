"""Names as batches of equal length, kept on the device that trains.

Names of one length form a batch, so nothing is padded, packed or masked, and no step waits for the host.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from training.data.corpus import Corpus
from training.names import ALPHABET

NOTHING = len(ALPHABET)
"""The index that stands where a name has no letter."""
_INDEX_OF_BYTE = np.full(256, NOTHING, dtype=np.uint8)
_INDEX_OF_BYTE[np.frombuffer(ALPHABET.encode("ascii"), dtype=np.uint8)] = np.arange(len(ALPHABET))


@dataclass(frozen=True)
class Examples:
    """Normalised names, the P(female) that each should get, and how much each of them counts."""

    names: list[str]
    share: NDArray[np.float64]
    weight: NDArray[np.float64]

    def __post_init__(self) -> None:
        if not len(self.names) == len(self.share) == len(self.weight):
            raise ValueError("Examples need one share and one weight for every name.")

    def __len__(self) -> int:
        return len(self.names)

    @cached_property
    def fingerprint(self) -> str:
        """SHA-256 of names, shares and weights, in hexadecimal: equal for equal examples, and only then."""
        digest = sha256("\n".join(self.names).encode())
        for column in (self.share, self.weight):
            digest.update(column.astype("<f8").tobytes())
        return digest.hexdigest()

    def __add__(self, other: "Examples") -> "Examples":
        return Examples(
            self.names + other.names,
            np.concatenate((self.share, other.share)),
            np.concatenate((self.weight, other.weight)),
        )

    def take(self, rows: NDArray[np.intp]) -> "Examples":
        """Return the examples of these rows, in this order, repeated where a row is."""
        return Examples([self.names[row] for row in rows], self.share[rows], self.weight[rows])

    def oversample(self, rows: NDArray[np.bool_], times: int) -> "Examples":
        """Return the examples with those of `rows`, a mask, `times` over."""
        # (examples,): how often each row comes.
        return self.take(np.repeat(np.arange(len(self)), np.where(rows, times, 1)))

    def repeat(self, times: int) -> "Examples":
        """Return all examples `times` over."""
        return self.take(np.tile(np.arange(len(self)), times))


def examples_of(corpus: Corpus) -> Examples:
    """Return the names of `corpus` with their shares; a name weighs 1 + log10(1 + people)."""
    # From 1.3 upwards, one more for ten times the bearers: known names count more, and drown no others.
    weight = 1 + np.log10(1 + corpus.people.astype(np.float64))
    return Examples(list(corpus.names), corpus.share, weight)


@dataclass(frozen=True)
class Batch:
    """Names of one length: letters (batch, length) as indices, share and weight (batch,)."""

    letters: Tensor
    share: Tensor
    weight: Tensor

    def __len__(self) -> int:
        return self.letters.shape[0]


def rows_by_length(names: Sequence[str]) -> dict[int, NDArray[np.intp]]:
    """Return, for every length that occurs, the rows of the names that have it."""
    lengths = np.fromiter(map(len, names), dtype=np.intp, count=len(names))
    return {int(length): np.flatnonzero(lengths == length) for length in np.unique(lengths)}


def encode_names(names: Sequence[str]) -> Tensor:
    """Return the letters of normalised names of one length as indices (names, length)."""
    if len(set(map(len, names))) > 1:
        raise ValueError("Names that are encoded together must be equally long.")
    codes = encode_padded(names)  # (names, length)
    if (codes == NOTHING).any():
        raise ValueError("A name that is encoded must be normalised: it holds a letter of no alphabet here.")
    # One byte a letter: the whole corpus lies on the device, and only a batch becomes int64.
    return torch.from_numpy(codes)


def encode_padded(names: Sequence[str]) -> NDArray[np.uint8]:
    """Return the letters of normalised names as indices (names, longest), NOTHING behind the shorter ones."""
    longest = max(map(len, names), default=0)
    padded = "".join(name.ljust(longest, "\0") for name in names).encode("ascii")
    return _INDEX_OF_BYTE[np.frombuffer(padded, dtype=np.uint8)].reshape(len(names), longest)


class Batches:
    """All examples on one device, grouped by length; gives them in batches, shuffled or in order."""

    def __init__(self, examples: Examples, device: torch.device) -> None:
        self.names = len(examples)
        self.fingerprint = examples.fingerprint
        self.mean_weight = float(examples.weight.mean())
        self.device = device
        self._groups = [
            Batch(
                encode_names([examples.names[row] for row in rows]).to(device),  # (names, length)
                torch.tensor(examples.share[rows], dtype=torch.float32, device=device),  # (names,)
                torch.tensor(examples.weight[rows], dtype=torch.float32, device=device),  # (names,)
            )
            for rows in rows_by_length(examples.names).values()
        ]

    def count(self, size: int) -> int:
        """Return how many batches of at most `size` names one epoch holds."""
        return sum(-(-len(group) // size) for group in self._groups)

    def shuffled(self, size: int, seed: int) -> Iterator[Batch]:
        """Yield every example once, in an order that the seed alone decides, on every device the same."""
        generator = torch.Generator().manual_seed(seed)
        pieces = [
            (group, rows)
            for group in self._groups
            # rows: (batch,) indices of one group
            for rows in torch.randperm(len(group), generator=generator).to(self.device).split(size)
        ]
        # Lengths are mixed: in order of length it would learn the longest last and forget the others.
        order = torch.randperm(len(pieces), generator=torch.Generator().manual_seed(seed))
        for index in order.tolist():
            group, rows = pieces[index]
            # letters (batch, length), share (batch,), weight (batch,)
            yield Batch(group.letters[rows].long(), group.share[rows], group.weight[rows])

    def in_order(self, size: int) -> Iterator[Batch]:
        """Yield every example once, shortest names first."""
        for group in self._groups:
            for start in range(0, len(group), size):
                rows = slice(start, start + size)
                yield Batch(group.letters[rows].long(), group.share[rows], group.weight[rows])
