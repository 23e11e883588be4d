"""Lessons as a reader takes them: texts of equal length together, nothing padded."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from training.data.minibatches import Examples
from training.model.readers.network import ReaderNetwork
from training.model.readers.settings import text_of
from training.names import split_country


@dataclass(frozen=True)
class Group:
    """Texts of one length: letters (texts, 2, length), and of each its share, weight and offset (texts,)."""

    letters: Tensor
    share: Tensor
    weight: Tensor
    offset: Tensor
    """Log odds that are added to what the reader says: the network's own, of a name with a country."""

    def take(self, rows: Tensor) -> "Group":
        """Return some of them."""
        return Group(self.letters[rows], self.share[rows], self.weight[rows], self.offset[rows])


def texts_of(names: Sequence[str]) -> list[str]:
    """Return names as a reader reads them: "IT:andrea" with its country as one letter."""
    return [text_of(*split_country(name)) for name in names]


def groups_of(network: ReaderNetwork, examples: Examples, offsets: Sequence[float]) -> list[Group]:
    """Return examples by length, on the device of `network`."""
    by_length: dict[int, list[int]] = defaultdict(list)
    texts = texts_of(examples.names)
    for row, text in enumerate(texts):
        by_length[len(text)].append(row)
    device = next(network.parameters()).device
    return [
        Group(
            network.encode([texts[row] for row in rows]).to(device),
            torch.tensor(examples.share[rows], dtype=torch.float32, device=device),
            torch.tensor(examples.weight[rows], dtype=torch.float32, device=device),
            torch.tensor([offsets[row] for row in rows], dtype=torch.float32, device=device),
        )
        for _, rows in sorted(by_length.items())
    ]


def shuffled(groups: Sequence[Group], size: int, random: np.random.Generator) -> Iterator[Group]:
    """Yield all texts once, in batches of at most `size`, lengths mixed."""
    pieces = [
        (group, rows)
        for group in groups
        for rows in np.array_split(random.permutation(len(group.share)), -(-len(group.share) // size))
    ]
    for index in random.permutation(len(pieces)).tolist():
        group, rows = pieces[index]
        yield group.take(torch.from_numpy(rows).to(group.share.device))


def n_batches(groups: Sequence[Group], size: int) -> int:
    """Return how many batches `shuffled` gives."""
    return sum(-(-len(group.share) // size) for group in groups)
