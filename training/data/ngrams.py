"""The n-grams of names as integers: each is a node of a trie, found from the one before by a table.

A name is marked at its ends, as ^maria$. From the node of an n-gram's first n - 1 letters the table leads to
its own, so the n-grams of a million names are looked up length by length, all at once, without a string.
"""

from base64 import b64encode
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from training.data.minibatches import NOTHING, encode_padded, rows_by_length
from training.names.doubts import SELDOM, SYMBOLS, trigrams_of

Nodes = NDArray[np.int32]

LONGEST = 6
LEAST_NAMES = 3
"""Names that must hold an n-gram; the others are not known."""
FIRST, LAST = NOTHING + 1, NOTHING + 2
"""What stands for the marks of a name's ends."""
_SYMBOLS = LAST + 1
_UNKNOWN, _START = 0, 1
"""The node of all n-grams that are not known, from which none is reached, and that of the empty one."""


@dataclass(frozen=True)
class NGrams:
    """The n-grams of 1 to LONGEST letters that are known."""

    next_node: Nodes
    """The node that each symbol leads to (nodes, symbols)."""

    def __len__(self) -> int:
        return len(self.next_node) - 2

    def columns(self, names: Sequence[str]) -> Iterator[tuple[NDArray[np.intp], Nodes]]:
        """Yield, for names of each length, their rows, and the number of each of their n-grams.

        The numbers (rows, n-grams a name) begin with 0; -1 stands for one that is not known.
        """
        for rows, symbols in _symbols(names):
            yield rows, np.concatenate(list(self._walk(symbols)), axis=1) - 2

    def sums(self, names: Sequence[str], values: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the sum over the n-grams of each name of the `values` (n-grams,) that they have."""
        of_node = np.concatenate((np.zeros(2), values))
        sums = np.zeros(len(names))
        for rows, symbols in _symbols(names):
            for nodes in self._walk(symbols):  # (rows, places)
                sums[rows] += of_node[nodes].sum(axis=1)
        return sums

    def _walk(self, symbols: NDArray[np.uint8]) -> Iterator[Nodes]:
        nodes = np.full(symbols.shape, _START, dtype=np.int32)
        for length in range(1, min(LONGEST, symbols.shape[1]) + 1):
            nodes = self.next_node[nodes[:, : symbols.shape[1] - length + 1], symbols[:, length - 1 :]]
            yield nodes


def find_ngrams(names: Sequence[str]) -> NGrams:
    """Return the n-grams that LEAST_NAMES or more of `names` hold."""
    groups = [symbols for _, symbols in _symbols(names)]  # (names, symbols) of each length
    # Where the n-gram that begins at each place stands among those of its length, from 1 on; 0: not known.
    places = [np.ones(symbols.shape, dtype=np.int32) for symbols in groups]
    tables = [np.zeros((1, _SYMBOLS), dtype=np.int32)]
    known, nodes = 1, 2
    for length in range(1, LONGEST + 1):
        keys = [_keys(place, symbols[:, length - 1 :]) for place, symbols in zip(places, groups, strict=True)]
        holders = _count_names(keys, known + 1)  # (known + 1, symbols)
        place_of_key = np.cumsum(holders >= LEAST_NAMES, dtype=np.int32).reshape(holders.shape)
        place_of_key[holders < LEAST_NAMES] = 0
        tables.append(np.where(place_of_key > 0, place_of_key + (nodes - 1), 0)[1:].astype(np.int32))
        known = int(place_of_key.max())
        nodes += known
        places = [place_of_key.reshape(-1)[key] for key in keys]
    tables.append(np.zeros((known, _SYMBOLS), dtype=np.int32))  # no n-gram is longer
    return NGrams(np.concatenate(tables))


def _symbols(names: Sequence[str]) -> Iterator[tuple[NDArray[np.intp], NDArray[np.uint8]]]:
    """Yield, for the names of each length, their rows and their marked letters (rows, length + 2)."""
    for rows in rows_by_length(names).values():
        letters = encode_padded([names[row] for row in rows])
        first, last = (np.full((len(rows), 1), mark, dtype=np.uint8) for mark in (FIRST, LAST))
        yield rows, np.concatenate((first, letters, last), axis=1)


def _keys(places: Nodes, symbols: NDArray[np.uint8]) -> Nodes:
    """Return a number for each n-gram and the symbol behind it (names, places)."""
    keys: Nodes = places[:, : symbols.shape[1]] * np.int32(_SYMBOLS) + symbols
    return keys


def _count_names(keys: Sequence[Nodes], known: int) -> NDArray[np.int64]:
    """Return how many names hold each key (known, symbols), none for what follows an unknown n-gram."""
    counts = np.zeros(known * _SYMBOLS, dtype=np.int64)
    for of_names in keys:  # (names, places)
        ordered = np.sort(of_names, axis=1)
        is_new = np.ones(ordered.shape, dtype=bool)
        is_new[:, 1:] = ordered[:, 1:] != ordered[:, :-1]
        counts += np.bincount(ordered[is_new], minlength=len(counts))
    by_symbol = counts.reshape(known, _SYMBOLS)
    by_symbol[0] = 0
    return by_symbol


def table_of_trigrams(names: Iterable[str]) -> str:
    """Return which three letters are in SELDOM names or more, a bit each, as `names.doubts` reads it."""
    counts = Counter(bit for name in names for word in name.split(" ") for bit in set(trigrams_of(word)))
    table = bytearray(-(-(len(SYMBOLS) ** 3) // 8))
    for bit, n in counts.items():
        if n >= SELDOM:
            table[bit // 8] |= 1 << bit % 8
    return b64encode(table).decode()
