"""Puts our cells after each row's own, which stay as they were written."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from webapp.files.formats import cells, table
from webapp.files.formats.table import Choice
from webapp.files.formats.text.encodings import Encoding
from webapp.files.formats.text.rows import TextRow
from webapp.files.layout import countries, headings
from webapp.guessing.bulk import Bulk, Finding
from webapp.languages.words import N_

LONGER = N_("This row is longer than the first; its other cells stand after this one.")


@dataclass
class Writer:
    """Writes block after block; `width` is how many cells come before ours."""

    delimiter: str
    width: int
    encoding: Encoding
    choice: Choice
    bulk: Bulk
    number: int = 0
    """Of the row that was written last."""

    def write(self, block: list[TextRow]) -> Iterator[str]:
        """Yield the text of each row."""
        first = self.choice.first_row - self.number - 1  # of the rows of this block
        # All names of a block at once: equal lengths are then read together, which is many times faster.
        names = [self._name(row) for row in block[max(0, first) :]]
        findings = iter(self._find(block[max(0, first) :], names))
        for row in block[: max(0, first)]:
            self.number += 1
            yield self._above(row)
        for row, name in zip(block[max(0, first) :], names, strict=True):
            self.number += 1
            finding = next(findings) if isinstance(name, str) else name
            # An empty line stays one, also at the end.
            yield row.text if row.is_blank else self._with(row, finding)

    def _find(self, rows: Sequence[TextRow], names: Sequence[str | Finding]) -> list[Finding]:
        texts = [name for name in names if isinstance(name, str)]
        if self.choice.country is None:
            return self.bulk.find(texts)
        named = (row for row, name in zip(rows, names, strict=True) if isinstance(name, str))
        return self.bulk.find(texts, [countries.code_in(row.cells or [], self.choice) for row in named])

    def _above(self, row: TextRow) -> str:
        # Titles stay as they are.
        if self.number != self.choice.header_row or row.is_blank:
            return row.text
        return self._append(row, self._headings(row.cells or []))

    def _headings(self, own: Sequence[str]) -> list[str]:
        return headings.added(self.choice.language, own, self.choice.country is not None)

    def _name(self, row: TextRow) -> str | Finding:
        if row.problem:
            return Finding(reason=row.problem)
        return cells.name_of(row.cells or [], {}, self.choice.columns, self.bulk.placeholders)

    def _with(self, row: TextRow, finding: Finding) -> str:
        added = table.added_cells(finding, f"v{self.bulk.champion.version_id}", self.choice)
        if row.cells and len(row.cells) > self.width:
            added[-1] = added[-1] or LONGER
        return self._append(row, added)

    def _append(self, row: TextRow, added: Sequence[str]) -> str:
        body = row.text.rstrip("\r\n")
        end = row.text[len(body) :]
        ours = self.delimiter.join(map(self._cell, added))
        if row.cells is None:  # one quoted cell, so that its quotes harm no row after it
            body, n = _quoted(body), 1
        elif len(row.cells) > self.width:
            # Our cells keep their columns; cells beyond the first row's width move to their right.
            own, extra = (map(self._own, part) for part in (row.cells[: self.width], row.cells[self.width :]))
            return self.delimiter.join([*own, ours, *extra]) + end
        else:
            n = len(row.cells)
        # A short row is filled up, for the same reason.
        return body + self.delimiter * (self.width - n) + self.delimiter + ours + end

    def _own(self, text: str) -> str:
        return _quoted(text) if any(mark in text for mark in (self.delimiter, '"', "\r", "\n")) else text

    def _cell(self, text: str) -> str:
        # "é" of "Ren&eacute;" may be a letter that the file's own encoding does not have.
        if not text.isascii() and not self.encoding.has(text):
            text = text.encode(self.encoding.codec, "replace").decode(self.encoding.codec)
        return self._own(text)


def _quoted(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'
