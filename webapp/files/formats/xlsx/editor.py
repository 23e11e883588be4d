"""The bytes of a sheet with our cells put in where each row ends."""

from collections.abc import Iterator
from typing import IO
from xml.sax.saxutils import escape  # nosec B406 # it writes and reads nothing

from webapp.errors import Invalid
from webapp.files.formats import cells, table
from webapp.files.formats.table import Choice
from webapp.files.formats.xlsx.sheet import Extent, SheetReader, SheetRow, letters_of
from webapp.files.layout import countries, headings
from webapp.guessing.bulk import Bulk, Finding
from webapp.languages import numbers
from webapp.languages.texts import gettext


class SheetEditor:
    """The sheet's bytes with our cells put in; `rows` and `share` say how far it has come."""

    def __init__(self, extent: Extent, choice: Choice, bulk: Bulk, reader: SheetReader) -> None:
        self.extent, self.choice, self.bulk, self.reader = extent, choice, bulk, reader
        self._letters = [letters_of(extent.columns + index) for index in range(choice.n_added)]
        self.rows = 0

    @property
    def share(self) -> float:
        """How much of the sheet is done, 0 to 1."""
        return min(1.0, self.rows / max(1, self.extent.rows))

    def pieces(self, source: IO[bytes]) -> Iterator[bytes]:
        """Yield the bytes of the new sheet."""
        held, start = bytearray(), 0  # bytes not written yet, and where in the old sheet they begin
        rows: list[SheetRow] = []
        for piece in self.reader.feed(source):
            held += piece
            rows += self.reader.ready
            self.reader.ready.clear()
            if len(rows) >= table.BLOCK_ROWS or len(held) >= table.BLOCK_SIZE:
                if not rows and self.reader.is_inside:
                    raise Invalid(
                        gettext(
                            "A row of this sheet has more than %(block_size)s bytes.",
                            block_size=numbers.count(table.BLOCK_SIZE),
                        ),
                        "file",
                    )
                # What comes after the last row waits: it may be half of the next one.
                cut = rows[-1].end - start if rows else len(held)
                yield self._edit(held, start, cut, rows)
                del held[:cut]
                start, rows = start + cut, []
        yield self._edit(held, start, len(held), rows)

    def _edit(self, held: bytearray, start: int, cut: int, rows: list[SheetRow]) -> bytes:
        findings = self._find(rows)
        parts: list[bytes] = []
        done = self._put_dimension(held, start, parts)
        for row, finding in zip(rows, findings, strict=True):
            place = row.end - start
            # Old bytes up to the row's closing tag, then our cells; the tag itself comes with the next bytes.
            parts += (bytes(held[done:place]), self._added(row, finding, _prefix(held, place)))
            done = place
        self.rows = rows[-1].number if rows else self.rows
        return b"".join((*parts, bytes(held[done:cut])))

    def _find(self, rows: list[SheetRow]) -> list[Finding]:
        columns, placeholders = self.choice.columns, self.bulk.placeholders
        names = [cells.name_of(row.cells, row.reasons, columns, placeholders) for row in rows]
        named = [(row.cells, name) for row, name in zip(rows, names, strict=True) if isinstance(name, str)]
        codes = [countries.code_in(own, self.choice) for own, _ in named]
        found = iter(self.bulk.find([name for _, name in named], codes))
        return [next(found) if isinstance(name, str) else name for name in names]

    def _put_dimension(self, held: bytearray, start: int, parts: list[bytes]) -> int:
        """Put the new extent in place of the old one, if the held bytes say it; return where to go on."""
        if start or self.extent.dimension is None or self.extent.dimension >= len(held):
            return 0
        # Some readers trust this tag, and would not look beyond the old extent.
        end = held.index(b">", self.extent.dimension) + 1
        tag = bytes(held[self.extent.dimension : end])
        last = self._letters[-1]
        name = tag.split()[0]  # <dimension, with a prefix if there is one
        slash = b"/" if tag.endswith(b"/>") else b""
        new = name + f' ref="A1:{last}{max(1, self.extent.rows)}"'.encode() + slash + b">"
        parts += (bytes(held[: self.extent.dimension]), new)
        return end

    def _added(self, row: SheetRow, finding: Finding, prefix: str | None) -> bytes:
        is_header = row.number == self.choice.header_row
        # Titles above the table stay as they are. Without a closing tag (<row/>) a row has no cells, and
        # nowhere to put any.
        if row.is_blank or prefix is None or (row.number < self.choice.first_row and not is_header):
            return b""
        texts = (
            headings.added(self.choice.language, row.cells.values(), self.choice.country is not None)
            if is_header
            else table.added_cells(finding, f"v{self.bulk.champion.version_id}", self.choice)
        )
        added = [
            _cell(
                f"{self._letters[index]}{row.number}",
                text,
                prefix,
                is_number=index == table.SHARE and not is_header,
            )
            for index, text in enumerate(texts)
            if text
        ]
        return "".join(added).encode()


def _cell(place: str, text: str, p: str, is_number: bool) -> str:
    # P(female): as a number it can be sorted and averaged.
    if is_number:
        return f'<{p}c r="{place}"><{p}v>{text}</{p}v></{p}c>'
    # In the cell itself: to add to the shared texts would change a part that is carried over as it is.
    return f'<{p}c r="{place}" t="inlineStr"><{p}is><{p}t>{escape(text)}</{p}t></{p}is></{p}c>'


def _prefix(held: bytearray, place: int) -> str | None:
    """Return the namespace's prefix of the closing tag at `place`, or None if there is no such tag."""
    tag = bytes(held[place : held.find(b">", place)])
    return tag[2:].rpartition(b"row")[0].decode() if tag.startswith(b"</") else None
