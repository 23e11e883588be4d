"""Reading the XML inside workbooks as a stream: events with their place in the bytes, and no surprises."""

from collections.abc import Callable, Iterator
from typing import IO, Any
from xml.parsers import expat

from webapp.errors import Invalid
from webapp.languages.texts import gettext
from webapp.languages.words import N_

PIECE = 2**16
LONGEST_TAG = 2**20
"""Bytes: what is held in memory until a tag, a comment or the like ends."""
MOST_NAMES = 1_000
"""Names of elements that are remembered; a part has some twenty."""
DEEPEST = 64
"""Elements inside each other; a sheet needs about ten."""
DAMAGED = N_("A part of this workbook cannot be read as XML: it is damaged.")


class Reader:
    """An expat parser that refuses document types, and with them every kind of entity bomb."""

    def __init__(
        self,
        start: Callable[[str, dict[str, str]], None],
        end: Callable[[str], None] | None = None,
        text: Callable[[str], None] | None = None,
    ) -> None:
        """Names come without their namespace's prefix."""
        self._parser = expat.ParserCreate()
        # One event a text, or a long one would come in several pieces.
        self._parser.buffer_text = True
        self._start, self._end, self._depth = start, end, 0
        self._names: dict[str, str] = {}  # without their prefixes; a part has few, millions of times
        self._parser.StartElementHandler = self._open
        self._parser.EndElementHandler = self._close
        if text:
            self._parser.CharacterDataHandler = text
        # Before any entity is declared, so there is nothing that could be expanded.
        self._parser.StartDoctypeDeclHandler = _refuse

    @property
    def place(self) -> int:
        """The byte at which the present event begins."""
        return self._parser.CurrentByteIndex

    def feed(self, source: IO[bytes]) -> Iterator[bytes]:
        """Read all of `source`, yielding each piece after its events; raise Invalid if it is damaged."""
        fed = 0
        try:
            while piece := source.read(PIECE):
                fed += len(piece)
                self._parser.Parse(piece, False)
                # No event for so long: a tag that never ends would collect in the parser's memory.
                if fed - self.place > LONGEST_TAG:
                    raise Invalid(DAMAGED, "file")
                yield piece
            self._parser.Parse(b"", True)
        except expat.ExpatError as error:
            raise Invalid(DAMAGED, "file") from error

    def _open(self, name: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        if self._depth > DEEPEST:
            raise Invalid(DAMAGED, "file")
        self._start(self._names.get(name) or self._local(name), attributes)

    def _close(self, name: str) -> None:
        self._depth -= 1
        if self._end:
            self._end(self._names.get(name) or self._local(name))

    def _local(self, name: str) -> str:
        found = local(name)
        if len(self._names) < MOST_NAMES:
            self._names[name] = found
        return found

    def read(self, source: IO[bytes]) -> None:
        """Read all of `source`."""
        for _ in self.feed(source):
            pass


def local(name: str) -> str:
    """Return a name without its prefix."""
    return name.rpartition(":")[2]


def _refuse(*_: Any) -> None:
    raise Invalid(
        gettext("This workbook holds a document type, which no spreadsheet needs: it is not read."), "file"
    )
