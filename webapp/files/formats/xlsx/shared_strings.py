"""The texts that a workbook's cells share, kept in a temporary file: only their places are in memory."""

import mmap
import tempfile
from array import array
from types import TracebackType
from typing import IO

from webapp.errors import Invalid
from webapp.files.formats.xlsx.xml import DAMAGED, Reader
from webapp.languages.texts import gettext

LONGEST = 32_767
"""Characters: what a cell of a spreadsheet may hold."""
MOST = 2**23
"""Texts; their places are held in memory."""


class SharedStrings:
    """Texts by their number. A context manager: the temporary file ends with it."""

    def __init__(self, source: IO[bytes] | None) -> None:
        self._file = tempfile.TemporaryFile()  # noqa: SIM115 - closed by __exit__
        # Eight bytes a text and no object: a list of a million Python numbers takes several times that.
        self._ends = array("Q", [0])
        self._words: list[str] = []
        self._size = self._written = 0
        self._open: list[str] = []  # the elements that are open, outermost first
        if source:
            try:
                Reader(self._start, self._end, self._text).read(source)
            except BaseException:
                self._file.close()
                raise
        self._file.flush()
        size = self._file.tell()
        # mmap refuses a file of no bytes.
        self._map = mmap.mmap(self._file.fileno(), size, access=mmap.ACCESS_READ) if size else b""

    def __enter__(self) -> "SharedStrings":
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        if isinstance(self._map, mmap.mmap):
            self._map.close()
        self._file.close()

    def __getitem__(self, number: int) -> str:
        """Return a text; raise Invalid for a number that the workbook does not have."""
        if not 0 <= number < len(self._ends) - 1:
            raise Invalid(
                gettext("A cell of this workbook points to a text that is not there: it is damaged."), "file"
            )
        return self._map[self._ends[number] : self._ends[number + 1]].decode("utf-8", "surrogatepass")

    def _start(self, name: str, _attributes: dict[str, str]) -> None:
        self._open.append(name)

    def _text(self, text: str) -> None:
        # A text may come in runs of different looks; how it is pronounced (rPh) is no part of it.
        if self._open[-1] == "t" and "rPh" not in self._open:
            # Cut, not refused: what is too long for a cell is too long for a name, and says so there.
            self._words.append(text[: LONGEST - self._size])
            self._size += len(self._words[-1])

    def _end(self, name: str) -> None:
        self._open.pop()
        if name == "si":
            # Counted here: to ask the file each time takes longer than to write.
            self._written += self._file.write("".join(self._words).encode("utf-8", "surrogatepass"))
            self._ends.append(self._written)
            self._words.clear()
            self._size = 0
            if len(self._ends) > MOST:
                raise Invalid(DAMAGED, "file")
