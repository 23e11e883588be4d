"""One way in to every kind of table."""

from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

from webapp.files.formats.table import Choice, Done, Head, How, know_nobody
from webapp.files.formats.text.delimited import Delimited
from webapp.files.formats.text.encodings import Encoding
from webapp.files.formats.text.witness import Knows
from webapp.files.formats.xlsx.workbook import Workbook
from webapp.guessing.bulk import Bulk


class Table(Protocol):
    """What can be looked at and converted."""

    @property
    def sheets(self) -> list[str]: ...
    @property
    def sheet(self) -> str: ...
    @property
    def encoding(self) -> Encoding: ...
    @property
    def rivals(self) -> tuple[Encoding, ...]: ...
    def head(self) -> Head: ...
    def convert(self, choice: Choice, bulk: Bulk) -> Iterator[Done]: ...


def open_table(path: Path, how: How = How(), knows: Knows = know_nobody) -> Table:  # noqa: B008 - it is frozen
    """Open a table by what it holds, whatever it is called; raise Invalid if it cannot be read.

    `knows` is asked how many people bear a name, where the letters of a text leave its encoding open.
    """
    return Workbook.open(path, how) if is_workbook(path) else Delimited.open(path, how, knows)


def is_workbook(path: Path) -> bool:
    """Say whether a file begins like a zip file, as workbooks do."""
    with open(path, "rb") as file:
        return file.read(4) == b"PK\x03\x04"
