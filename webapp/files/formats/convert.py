"""One way in to every kind of table."""

from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

from webapp.files.formats.delimited import Delimited
from webapp.files.formats.table import Choice, Done, Preview
from webapp.files.formats.workbook import Workbook
from webapp.guessing.bulk import Bulk


class Table(Protocol):
    """What can be looked at and converted."""

    def preview(self) -> Preview: ...
    def convert(self, choice: Choice, bulk: Bulk) -> Iterator[Done]: ...


def open_table(path: Path) -> Table:
    """Open a table by what it holds, whatever it is called; raise Invalid if it cannot be read."""
    return Workbook.open(path) if is_workbook(path) else Delimited.open(path)


def is_workbook(path: Path) -> bool:
    """Say whether a file begins like a zip file, as workbooks do."""
    with open(path, "rb") as file:
        return file.read(4) == b"PK\x03\x04"
