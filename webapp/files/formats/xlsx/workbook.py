"""XLSX: the rows of one sheet get our cells; all else, formats and formulas, is carried over."""

import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import IO

from webapp.errors import Invalid
from webapp.files.formats import table
from webapp.files.formats.table import Choice, Done, Head, How, Row
from webapp.files.formats.text.encodings import Encoding
from webapp.files.formats.xlsx import sheet, zipped
from webapp.files.formats.xlsx.editor import SheetEditor
from webapp.files.formats.xlsx.parts import Parts, Sheet, read_parts
from webapp.files.formats.xlsx.shared_strings import SharedStrings
from webapp.files.formats.xlsx.sheet import SheetReader, SheetRow
from webapp.files.formats.xlsx.styles import Styles
from webapp.files.formats.xlsx.xml import PIECE
from webapp.files.layout import header_row
from webapp.guessing.bulk import Bulk
from webapp.languages.texts import gettext

_MOST_LOOKED_AT = 12
"""Sheets whose first rows are read to find the one with the names."""


@dataclass(frozen=True)
class Workbook:
    """A workbook, and which of its sheets is read."""

    path: Path
    parts: Parts
    chosen: Sheet

    @classmethod
    def open(cls, path: Path, how: How) -> "Workbook":
        """Look at the file; raise Invalid if it is no workbook, or unpacks to more than is read."""
        with zipped.opened(path) as archive:
            zipped.check(archive, path.stat().st_size)
            parts = read_parts(archive)
            chosen = parts.find_sheet(how.sheet) if how.sheet else _likeliest(archive, parts)
        return cls(path, parts, chosen)

    @property
    def sheets(self) -> list[str]:
        """The titles of all sheets, those that are hidden last."""
        return [one.title for one in sorted(self.parts.sheets, key=lambda one: one.is_hidden)]

    @property
    def sheet(self) -> str:
        """The title of the sheet that is read."""
        return self.chosen.title

    @property
    def encoding(self) -> Encoding:
        """XML is UTF-8, unless it says otherwise itself."""
        return Encoding("utf-8")

    @property
    def rivals(self) -> tuple[Encoding, ...]:
        """How a workbook is written is never doubtful."""
        return ()

    def head(self) -> Head:
        """Return the first rows."""
        with zipped.opened(self.path) as archive, _strings(archive, self.parts) as strings:
            rows = _first_rows(archive, self.parts, self.chosen, strings)
        if len(self.parts.sheets) > 1:
            summary = gettext("Read from a workbook: the sheet “%(sheet)s”.", sheet=self.sheet)
        else:
            summary = gettext("Read from a workbook: its sheet, “%(sheet)s”.", sheet=self.sheet)
        return Head(rows, summary)

    def rows(self) -> Iterator[tuple[int, list[str]]]:
        """Yield the number and the cells of each row that has any."""
        with zipped.opened(self.path) as archive, _strings(archive, self.parts) as strings:
            yield from ((row.number, row.cells) for row in _rows(archive, self.parts, self.chosen, strings))

    def convert(self, choice: Choice, bulk: Bulk) -> Iterator[Done]:
        """Yield the workbook with our cells added, in pieces."""
        with zipped.opened(self.path) as archive, _strings(archive, self.parts) as strings:
            with archive.open(self.chosen.part) as source:
                # The sheet is read twice: its width has to be known before the first row gets new cells.
                extent = sheet.measure(source)
            if extent.columns + choice.n_added > sheet.MOST_COLUMNS:
                raise Invalid(gettext("This sheet has no room for more columns."), "file")
            reader = SheetReader(strings, _styles(archive, self.parts), choice.read, choice.header_row)
            edited = SheetEditor(extent, choice, bulk, reader)
            sink = _Sink()
            # A sink that cannot seek: zipfile writes sizes after each part, and the stream goes out.
            with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED, compresslevel=3) as out:  # type: ignore[call-overload]
                for info in archive.infolist():
                    with (
                        archive.open(info) as source,
                        # Sizes are not known beforehand, so there must be room for large ones.
                        out.open(info.filename, "w", force_zip64=True) as target,
                    ):
                        is_edited = info.filename == self.chosen.part
                        for piece in edited.pieces(source) if is_edited else _pieces(source):
                            target.write(piece)
                            yield Done(sink.taken(), edited.rows, edited.share)
            yield Done(sink.taken(), edited.rows, 1.0)


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


def _likeliest(archive: zipfile.ZipFile, parts: Parts) -> Sheet:
    """Return the first sheet that is shown and has headings of names, else the first that is not empty."""
    shown = [one for one in parts.sheets if not one.is_hidden]
    if len(shown) < 2:
        return (shown or parts.sheets)[0]
    with _strings(archive, parts) as strings:
        heads = {one: _first_rows(archive, parts, one, strings) for one in shown[:_MOST_LOOKED_AT]}
    named = (one for one, rows in heads.items() if header_row.names_people(rows))
    return next(named, next((one for one, rows in heads.items() if rows), shown[0]))


def _first_rows(archive: zipfile.ZipFile, parts: Parts, chosen: Sheet, strings: SharedStrings) -> list[Row]:
    return list(islice(_rows(archive, parts, chosen, strings), table.HEAD))


def _rows(archive: zipfile.ZipFile, parts: Parts, chosen: Sheet, strings: SharedStrings) -> Iterator[Row]:
    with archive.open(chosen.part) as source:
        reader = SheetReader(strings, _styles(archive, parts))
        for _ in reader.feed(source):
            yield from (_flat(row) for row in reader.ready if any(row.cells.values()))
            reader.ready.clear()


def _flat(row: SheetRow) -> Row:
    return Row(row.number, [row.cells.get(column, "") for column in range(max(row.cells) + 1)], row.reasons)


def _strings(archive: zipfile.ZipFile, parts: Parts) -> SharedStrings:
    if parts.strings is None:
        return SharedStrings(None)
    with archive.open(parts.strings) as source:
        return SharedStrings(source)


def _styles(archive: zipfile.ZipFile, parts: Parts) -> Styles:
    if parts.styles is None:
        return Styles(None, parts.is_1904)
    with archive.open(parts.styles) as source:
        return Styles(source, parts.is_1904)


def _pieces(source: IO[bytes]) -> Iterator[bytes]:
    while piece := source.read(PIECE * 16):
        yield piece
