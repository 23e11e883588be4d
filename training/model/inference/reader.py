"""A reader as it serves: names in scripts of their own, and what a country changes."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from training.model.inference.beginnings import Beginnings
from training.model.inference.cells import Array, Cell, Table, Tensors, cell_of
from training.model.readers.contents import ReaderContents
from training.model.readers.settings import TOKEN_LETTERS, from_end, text_of
from training.names.scripts.letters import taken_apart

AT_ONCE = 512
"""Texts that are read together."""


class Reader:
    """Answers in log odds. Threads may share it."""

    def __init__(self, contents: ReaderContents) -> None:
        self.settings = contents.settings
        self._index = {letter: at for at, letter in enumerate(contents.settings.letters, start=1)}
        tensors = contents.tensors
        ways = (
            {name: t for name, t in tensors.items() if not name.startswith("reverse.")},
            {name.removeprefix("reverse."): t for name, t in tensors.items() if name.startswith("reverse.")},
        )
        self._ways = [Beginnings(self._cell(way, tensors["letters.weight"])) for way in ways]

    def knows(self, name: str) -> bool:
        """Say whether any letter of a name is one that was learned."""
        return any(letter in self._index for letter in taken_apart(name))

    def knows_country(self, token: str) -> bool:
        """Say whether names are read with this country before them."""
        return TOKEN_LETTERS[token] in self._index

    def odds(self, names: Sequence[tuple[str, str]]) -> list[float]:
        """Return log P(female) / P(male) of names, each with the token of its country or ""."""
        texts = [text_of(token if token and self.knows_country(token) else "", name) for token, name in names]
        found: list[float] = []
        for some in _in_pieces(texts):
            ways = self._ways[0].odds(some), self._ways[1].odds([from_end(text) for text in some])
            found += np.asarray(np.mean(ways, axis=0, dtype=np.float64)).tolist()
        return found

    def _cell(self, tensors: Tensors, letters: Array) -> Cell:
        # One input more than a letter has numbers, that of no letter at all: what it adds are the biases.
        w_ih = tensors["recurrent.weight_ih_l0"]
        with_none = np.concatenate((w_ih, np.zeros_like(w_ih[:, :1])), axis=1)
        cell = cell_of(self.settings.direction, {**tensors, "recurrent.weight_ih_l0": with_none})
        assert isinstance(cell.inputs, Table)
        numbers, biases = cell.inputs.by_letter[:, :-1], cell.inputs.by_letter[:, -1:]
        return replace(
            cell,
            inputs=_Factorised(letters, numbers - biases, biases),
            encode=lambda text: [self._index.get(letter, 0) for letter in text],
        )


@dataclass(frozen=True)
class _Factorised:
    """What each letter adds, computed when it comes: for thousands of letters a table would take 35 MB."""

    letters: Array
    """(letters, numbers)"""
    matrix: Array
    """(gates, numbers, width)"""
    bias: Array
    """(gates, 1, width)"""

    def take(self, rows: Sequence[int] | NDArray[np.uint8], /) -> Array:
        """Return what each letter adds to each gate (gates, letters, width)."""
        return np.asarray(self.letters[rows] @ self.matrix + self.bias)


def _in_pieces(texts: Sequence[str]) -> Iterator[Sequence[str]]:
    for start in range(0, len(texts), AT_ONCE):
        yield texts[start : start + AT_ONCE]
