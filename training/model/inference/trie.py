"""Many names at once: names that begin alike share the work of their common beginning.

Sorted names form a prefix trie. It is walked level by level, so every distinct prefix is read once however
many names begin with it, and all prefixes of one length form one batch. Each state is multiplied with the
recurrent weights once, for all the letters that follow it.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from training.model.inference.cells import Array, Cell, gates_may_shut
from training.names import ALPHABET, encode

CHUNK = 32_768
"""Names that are walked together: more would share more, and need more memory."""
BLOCK = 512
"""Prefixes of one length that are multiplied together: the weights are laid out anew for each block."""
STEP = 64
"""Those whose step is computed together: few enough to stay in the processor's nearest caches."""
_NOTHING = len(ALPHABET)
_INDEX_OF_BYTE = np.full(256, _NOTHING, dtype=np.uint8)
_INDEX_OF_BYTE[np.frombuffer(ALPHABET.encode("ascii"), dtype=np.uint8)] = encode(ALPHABET)


def odds(cell: Cell, names: Sequence[str]) -> Array:
    """Return log P(female) / P(male) of each of sorted names, read from the first letter (names,)."""
    chunks = [names[start : start + CHUNK] for start in range(0, len(names), CHUNK)]
    with gates_may_shut():
        return np.concatenate([_read(cell, chunk) for chunk in chunks])


def _read(cell: Cell, names: Sequence[str]) -> Array:
    codes = _codes(names)  # (names, letters)
    is_new = _first_of_their_prefix(codes)  # (names, letters)
    lengths = (codes != _NOTHING).sum(axis=1)  # (names,)
    found = np.empty(len(names), dtype=np.float32)
    states, above = cell.start, np.zeros(len(names), dtype=np.intp)  # the node that each name is at
    room = np.empty((len(cell.recurrent), BLOCK, cell.recurrent.shape[2]), dtype=np.float32)
    for depth in range(codes.shape[1]):
        new = is_new[:, depth]
        # (nodes,): the letters of the prefixes that begin here, and the node above that each hangs on
        states = _descend(cell, states, above[new], codes[new, depth], room)
        # (names,): each name's node at this depth is the last new one at or before its row. Names that have
        # ended point to some node too, which nobody asks.
        above = np.maximum(np.cumsum(new) - 1, 0)
        ends = np.flatnonzero(lengths == depth + 1)
        found[ends] = cell.odds(states[above[ends]])
    return found


def _descend(
    cell: Cell, states: Array, parents: NDArray[np.intp], letters: NDArray[np.uint8], room: Array
) -> Array:
    new = np.empty((len(parents), states.shape[1]), dtype=np.float32)
    for start in range(0, len(parents), BLOCK):
        block = slice(start, start + BLOCK)
        _descend_block(cell, states, parents[block], letters[block], room, new[block])
    return new


def _descend_block(
    cell: Cell,
    states: Array,
    parents: NDArray[np.intp],
    letters: NDArray[np.uint8],
    room: Array,
    new: Array,
) -> None:
    """Write the states behind one more letter into `new`; `room` is for the products (gates, BLOCK, width)."""
    # Parents come in ascending order; those at which every name ends are not multiplied.
    is_first = np.concatenate(([True], parents[1:] != parents[:-1]))  # child of its parent
    above = states[parents[is_first]]  # (parents, state)
    by_state = np.matmul(above[:, : cell.width], cell.recurrent, out=room[:, : len(above)])
    others = np.flatnonzero(~is_first)
    places = np.cumsum(is_first)[others] - 1  # (others,): the row above of each
    for start in range(0, len(others), STEP):
        some = slice(start, start + STEP)
        rows, nodes = places[some], others[some]
        new[nodes] = cell.step(cell.inputs.take(letters[nodes]), np.take(by_state, rows, axis=1), above[rows])
    # Most parents have one child: what came from them is written over where it stands.
    first = np.flatnonzero(is_first)
    for start in range(0, len(first), STEP):
        some = slice(start, start + STEP)
        nodes = first[some]
        new[nodes] = cell.step(cell.inputs.take(letters[nodes]), by_state[:, some], above[some])


def _codes(names: Sequence[str]) -> NDArray[np.uint8]:
    """Return the letters of names as indices (names, longest), _NOTHING behind the shorter ones."""
    padded = np.array(names, dtype=np.bytes_)
    return _INDEX_OF_BYTE[padded.view(np.uint8).reshape(len(names), -1)]


def _first_of_their_prefix(codes: NDArray[np.uint8]) -> NDArray[np.bool_]:
    differs = np.ones(codes.shape, dtype=np.bool_)
    # (names - 1, letters): once two neighbours differ, they do in every longer prefix.
    np.logical_or.accumulate(codes[1:] != codes[:-1], axis=1, out=differs[1:])
    is_new: NDArray[np.bool_] = differs & (codes != _NOTHING)
    return is_new
