"""What all tables share: their first rows, the choice of what is read, and the cells that are added."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from webapp.guessing.bulk import Finding
from webapp.presentation import tabular

N_ADDED = 7
"""Columns that each row gets, and one more where countries are read; layout/headings.toml names them."""
ANYWHERE = "anywhere"
"""What stands for no country there."""
SHARE = 1
"""Which of them is P(female)."""
BLOCK_ROWS = 16_384
BLOCK_SIZE = 8 * 2**20
"""Rows, and bytes or characters, that are held at once, whichever is reached first."""
HEAD = 60
"""Rows from which the layout of a table is told."""


@dataclass(frozen=True)
class How:
    """How a file is to be opened, where that was chosen: the encoding of a text, the sheet of a workbook."""

    encoding: str = ""
    sheet: str = ""


@dataclass(frozen=True)
class Row:
    """One of the first rows: its number, counted from 1 as spreadsheets do, and its cells."""

    number: int
    cells: list[str]
    reasons: Mapping[int, str] = field(default_factory=dict)
    """Why a cell is no name whatever is written in it: a date, an error."""

    def cell(self, column: int) -> str:
        """Return a cell, empty beyond the row's end."""
        return self.cells[column] if column < len(self.cells) else ""


@dataclass(frozen=True)
class Head:
    """The first rows of a table that are not blank, and how the file was read, in a sentence."""

    rows: list[Row]
    summary: str
    codec: str = "utf-8"
    """In which our headings have to be written, too."""

    @property
    def width(self) -> int:
        """Columns of the widest row."""
        return max((len(row.cells) for row in self.rows), default=0)


@dataclass(frozen=True)
class Choice:
    """What is read: the columns that make a name, counted from 0, and where the names begin."""

    columns: tuple[int, ...]
    header_row: int = 0
    """Its number; 0 for a table without headings."""
    skip: int = 0
    """Rows at the top that hold no names, the headings among them or not."""
    language: str = "english"
    """Of the headings, and so of ours."""
    country: int | None = None
    """The column that says where each name is from; None where none does."""

    @property
    def n_added(self) -> int:
        """How many columns each row gets."""
        return N_ADDED + (self.country is not None)

    @property
    def read(self) -> tuple[int, ...]:
        """All columns that are read."""
        return self.columns if self.country is None else (*self.columns, self.country)

    @property
    def first_row(self) -> int:
        """The number of the first row with a name."""
        return max(self.header_row, self.skip) + 1


@dataclass(frozen=True)
class Done:
    """A piece of the converted file, and how far that brings it."""

    data: bytes
    rows: int
    share: float
    """Of the file that was read, 0 to 1."""


def know_nobody(names: Collection[str]) -> Mapping[str, int]:
    """Return how many people bear each name, where no records are at hand."""
    return {}


def added_cells(finding: Finding, version: str, choice: Choice) -> list[str]:
    """Return the added cells of one row."""
    if finding.p_female is None:
        return [*[""] * (choice.n_added - 1), finding.reason]
    share = f"{finding.p_female:.4f}"
    # The only one of ours that holds what somebody wrote.
    left_out = tabular.harmless(finding.left_out)
    country = [] if choice.country is None else [finding.country or ANYWHERE]
    return [
        finding.label,
        share,
        finding.read_as,
        left_out,
        finding.doubt,
        *country,
        version,
        finding.reason,
    ]
