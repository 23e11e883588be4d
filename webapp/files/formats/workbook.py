"""XLSX: the first sheet's rows get our cells; all else, formats and formulas, is carried over."""

import posixpath
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO
from xml.sax.saxutils import escape  # nosec B406 # it writes and reads nothing

from webapp.errors import Invalid
from webapp.files.formats import sheet, table, zipped
from webapp.files.formats.shared_strings import SharedStrings
from webapp.files.formats.sheet import Extent, SheetReader, SheetRow
from webapp.files.formats.table import Choice, Done, Preview
from webapp.files.formats.xml import PIECE, Reader
from webapp.guessing.bulk import Bulk, Finding

_TEXTS = "/sharedStrings"  # how the kind of a relation ends, in both versions of the standard


@dataclass(frozen=True)
class Workbook:
    """A workbook: where its first sheet and its shared texts are inside the zip file."""

    path: Path
    part: str
    strings: str | None
    title: str

    @classmethod
    def open(cls, path: Path) -> "Workbook":
        """Look at the file; raise Invalid if it is no workbook, or unpacks to more than is read."""
        with zipped.opened(path) as archive:
            zipped.check(archive, path.stat().st_size)
            parts = _relations(archive)
            title, relation = _first_sheet(archive)
            part = parts.get(relation, ("", ""))[1]
            strings = next((target for kind, target in parts.values() if kind.endswith(_TEXTS)), None)
            if part not in archive.namelist():
                raise Invalid("The first sheet of this workbook is missing.", "file")
        return cls(path, part, strings, title)

    def preview(self) -> Preview:
        """Return the first rows."""
        rows: list[list[str]] = []
        with (
            zipped.opened(self.path) as archive,
            self._strings(archive) as strings,
            archive.open(self.part) as source,
        ):
            reader = SheetReader(strings)
            for _ in reader.feed(source):
                rows += [_flat(row) for row in reader.ready if any(row.cells.values())]
                reader.ready.clear()
                if len(rows) >= table.PREVIEW:
                    break
        return table.preview(rows[: table.PREVIEW], f"Read the first sheet of the workbook, “{self.title}”.")

    def convert(self, choice: Choice, bulk: Bulk) -> Iterator[Done]:
        """Yield the workbook with our cells added, in pieces."""
        with zipped.opened(self.path) as archive, self._strings(archive) as strings:
            with archive.open(self.part) as source:
                # The sheet is read twice: its width has to be known before the first row gets new cells.
                extent = sheet.measure(source)
            if extent.columns + len(table.ADDED) > sheet.MOST_COLUMNS:
                raise Invalid("This sheet has no room for more columns.", "file")
            edited = _SheetEditor(extent, choice, bulk, SheetReader(strings, choice.column))
            sink = _Sink()
            # A sink that cannot seek: zipfile writes sizes after each part, and the stream goes out.
            with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED, compresslevel=3) as out:  # type: ignore[call-overload]
                for info in archive.infolist():
                    with (
                        archive.open(info) as source,
                        # Sizes are not known beforehand, so there must be room for large ones.
                        out.open(info.filename, "w", force_zip64=True) as target,
                    ):
                        pieces = edited.pieces(source) if info.filename == self.part else _pieces(source)
                        for piece in pieces:
                            target.write(piece)
                            yield Done(sink.taken(), edited.rows, edited.share)
            yield Done(sink.taken(), edited.rows, 1.0)

    def _strings(self, archive: zipfile.ZipFile) -> SharedStrings:
        if self.strings is None or self.strings not in archive.namelist():
            return SharedStrings(None)
        with archive.open(self.strings) as source:
            return SharedStrings(source)


class _Sink:
    """A file that is only written to, front to back, and is emptied as it fills."""

    def __init__(self) -> None:
        self._held: list[bytes] = []

    def write(self, data: bytes) -> int:
        self._held.append(bytes(data))
        return len(data)

    def flush(self) -> None:
        """Do nothing: what is written waits for `taken`."""

    def taken(self) -> bytes:
        """Return what has been written since the last call."""
        data = b"".join(self._held)
        self._held.clear()
        return data


