"""What a reader learns from: names, the share of women among those who bear them, their weight and part."""

from collections.abc import Iterable
from dataclasses import dataclass
from importlib.metadata import distribution
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from training.data.corpus import HOLDOUT, TRAIN, VALIDATION, part_of
from training.data.minibatches import Examples


@dataclass(frozen=True)
class Lesson:
    """One name as a network is asked: "花子", "IT:andrea"."""

    name: str
    share: float
    """Of women among its bearers, 0 to 1."""
    weight: float
    part: int
    source: str
    """Which list it is scored with."""
    people: int = 0
    """Bearers, where they were counted."""
    told: float | None = None
    """The share as its list has it, where another one is learned."""

    @property
    def is_female(self) -> bool | None:
        """Whether the list gives it mostly to women; None for one that is even."""
        share = self.share if self.told is None else self.told
        return None if share == 0.5 else share > 0.5


@dataclass(frozen=True, eq=False)
class Lessons:
    """All that one reader learns from."""

    rows: tuple[Lesson, ...]

    def __len__(self) -> int:
        return len(self.rows)

    def only(self, part: int, source: str | None = None) -> "Lessons":
        """Return the lessons of one part, of one source or of all."""
        return Lessons(tuple(r for r in self.rows if r.part == part and source in (None, r.source)))

    @property
    def names(self) -> list[str]:
        """The names as a network is asked."""
        return [row.name for row in self.rows]

    @property
    def sources(self) -> tuple[str, ...]:
        """The lists that they come from, in the order of their names."""
        return tuple(sorted({row.source for row in self.rows}))

    @property
    def shares(self) -> NDArray[np.float64]:
        """The share of women of each name (names,)."""
        return np.array([row.share for row in self.rows])

    def examples(self) -> Examples:
        """Return them as a training takes them."""
        weights = np.array([row.weight for row in self.rows])
        return Examples(self.names, self.shares, weights)


def joined(parts: Iterable[Lessons]) -> Lessons:
    """Return several sets of lessons as one."""
    return Lessons(tuple(row for part in parts for row in part.rows))


def file_of(package: str, path: str) -> Path:
    """Return a file of a package that is installed, which is read and never imported."""
    return Path(str(distribution(package).locate_file(path)))


__all__ = ["HOLDOUT", "TRAIN", "VALIDATION", "Lesson", "Lessons", "file_of", "joined", "part_of"]
