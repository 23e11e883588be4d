"""The rows of a delimited text, each with the text it was written as; damaged ones alone are given up."""

import csv
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field

from webapp.files.formats import table
from webapp.languages import numbers
from webapp.languages.texts import gettext
from webapp.languages.words import N_

LONGEST_ROW = 2**18
"""Characters: what a quote that never closes may swallow before its row is given up."""
MOST_IN_VAIN = 2**24
"""Characters that are read ahead for quotes that never close; from then on a row ends with its line."""
_PROBLEMS = {
    # What the csv module's messages hold.
    "field larger": N_("A cell of this row has more than %(field)s characters."),
    "unexpected end": N_("A quote opens in this row and never closes."),
    "expected after": N_("In this row, text follows a closing quote."),
}


@dataclass(frozen=True)
class TextRow:
    """One row: its text with the line's end, and its cells, or None where `problem` says why."""

    text: str
    cells: list[str] | None
    problem: str = ""

    @property
    def is_blank(self) -> bool:
        """Whether it is an empty line."""
        return not self.text.strip("\r\n")


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


def read_rows(source: Iterator[str], delimiter: str) -> Iterator[TextRow]:
    """Yield the rows of some lines."""
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
            yield TextRow(text, cells)


def _problem(error: str) -> str:
    told = next(sentence for sign, sentence in _PROBLEMS.items() if sign in error)
    return gettext(told, field=numbers.count(csv.field_size_limit()))


def blocks(rows: Iterator[TextRow]) -> Iterator[list[TextRow]]:
    """Yield rows in blocks of bounded size."""
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
