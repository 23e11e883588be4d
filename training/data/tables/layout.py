"""How a name list is laid out: what parts its cells, which column holds what, and what its codes mean."""

import csv
import io
import re
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace

from training.data.tables import words
from training.data.tables.words import Role

_STATE = re.compile(r"[A-Z]{2},[FM],\d{4},[^,]+,\d+\s*")
_SAID = re.compile("sep=", re.IGNORECASE)
_YEAR = re.compile(r"1[6-9]\d\d|20\d\d")
_POSITIONS = {Role.NAME: 0, Role.LABEL: 1, Role.COUNT: 2}
_STATE_POSITIONS = {Role.COUNTRY: 0, Role.LABEL: 1, Role.YEAR: 2, Role.NAME: 3, Role.COUNT: 4}


@dataclass(frozen=True)
class Entry:
    """One count of a list: a name as written, the label or the share it stands for, and where and when."""

    written: str
    label: str
    count: str
    country: str = ""
    year: int | None = None


@dataclass(frozen=True)
class Layout:
    """Which column holds what; `has_header` where the first line says so."""

    delimiter: str = ","
    columns: Mapping[Role, int] = field(default_factory=lambda: dict(_POSITIONS))
    has_header: bool = False
    country: str = ""
    """Of every row, where no column tells one."""
    heading: str = ""
    """What the column of the sexes is called."""
    years: Mapping[int, int] = field(default_factory=dict)
    """Which year each column counts, in a list with a column for each."""

    def cells(self, line: str) -> list[str]:
        """Return the cells of a line; raise csv.Error for a damaged one."""
        reader = csv.reader(io.StringIO(line), delimiter=self.delimiter, strict=True)
        return [cell.strip() for cell in next(reader, [])]

    def entries(self, cells: Sequence[str]) -> list[Entry]:
        """Return what a row counts, for each sex where it does so; raise ValueError for another width."""
        if not any(cells):
            return []
        if self.years:
            return self._entries_of_years(cells)
        if Role.LABEL in self.columns and not (self._has_both and Role.COUNT not in self.columns):
            return [self._entry(cells, self._cell(cells, Role.LABEL), self._count(cells))]
        found = (("female", Role.WOMEN), ("male", Role.MEN))
        # A list with a count for each sex says 0 for the other one.
        told = ((label, self._cell(cells, role)) for label, role in found if role in self.columns)
        return [
            self._entry(cells, label, count) for label, count in told if words.fold(count) not in ("0", "0 0")
        ]

    def _entries_of_years(self, cells: Sequence[str]) -> list[Entry]:
        label = self._cell(cells, Role.LABEL)
        counts = ((year, cells[column]) for column, year in self.years.items() if column < len(cells))
        return [
            replace(self._entry(cells, label, count), year=year)
            for year, count in counts
            if not words.is_none(count)
        ]

    @property
    def _has_both(self) -> bool:
        return Role.WOMEN in self.columns and Role.MEN in self.columns

    def _entry(self, cells: Sequence[str], label: str, count: str) -> Entry:
        country = self._cell(cells, Role.COUNTRY) if Role.COUNTRY in self.columns else ""
        year = words.year_of(self._cell(cells, Role.YEAR)) if Role.YEAR in self.columns else None
        return Entry(self._cell(cells, Role.NAME), label, count, self.country or country, year)

    def _count(self, cells: Sequence[str]) -> str:
        # name,label without a count is one person.
        if self.columns.get(Role.COUNT, len(cells)) >= len(cells) == 2 or Role.COUNT not in self.columns:
            return "1"
        return self._cell(cells, Role.COUNT)

    def _cell(self, cells: Sequence[str], role: Role) -> str:
        if not self.has_header and self.columns is not _STATE_POSITIONS and not 2 <= len(cells) <= 3:
            raise ValueError(f"it has {len(cells)} cells where name,label[,count] has 2 or 3")
        column = self.columns[role]
        if column >= len(cells):
            raise ValueError(f"it has {len(cells)} cells, and the {role} is number {column + 1}")
        return cells[column]


def find_layout(lines: Sequence[str]) -> tuple[Layout, int]:
    """Return the layout that a list's first lines tell, and how many of them stand above its rows.

    Raises ValueError for headings without name or sex.
    """
    # A spreadsheet may say first what parts the cells; the first line of a list shows it anyway.
    first = next((at for at, line in enumerate(lines) if line.strip() and not _SAID.match(line)), 0)
    above = next((at for at, line in enumerate(lines) if _is_table(line)), first)
    layout = _layout_of(lines[above] if lines else "")
    return layout, above + layout.has_header


def _is_table(line: str) -> bool:
    """Say whether a line names the columns of a list beyond doubt, whatever stands above it."""
    with suppress(csv.Error):
        columns = words.roles(_plain(line).cells(line)).keys()
        # "Ime,F" is a person in a list without headings.
        return Role.NAME in columns and (Role.LABEL in columns or {Role.WOMEN, Role.MEN} <= columns)
    return False


def _plain(line: str) -> Layout:
    return Layout(max(",;\t|", key=line.count))


def _layout_of(first: str) -> Layout:
    if _STATE.fullmatch(first):
        return Layout(",", _STATE_POSITIONS, country="US")
    plain = _plain(first)
    cells = plain.cells(first)
    columns = words.roles(cells)
    if Role.NAME not in columns and {Role.LABEL, Role.COUNT} <= columns.keys():
        raise ValueError("no heading says which column holds the name")
    if Role.NAME not in columns or not _is_header(columns, cells):
        return plain
    if Role.LABEL in columns and (years := _years_of(columns, cells)):
        heading = _heading(columns, cells)
        return replace(plain, columns=columns, has_header=True, heading=heading, years=years)
    if columns.keys() & {Role.LABEL, Role.WOMEN, Role.MEN}:
        return replace(plain, columns=columns, has_header=True, heading=_heading(columns, cells))
    # "name,f_or_m,how_many": headings of their own, in the order that lists without headings have.
    if len(columns) == 1 and len(cells) in (2, 3):
        return replace(plain, columns=dict(list(_POSITIONS.items())[: len(cells)]), has_header=True)
    raise ValueError("no heading says which column holds the sex")


def _years_of(columns: Mapping[Role, int], cells: Sequence[str]) -> dict[int, int]:
    if columns.keys() & {Role.COUNT, Role.YEAR}:
        return {}
    return {at: int(cell) for at, cell in enumerate(cells) if _YEAR.fullmatch(cell)}


def _heading(columns: Mapping[Role, int], cells: Sequence[str]) -> str:
    return cells[columns[Role.LABEL]] if Role.LABEL in columns else ""


def _is_header(columns: Mapping[Role, int], cells: Sequence[str]) -> bool:
    # "Name" and "Ad" are first names somewhere: one heading is none, unless it stands alone in front.
    return len(columns) > 1 or (columns[Role.NAME] == 0 and words.fold(cells[0]) == "name")
