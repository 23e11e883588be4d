"""CSV and TSV: every row is given back as it was written, with our cells after its own."""

import csv
import io
import os
import re
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from webapp.files.formats import encodings, table
from webapp.files.formats.encodings import Encoding
from webapp.files.formats.table import Choice, Done, Preview
from webapp.guessing.bulk import Bulk, Finding

LONGEST_ROW = 2**18
"""Characters: what a quote that never closes may swallow before its row is given up."""
MOST_IN_VAIN = 2**24
"""Characters that are read ahead for quotes that never close; from then on a row ends with its line."""
_DELIMITERS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars"}
LONGER = "This row is longer than the first; its other cells stand after this one."
_LOOKED_AT = 40  # rows, to find the delimiter
# `surrogateescape` carries a byte that is no UTF-8 through as one of these 128 code points.
_NOT_A_LETTER = re.compile("[\udc80-\udcff]")
_PROBLEMS = {
    # What the csv module's messages hold.
    "field larger": f"A cell of this row has more than {csv.field_size_limit():,} characters.",
    "unexpected end": "A quote opens in this row and never closes.",
    "expected after": "In this row, text follows a closing quote.",
}


@dataclass(frozen=True)
class TextRow:
    """One row: its text with the line's end, and its cells, or None where `problem` says why."""

    text: str
    cells: list[str] | None
    problem: str = ""


@dataclass(frozen=True)
class Delimited:
    """A text file with one row a line, more or less."""

    path: Path
    encoding: Encoding
    delimiter: str
    width: int
    """Cells of the first row that can be read: ours come after so many."""

    @classmethod
    def open(cls, path: Path) -> "Delimited":
        """Look at the file; raise Invalid if it is no table."""
        encoding = encodings.find_encoding(path)
        with _text(path, encoding) as file:
            start = [line for _, line in zip(range(_LOOKED_AT), file, strict=False)]
        delimiter = _delimiter(start)
        width = next((len(row.cells) for row in _rows(iter(start), delimiter) if row.cells), 1)
        return cls(path, encoding, delimiter, width)

    def preview(self) -> Preview:
        """Return the first rows."""
        with _text(self.path, self.encoding) as file:
            rows = (
                row.cells or [row.text.strip()] for row in _rows(file, self.delimiter) if row.text.strip()
            )
            first = [row for _, row in zip(range(table.PREVIEW), rows, strict=False)]
        between = _DELIMITERS[self.delimiter] if max(map(len, first), default=0) > 1 else "line ends"
        return table.preview(first, f"Read as {self.encoding.in_words}, with {between} between the cells.")

    def convert(self, choice: Choice, bulk: Bulk) -> Iterator[Done]:
        """Yield the file with our columns added, in pieces."""
        writer = _Writer(self.delimiter, self.width, choice, bulk)
        size = self.path.stat().st_size or 1
        rows = 0
        yield Done(self.encoding.mark, 0, 0.0)
        with _text(self.path, self.encoding) as file:
            for block in _blocks(_rows(file, self.delimiter)):
                rows += len(block)
                text = "".join(writer.write(block))
                # Asked of the system: a text file refuses `tell` while it is iterated.
                yield Done(self._encode(text), rows, min(1.0, os.lseek(file.fileno(), 0, os.SEEK_CUR) / size))

    def _encode(self, text: str) -> bytes:
        return text.encode(self.encoding.codec, self.encoding.errors)


@contextmanager
def _text(path: Path, encoding: Encoding) -> Iterator[io.TextIOWrapper]:
    with open(path, "rb") as binary:
        # newline="": line ends stay as they are, since rows are given back as they were written.
        binary.seek(len(encoding.mark))
        with io.TextIOWrapper(binary, encoding.codec, encoding.errors, newline="") as file:
            yield file


def _delimiter(lines: list[str]) -> str:
    """Return what most consistently parts the lines into more than one cell; a comma if nothing does."""
    # `max` takes the first of equals, so a comma if no mark parts anything.
    score = {mark: _consistency(lines, mark) for mark in _DELIMITERS}
    return max(score, key=lambda mark: score[mark])


def _consistency(lines: list[str], delimiter: str) -> tuple[int, int]:
    widths = [len(row.cells) for row in _rows(iter(lines), delimiter) if row.cells]
    if not widths or widths[0] < 2:
        return 0, 0
    # First by how many rows are as wide as the first, then by that width.
    return sum(width == widths[0] for width in widths), widths[0]


