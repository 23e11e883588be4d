"""One sheet of a workbook as a stream of rows that know where in the bytes they end."""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import IO

from webapp.errors import Invalid
from webapp.files.formats import cells
from webapp.files.formats.xlsx.shared_strings import LONGEST, SharedStrings
from webapp.files.formats.xlsx.styles import Styles
from webapp.files.formats.xlsx.xml import DAMAGED, Reader

_PLACE = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")  # A1 to XFD1048576, roughly: sizes are checked after
_NUMBER = re.compile(r"[0-9]{1,7}")
_REASONS = {"e": cells.ERROR, "b": cells.TRUTH, "d": cells.DATE}
MOST_COLUMNS, MOST_ROWS = 2**14, 2**20  # of a sheet, as spreadsheets count


@dataclass
class SheetRow:
    """One row: its number, its cells by column counted from 0, and the byte before its closing tag.

    A row whose cells only have a format is blank.
    """

    number: int
    cells: dict[int, str] = field(default_factory=dict)
    reasons: dict[int, str] = field(default_factory=dict)
    """Why a cell is no name: it is a date, a number, an error."""
    is_blank: bool = True
    end: int = 0


@dataclass(frozen=True)
class Extent:
    """How large a sheet is, and which bytes say so: the tag `dimension`, if it has one."""

    rows: int
    columns: int
    dimension: int | None


@lru_cache(MOST_COLUMNS)
def column_of(letters: str) -> int:
    """Return the column of its letters, counted from 0: AA is 26."""
    number = 0
    for letter in letters:
        # Letters count from 1 (A) to 26, without a zero.
        number = number * 26 + ord(letter) - 64
    return number - 1


def letters_of(column: int) -> str:
    """Return the letters of a column, counted from 0."""
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


class _Places:
    """Where each row and cell is: as it says, or else right after the one before."""

    def __init__(self) -> None:
        self.row, self.column, self._n_rows = 0, -1, 0

    def next_row(self, attributes: dict[str, str]) -> int:
        number = attributes.get("r", "")
        self.row = int(number) if _NUMBER.fullmatch(number) else self.row + 1
        # Counted, besides what they say: a file may give a million rows the same number.
        self._n_rows += 1
        if self._n_rows > MOST_ROWS:
            raise Invalid(DAMAGED, "file")
        self.column = -1
        return self.row

    def next_cell(self, attributes: dict[str, str]) -> int:
        found = _PLACE.fullmatch(attributes.get("r", ""))
        self.column = column_of(found[1]) if found else self.column + 1
        if self.column >= MOST_COLUMNS:
            raise Invalid(DAMAGED, "file")
        return self.column


def measure(source: IO[bytes]) -> Extent:
    """Return the extent of a sheet."""
    places = _Places()
    widest = last = 0
    dimension: int | None = None

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal widest, last, dimension
        if name == "c":
            widest = max(widest, places.next_cell(attributes) + 1)
        elif name == "row":
            last = max(last, places.next_row(attributes))
        elif name == "dimension":
            dimension = reader.place

    reader = Reader(start)
    reader.read(source)
    return Extent(last, widest, dimension)


class SheetReader:
    """Reads rows; behind the row `header` only the cells of `columns`, if any are given."""

    def __init__(
        self, strings: SharedStrings, styles: Styles, columns: Collection[int] = (), header: int = 0
    ) -> None:
        self.ready: list[SheetRow] = []
        self._strings, self._styles = strings, styles
        self._columns, self._header = frozenset(columns), header
        self._places = _Places()
        self._row: SheetRow | None = None
        self._cell: int | None = None
        self._kind, self._style = "", ""
        self._words: list[str] = []
        self._size = 0
        self._is_text = self._is_formula = False
        self._reader = Reader(self._start, self._end, self._text)

    @property
    def is_inside(self) -> bool:
        """Whether a row has begun and not ended."""
        return self._row is not None

    def feed(self, source: IO[bytes]) -> Iterator[bytes]:
        """Yield the sheet's bytes piece by piece; the rows that ended in each stand in `ready`."""
        return self._reader.feed(source)

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "c" and self._row:
            column = self._places.next_cell(attributes)
            # All headings are read, so that ours can differ from them.
            is_wanted = not self._columns or column in self._columns or self._row.number <= self._header
            self._cell = column if is_wanted else None
            # "s" is a number of a shared text, anything else is written in the cell itself.
            self._kind, self._style = attributes.get("t", "n"), attributes.get("s", "")
            self._is_formula = False
            self._words.clear()
            self._size = 0
        elif name == "row":
            self._row = SheetRow(self._places.next_row(attributes))
        # How Japanese text is pronounced stands inside the text, and is no part of it.
        elif name == "rPh":
            self._is_text = False
        elif name == "f" and self._row:
            self._row.is_blank, self._is_formula = False, True
        elif name in ("v", "t") and self._row:
            self._row.is_blank = False
            self._is_text = self._cell is not None

    def _text(self, text: str) -> None:
        if self._is_text:
            self._words.append(text[: LONGEST - self._size])
            self._size += len(self._words[-1])

    def _end(self, name: str) -> None:
        self._is_text = False
        if name == "c" and self._row and self._cell is not None:
            self._put(self._row, self._cell, "".join(self._words))
            self._cell = None
        elif name == "row" and self._row:
            # The place of the closing tag: new cells go in right before it.
            self._row.end = self._reader.place
            self.ready.append(self._row)
            self._row = None

    def _put(self, row: SheetRow, column: int, text: str) -> None:
        reason = self._reason(text)
        row.cells[column] = self._value(text, reason)
        if reason:
            row.reasons[column] = reason

    def _reason(self, text: str) -> str:
        if not text:
            # A text that a formula made is one, also an empty one.
            return cells.FORMULA if self._is_formula and self._kind != "str" else ""
        if self._kind == "n":
            return cells.DATE if self._styles.is_date(self._style) else cells.NUMBER
        return _REASONS.get(self._kind, "")

    def _value(self, text: str, reason: str) -> str:
        if self._kind == "s":
            return self._strings[int(text)] if _NUMBER.fullmatch(text) else ""
        if reason == cells.DATE and self._kind == "n":
            return self._styles.date_of(text)
        return {"0": "FALSE", "1": "TRUE"}.get(text, text) if self._kind == "b" else text