class _SheetEditor:
    """The sheet's bytes with our cells put in; `rows` and `share` say how far it has come."""

    def __init__(self, extent: Extent, choice: Choice, bulk: Bulk, reader: SheetReader) -> None:
        self.extent, self.choice, self.bulk, self.reader = extent, choice, bulk, reader
        self.rows = 0
        self._begun = False  # whether a row has been met that is not blank

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
                    raise Invalid(f"A row of this sheet has more than {table.BLOCK_SIZE:,} bytes.", "file")
                # What comes after the last row waits: it may be half of the next one.
                cut = rows[-1].end - start if rows else len(held)
                yield self._edit(held, start, cut, rows)
                del held[:cut]
                start, rows = start + cut, []
        yield self._edit(held, start, len(held), rows)

    def _edit(self, held: bytearray, start: int, cut: int, rows: list[SheetRow]) -> bytes:
        findings = self.bulk.find([row.cells.get(self.choice.column, "") for row in rows])
        parts: list[bytes] = []
        done = self._put_dimension(held, start, parts)
        for row, finding in zip(rows, findings, strict=True):
            place = row.end - start
            # Old bytes up to the row's closing tag, then our cells; the tag itself comes with the next bytes.
            parts += (bytes(held[done:place]), self._added(row, finding, _prefix(held, place)))
            done = place
        self.rows = rows[-1].number if rows else self.rows
        return b"".join((*parts, bytes(held[done:cut])))

    def _put_dimension(self, held: bytearray, start: int, parts: list[bytes]) -> int:
        """Put the new extent in place of the old one, if the held bytes say it; return where to go on."""
        if start or self.extent.dimension is None or self.extent.dimension >= len(held):
            return 0
        # Some readers trust this tag, and would not look beyond the old extent.
        end = held.index(b">", self.extent.dimension) + 1
        tag = bytes(held[self.extent.dimension : end])
        last = sheet.letters_of(self.extent.columns + len(table.ADDED) - 1)
        name = tag.split()[0]  # <dimension, with a prefix if there is one
        slash = b"/" if tag.endswith(b"/>") else b""
        new = name + f' ref="A1:{last}{max(1, self.extent.rows)}"'.encode() + slash + b">"
        parts += (bytes(held[: self.extent.dimension]), new)
        return end

    def _added(self, row: SheetRow, finding: Finding, prefix: str | None) -> bytes:
        # Without a closing tag (<row/>) the row has no cells, and nowhere to put any.
        if row.is_blank or prefix is None:
            return b""
        if not self._begun and self.choice.has_header:
            texts = table.added_names(list(row.cells.values()))
        else:
            texts = table.added_cells(finding, f"v{self.bulk.champion.version_id}")
        is_number = self._begun or not self.choice.has_header
        self._begun = True
        cells = [
            _cell(f"{sheet.letters_of(self.extent.columns + index)}{row.number}", text, prefix, is_number)
            for index, text in enumerate(texts)
            if text
        ]
        return "".join(cells).encode()


def _cell(place: str, text: str, p: str, is_number: bool) -> str:
    # P(female) is the one added text that begins with a digit; as a number it can be sorted and averaged.
    if is_number and text[0].isdigit():
        return f'<{p}c r="{place}"><{p}v>{text}</{p}v></{p}c>'
    # In the cell itself: to add to the shared texts would change a part that is carried over as it is.
    return f'<{p}c r="{place}" t="inlineStr"><{p}is><{p}t>{escape(text)}</{p}t></{p}is></{p}c>'


def _prefix(held: bytearray, place: int) -> str | None:
    """Return the namespace's prefix of the closing tag at `place`, or None if there is no such tag."""
    tag = bytes(held[place : held.find(b">", place)])
    return tag[2:].rpartition(b"row")[0].decode() if tag.startswith(b"</") else None


def _pieces(source: IO[bytes]) -> Iterator[bytes]:
    while piece := source.read(PIECE * 16):
        yield piece


def _flat(row: SheetRow) -> list[str]:
    return [row.cells.get(column, "") for column in range(max(row.cells) + 1)]


def _relations(archive: zipfile.ZipFile) -> dict[str, tuple[str, str]]:
    """Return what the workbook is made of: relation -> (kind, part)."""
    found: dict[str, tuple[str, str]] = {}

    def start(name: str, attributes: dict[str, str]) -> None:
        if name == "Relationship":
            # A target is relative to /xl, or absolute; inside the zip file no path begins with a slash.
            target = posixpath.normpath(posixpath.join("/xl", attributes.get("Target", ""))).lstrip("/")
            found[attributes.get("Id", "")] = (attributes.get("Type", ""), target)

    if "xl/_rels/workbook.xml.rels" in archive.namelist():
        with archive.open("xl/_rels/workbook.xml.rels") as source:
            Reader(start).read(source)
    return found


def _first_sheet(archive: zipfile.ZipFile) -> tuple[str, str]:
    """Return the title and the relation of the first sheet that is not hidden."""
    sheets: list[tuple[str, str]] = []

    def start(name: str, attributes: dict[str, str]) -> None:
        if name == "sheet" and attributes.get("state", "visible") == "visible":
            relation = next((value for key, value in attributes.items() if key.endswith(":id")), "")
            sheets.append((attributes.get("name", ""), relation))

    with archive.open("xl/workbook.xml") as source:
        Reader(start).read(source)
    if not sheets:
        raise Invalid("This workbook has no sheet.", "file")
    return sheets[0]