@dataclass
class _Lines:
    """Lines that remember which of them the row in progress has taken, and can take them back."""

    source: Iterator[str]
    taken: list[str] = field(default_factory=list)
    back: deque[str] = field(default_factory=deque)
    size: int = 0
    in_vain: int = 0

    def __iter__(self) -> "_Lines":
        return self

    def __next__(self) -> str:
        # 0 lets each row have one line: a file full of stray quotes would otherwise be read many times over.
        longest = LONGEST_ROW if self.in_vain < MOST_IN_VAIN else 0
        if self.size > longest:
            # The csv module's own words, so that it is told as any other quote that never closes.
            raise csv.Error("unexpected end")
        line = self.back.popleft() if self.back else next(self.source)
        self.taken.append(line)
        self.size += len(line)
        return line

    def next_row(self) -> None:
        self.taken, self.size = [], 0

    def give_back(self) -> None:
        """Give back all lines but the first: they are read again, as rows of their own."""
        # extendleft puts one after the other in front, which turns their order round; hence reversed.
        self.back.extendleft(reversed(self.taken[1:]))
        self.in_vain += self.size


def _rows(source: Iterator[str], delimiter: str) -> Iterator[TextRow]:
    lines = _Lines(source)
    # Strict, or the csv module would read damaged rows as something else without a word.
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    while True:
        lines.next_row()
        try:
            # The reader takes as many lines as the row has; `lines` keeps them as they were written.
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            # The first line is given up alone: a stray quote must not take the rows after it along.
            lines.give_back()
            yield TextRow(lines.taken[0], None, _problem(str(error)))
        else:
            text = lines.taken[0] if len(lines.taken) == 1 else "".join(lines.taken)
            # isascii first: it is far quicker, and true of nearly every row.
            is_read = text.isascii() or not _NOT_A_LETTER.search(text)
            yield TextRow(text, cells, "" if is_read else "This row holds bytes that are not UTF-8.")


def _problem(error: str) -> str:
    return next(sentence for sign, sentence in _PROBLEMS.items() if sign in error)


def _blocks(rows: Iterator[TextRow]) -> Iterator[list[TextRow]]:
    block: list[TextRow] = []
    size = 0
    for row in rows:
        block.append(row)
        size += len(row.text)
        if len(block) == table.BLOCK_ROWS or size > table.BLOCK_SIZE:
            yield block
            block, size = [], 0
    if block:
        yield block


@dataclass
class _Writer:
    """Puts our cells after the row's own."""

    delimiter: str
    width: int
    choice: Choice
    bulk: Bulk
    is_first: bool = True

    def write(self, block: list[TextRow]) -> Iterator[str]:
        """Yield the text of each row."""
        # All names of a block at once: equal lengths are then read together, which is many times faster.
        names = [self._name(row) for row in block]
        findings = iter(self.bulk.find([name for name in names if isinstance(name, str)]))
        for row, name in zip(block, names, strict=True):
            # An empty line stays one, also at the end.
            if not row.text.strip("\r\n"):
                yield row.text
                continue
            finding = next(findings) if isinstance(name, str) else name
            is_header = self.is_first and self.choice.has_header and row.cells
            self.is_first = False
            if is_header:
                yield self._append(row, table.added_names(row.cells or []))
            else:
                yield self._with(row, finding)

    def _name(self, row: TextRow) -> str | Finding:
        if row.problem:
            return Finding(reason=row.problem)
        cells = row.cells or []
        if self.choice.column >= len(cells):
            return Finding(reason="This row has no cell in the column of the names.")
        return cells[self.choice.column]

    def _with(self, row: TextRow, finding: Finding) -> str:
        added = table.added_cells(finding, f"v{self.bulk.champion.version_id}")
        if row.cells and len(row.cells) > self.width:
            added[-1] = added[-1] or LONGER
        return self._append(row, added)

    def _append(self, row: TextRow, added: Sequence[str]) -> str:
        body = row.text.rstrip("\r\n")
        end = row.text[len(body) :]
        if row.cells is None:  # one quoted cell, so that its quotes harm no row after it
            body, n = _quoted(body), 1
        elif len(row.cells) > self.width:
            # Our cells keep their columns; cells beyond the first row's width move to their right.
            own, extra = row.cells[: self.width], row.cells[self.width :]
            return self.delimiter.join(map(self._cell, [*own, *added, *extra])) + end
        else:
            n = len(row.cells)
        # A short row is filled up, for the same reason.
        blanks = self.delimiter * (self.width - n)
        return body + blanks + self.delimiter + self.delimiter.join(map(self._cell, added)) + end

    def _cell(self, text: str) -> str:
        return _quoted(text) if any(mark in text for mark in (self.delimiter, '"', "\r", "\n")) else text


def _quoted(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'
