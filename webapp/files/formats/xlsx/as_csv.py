"""A sheet as a CSV, for those who read lists and know no workbooks."""

import csv
from collections.abc import Iterator
from pathlib import Path
from zipfile import BadZipFile, ZipFile

from webapp.files.formats.table import How
from webapp.files.formats.xlsx.workbook import Workbook


def holds_workbook(path: Path) -> bool:
    """Say whether a file is a workbook; lists of names may be zip files, too."""
    try:
        with ZipFile(path) as archive:
            return "xl/workbook.xml" in archive.namelist()
    except (BadZipFile, OSError, UnicodeDecodeError):
        return False


def write_csv(path: Path, target: Path, sheet: str = "") -> None:
    """Write one sheet of a workbook to `target`, a line for each row; raise Invalid if it cannot be read."""
    book = Workbook.open(path, How(sheet=sheet))
    with target.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        for cells in _numbered(book.rows()):
            # A line that breaks within a cell would make two of it.
            writer.writerow([" ".join(cell.split()) for cell in cells])


def _numbered(rows: Iterator[tuple[int, list[str]]]) -> Iterator[list[str]]:
    # Rows that are left out in the file are blank lines, so that a line has the number of its row.
    last = 0
    for number, cells in rows:
        yield from ([] for _ in range(last + 1, number))
        yield cells
        last = max(last, number)
