"""Ten names that the network never saw, for a reader who builds the confusion matrix from them."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from training.data.name_groups import UNISEX
from training.names import Label, label_of
from webapp.guessing import predictor
from webapp.guessing.predictor import Champion
from webapp.languages.words import N_
from webapp.presentation.confusion import Matrix
from webapp.records import lookup

TEN = 10
ASKED = 80
"""Names that are guessed to draw ten of them."""
WRONG = 3
"""Of the ten, those that it gets wrong, where there are so many: else there would be little to count."""
DRAWS = 500


class Cell(StrEnum):
    """A cell of the matrix whose positive label is women."""

    TP = "tp"
    FN = "fn"
    FP = "fp"
    TN = "tn"


CELL_WORDS = {
    Cell.TP: N_("women, rightly"),
    Cell.FN: N_("women, missed"),
    Cell.FP: N_("called women, wrongly"),
    Cell.TN: N_("men, rightly"),
}
"""What each cell holds, where women are the positive label."""


@dataclass(frozen=True)
class DrawnName:
    """One of the ten: what the records say, what was guessed, and where the reader puts it."""

    name: str
    people: int
    share: float
    p_female: float
    placed: Cell | None = None

    @property
    def cell(self) -> Cell:
        """Where it belongs."""
        if label_of(self.share) == Label.FEMALE:
            return Cell.TP if label_of(self.p_female) == Label.FEMALE else Cell.FN
        return Cell.FP if label_of(self.p_female) == Label.FEMALE else Cell.TN

    @property
    def is_right(self) -> bool:
        """Whether it was guessed right."""
        return self.cell in (Cell.TP, Cell.TN)

    @property
    def is_well_placed(self) -> bool:
        """Whether the reader put it where it belongs."""
        return self.placed == self.cell


@dataclass(frozen=True)
class Sheet:
    """The ten names of one draw."""

    number: int
    names: tuple[DrawnName, ...]
    drawn_from: int
    """How many names there are that could have been drawn."""

    def placed(self, cells: Sequence[Cell | None]) -> "Sheet":
        """Return the sheet as the reader filled it in."""
        rows = zip(self.names, cells, strict=False)
        names = (DrawnName(row.name, row.people, row.share, row.p_female, cell) for row, cell in rows)
        return Sheet(self.number, tuple(names), self.drawn_from)

    @property
    def is_begun(self) -> bool:
        """Whether the reader has put any name anywhere."""
        return any(row.placed for row in self.names)

    @property
    def well_placed(self) -> int:
        """How many names are where they belong."""
        return sum(row.is_well_placed for row in self.names)

    @property
    def own_matrix(self) -> Matrix:
        """The matrix as the reader built it."""
        return _count([row.placed for row in self.names])

    @property
    def matrix(self) -> Matrix:
        """The matrix as it is."""
        return _count([row.cell for row in self.names])


def _count(cells: Sequence[Cell | None]) -> Matrix:
    return Matrix(**{cell.value: cells.count(cell) for cell in Cell})


def draw(champion: Champion, number: int) -> Sheet:
    """Draw ten names of 100 bearers or more, nine in ten of one kind; a number draws the same ten again."""
    chance = random.Random(number)  # nosec B311 # an exercise, not a secret
    pool = lookup.holdout_names()
    keys = chance.sample(pool, min(ASKED, len(pool)))
    known, guesses = lookup.known_many(keys), predictor.guess_keys(champion, keys)
    rows = [
        DrawnName(key, known[key].people, known[key].share, guess.p_female)
        for key, guess in zip(keys, guesses, strict=True)
        if not UNISEX[0] < known[key].share < UNISEX[1]
    ]
    wrong = [row for row in rows if not row.is_right][:WRONG]
    chosen = wrong + [row for row in rows if row.is_right][: TEN - len(wrong)]
    chance.shuffle(chosen)
    return Sheet(number, tuple(chosen), len(pool))
