"""A few names at a time, by one direction, which remembers the states after the beginnings it has read."""

from collections.abc import Iterable, Sequence

import numpy as np

from training.model.inference.cells import Array, Cell, gates_may_shut
from training.model.inference.recent import Recent

REMEMBERED = 8_000
"""States that are kept, at least: of a network 384 wide 12 MB. With as many a new name is read from its
fourth letter on."""


class Beginnings:
    """Reads names letter by letter from the longest beginning that is remembered."""

    def __init__(self, cell: Cell) -> None:
        self.cell = cell
        self._states: Recent[str, Array] = Recent(REMEMBERED)

    def odds(self, names: Sequence[str]) -> Array:
        """Return log P(female) / P(male) of each name (names,)."""
        return self.cell.odds(self.states(names))

    def states(self, names: Sequence[str]) -> Array:
        """Return the state after each name (names, state)."""
        found, missing = self._find(names)
        with gates_may_shut():
            for length in sorted(missing):
                self._read(missing[length], found)
        return _joined([found[name] for name in names])

    def _find(self, names: Iterable[str]) -> tuple[dict[str, Array], dict[int, list[str]]]:
        """Return what is remembered of the names' beginnings, and those to be read, by their length."""
        found = {"": self.cell.start}
        missing: dict[int, list[str]] = {}
        asked: set[str] = set()
        for name in names:
            for end in range(len(name), 0, -1):
                beginning = name[:end]
                if beginning in found or beginning in asked:
                    break
                state = self._states.get(beginning)
                if state is not None:
                    found[beginning] = state
                    break
                asked.add(beginning)
                missing.setdefault(end, []).append(beginning)
        return found, missing

    def _read(self, beginnings: Sequence[str], found: dict[str, Array]) -> None:
        """Read the last letters of beginnings of one length."""
        above = _joined([found[beginning[:-1]] for beginning in beginnings])  # (beginnings, state)
        letters = "".join(beginning[-1] for beginning in beginnings)
        states = self.cell.read(letters, above)
        # A row is copied out of many: it would keep them all in memory.
        rows = [states] if len(states) == 1 else [states[at : at + 1].copy() for at in range(len(states))]
        for beginning, state in zip(beginnings, rows, strict=True):
            found[beginning] = state
            self._states.put(beginning, state)


def _joined(states: Sequence[Array]) -> Array:
    return states[0] if len(states) == 1 else np.concatenate(states)
