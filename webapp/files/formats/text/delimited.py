"""CSV and TSV: every row is given back as it was written, with our cells after its own."""

import io
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from webapp.errors import Invalid
from webapp.files.formats import table
from webapp.files.formats.table import Choice, Done, Head, How, Row
from webapp.files.formats.text import detection, dialect
from webapp.files.formats.text.encodings import Encoding
from webapp.files.formats.text.rows import TextRow, blocks, read_rows
from webapp.files.formats.text.witness import Knows
from webapp.files.formats.text.writer import Writer
from webapp.guessing.bulk import Bulk
from webapp.languages import numbers
from webapp.languages.texts import gettext


@dataclass(frozen=True)
class Delimited:
    """A text file with one row a line, more or less."""

    path: Path
    encoding: Encoding
    rivals: tuple[Encoding, ...]
    """Other encodings that are about as likely: then somebody has to say which it is."""
    delimiter: str
    is_said: bool
    """Whether the first line is `sep=` and what parts the cells."""

    @classmethod
    def open(cls, path: Path, how: How, knows: Knows) -> "Delimited":
        """Look at the file; raise Invalid if it is no table."""
        found = (
            detection.in_encoding(path, how.encoding)
            if how.encoding
            else detection.find_encoding(path, knows)
        )
        with _text(path, found.encoding) as file:
            start = list(islice(file, table.HEAD))
        said = dialect.said_by(start[0]) if start else None
        delimiter = said or dialect.find_delimiter(start)
        return cls(path, found.encoding, found.rivals, delimiter, said is not None)

    @property
    def sheets(self) -> list[str]:
        """A text has none."""
        return []

    @property
    def sheet(self) -> str:
        """A text has none."""
        return ""

    def head(self) -> Head:
        """Return the first rows."""
        with self._lines() as lines:
            rows = list(islice(_shown(enumerate(self._rows(lines), 1)), table.HEAD))
        is_parted = max((len(row.cells) for row in rows), default=0) > 1
        between = dialect.in_words(self.delimiter) if is_parted else gettext("line ends")
        ways = numbers.join([one.in_words for one in (self.encoding, *self.rivals)], "or")
        if self.rivals:
            summary = gettext(
                "Written in %(ways)s, with %(signs)s between the cells.", ways=ways, signs=between
            )
        else:
            summary = gettext("Read as %(ways)s, with %(signs)s between the cells.", ways=ways, signs=between)
        return Head(rows, summary, self.encoding.codec)

    def convert(self, choice: Choice, bulk: Bulk) -> Iterator[Done]:
        """Yield the file with our columns added, in pieces; raise Invalid while its encoding is doubtful."""
        if self.rivals:
            raise Invalid(
                gettext("Choose the encoding of this file first: two are about as likely."), "encoding"
            )
        writer = Writer(self.delimiter, self._width(choice), self.encoding, choice, bulk)
        size = self.path.stat().st_size or 1
        yield Done(self.encoding.mark, 0, 0.0)
        with _text(self.path, self.encoding) as file:
            if self.is_said:
                yield Done(self.encoding.encode(next(file)), 0, 0.0)
            for block in blocks(self._rows(file)):
                data = self.encoding.encode("".join(writer.write(block)))
                # Asked of the system: a text file refuses `tell` while it is iterated.
                share = min(1.0, os.lseek(file.fileno(), 0, os.SEEK_CUR) / size)
                yield Done(data, writer.number, share)

    def _width(self, choice: Choice) -> int:
        """Return how many cells the row of headings has, or else the first one with a name."""
        wanted = choice.header_row or choice.first_row
        with self._lines() as lines:
            rows = islice(self._rows(lines), wanted - 1, None)
            return next((len(row.cells) for row in rows if row.cells), 1)

    def _rows(self, lines: Iterator[str]) -> Iterator[TextRow]:
        return read_rows(lines, self.delimiter)

    @contextmanager
    def _lines(self) -> Iterator[Iterator[str]]:
        with _text(self.path, self.encoding) as file:
            if self.is_said:
                next(file)
            yield file


def _shown(rows: Iterator[tuple[int, TextRow]]) -> Iterator[Row]:
    for number, row in rows:
        if row.text.strip():
            yield Row(number, row.cells or [row.text.strip()])


@contextmanager
def _text(path: Path, encoding: Encoding) -> Iterator[io.TextIOWrapper]:
    with open(path, "rb") as binary:
        # newline="": line ends stay as they are, since rows are given back as they were written.
        binary.seek(len(encoding.mark))
        with io.TextIOWrapper(binary, encoding.codec, encoding.errors, newline="") as file:
            yield file
