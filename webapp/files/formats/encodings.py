"""In which letters a text file is written: found by reading it once, in pieces."""

import codecs
import re
from dataclasses import dataclass
from pathlib import Path

from webapp.errors import Invalid

LONGEST_LINE = 2**20
"""Bytes: a line is read at once."""
_PIECE = 2**20
_BAD = re.compile("[\udc80-\udcff]")  # bytes that are no UTF-8, as `surrogateescape` carries them
_MARKS = (
    (codecs.BOM_UTF8, "utf-8", "UTF-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le", "UTF-16"),
    (codecs.BOM_UTF16_BE, "utf-16-be", "UTF-16"),
)
_FOREIGN = (
    (b"\xd0\xcf\x11\xe0", "This is an old .xls or a locked workbook: save it as .xlsx without a password."),
    (b"%PDF", "This is a PDF; a CSV, TSV or XLSX file can be read."),
    (b"\x1f\x8b", "This is a compressed file: unpack it first."),
)


@dataclass(frozen=True)
class Encoding:
    """How bytes are letters: `mark` stands before the first, `in_words` is what people call it."""

    codec: str
    mark: bytes
    in_words: str

    @property
    def errors(self) -> str:
        """How bytes that are no letters are carried through unharmed."""
        # UTF-16 has no single bad bytes, but halves of pairs. Either way gives back what was read.
        return "surrogatepass" if self.codec.startswith("utf-16") else "surrogateescape"


def find_encoding(path: Path) -> Encoding:
    """Return how the file is written; raise Invalid for one that is no text, or has an endless line."""
    with open(path, "rb") as file:
        start = file.read(4096)
    for sign, sentence in _FOREIGN:
        if start.startswith(sign):
            raise Invalid(sentence, "file")
    for mark, codec, in_words in _MARKS:
        if start.startswith(mark):
            _check_utf16(path, codec)
            return Encoding(codec, mark, in_words) if codec != "utf-8" else _read_through(path, mark)
    # Text has no zero bytes, except in UTF-16, which begins with its mark.
    if b"\0" in start:
        raise Invalid("This is no text: a CSV, TSV or XLSX file can be read.", "file")
    return _read_through(path, b"")


def _check_utf16(path: Path, codec: str) -> None:
    if codec.startswith("utf-16"):
        if path.stat().st_size % 2:  # every unit of UTF-16 has two bytes
            raise Invalid("This UTF-16 file ends in the middle of a letter: part of it is missing.", "file")
        with open(path, encoding=codec, errors="surrogatepass", newline="") as file:
            while line := file.readline(LONGEST_LINE):
                if len(line) == LONGEST_LINE:
                    raise _endless()


def _endless() -> Invalid:
    return Invalid(f"A line of this file is longer than {LONGEST_LINE:,} bytes: it is no table.", "file")


def _read_through(path: Path, mark: bytes) -> Encoding:
    decoder = codecs.getincrementaldecoder("utf-8")("surrogateescape")
    good = bad = open_line = 0
    is_windows = True
    with open(path, "rb") as file:
        while piece := file.read(_PIECE):
            open_line = _check_lines(piece, open_line)
            text = decoder.decode(piece)
            if not text.isascii():
                wrong = len(_BAD.findall(text))
                bad, good = bad + wrong, good + len(text) - len(text.encode("ascii", "ignore")) - wrong
                is_windows = is_windows and _is_windows(piece)
    bad += len(decoder.decode(b"", final=True))
    # UTF-8 is hard to meet by chance: a file with more good sequences than bad is damaged UTF-8.
    if bad and not mark and bad >= good:
        # Five bytes mean nothing in Windows' table; Latin-1 has a letter for every byte.
        codec = "cp1252" if is_windows else "latin-1"
        return Encoding(codec, mark, "Latin-1 (a guess: it is not UTF-8)")
    some = f" ({bad:,} bytes in it are not)" if bad else ""
    return Encoding("utf-8", mark, f"UTF-8{some}")


def _is_windows(piece: bytes) -> bool:
    try:
        piece.decode("cp1252")
    except UnicodeDecodeError:
        return False
    return True


def _check_lines(piece: bytes, open_line: int) -> int:
    """Return how long the line is that the piece leaves open, itself opened by one of `open_line` bytes."""
    lines = piece.splitlines()
    lengths = [len(line) for line in lines]
    # The first line may go on from the piece before.
    lengths[0] += open_line
    if max(lengths) > LONGEST_LINE:
        raise _endless()
    return 0 if piece.endswith((b"\n", b"\r")) else lengths[-1]
