"""Which encoding a text file is in: told by its first bytes, else by what makes words of it."""

import codecs
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from charset_normalizer import from_bytes
from ftfy import fix_encoding

from webapp.errors import Invalid
from webapp.files.formats.text.encodings import CODECS, LATIN, MARKS, Encoding
from webapp.files.formats.text.witness import Knows, foreign_words, likeness
from webapp.languages import numbers
from webapp.languages.texts import gettext
from webapp.languages.words import N_

LONGEST_LINE = 2**20
"""Bytes: a line is read at once."""
MARGIN = 0.06
"""How much better than the next an encoding must be, to be taken without asking."""
_RARE = 0.04
"""What an encoding loses that is rare by now; less than MARGIN, so it decides nothing alone."""
_HARDLY_EVER = 0.08
"""What one loses that is hardly ever met at all."""
_FEW = 12
"""Letters of UTF-8 that may still be an accident; so few are weighed against other encodings."""
_UTF8 = 0.2
"""What speaks for UTF-8 where a whole file can be read in it."""
_PIECE = 2**20
_SAMPLE = 48 * 2**10
"""Bytes of lines with foreign letters that are tried in every encoding."""
_BAD = re.compile("[\udc80-\udcff]")  # bytes that are no UTF-8, as `surrogateescape` carries them
_COMMON = ("cp1250", "cp1251", "cp1252", "cp1253", "cp1254", "cp1255", "cp1256", "cp1257")
_EASTERN = ("cp932", "gb18030", "cp950", "cp949")
_FORGOTTEN = ("mac-latin2", "mac-turkish", "mac-greek", "mac-cyrillic", "cp1258", "iso8859-5", "iso8859-6")
_PRIOR = {
    "utf-8": _UTF8,
    **dict.fromkeys((*_COMMON, *_EASTERN, "cp874", "mac-roman"), 0.0),
    **dict.fromkeys(_FORGOTTEN, -_HARDLY_EVER),
}
_FOREIGN = (
    (
        b"\xd0\xcf\x11\xe0",
        N_("This is an old .xls or a locked workbook: save it as .xlsx without a password."),
    ),
    (b"%PDF", N_("This is a PDF; a CSV, TSV or XLSX file can be read.")),
    (b"\x1f\x8b", N_("This is a compressed file: unpack it first.")),
    (b"{\\rtf", N_("This is a document (RTF): save its table as CSV.")),
    (b"BEGIN:V", N_("This is an address book or a calendar: save its names as CSV.")),
    (b'{"', N_("This is JSON: the API takes names so, and files as CSV, TSV or XLSX.")),
    (b'[{"', N_("This is JSON: the API takes names so, and files as CSV, TSV or XLSX.")),
)
_PAGE = (b"<html", b"<!doctype", b"<table", b"<?xml", b"<meta")
"""How web pages and the like begin, which some programs save under the name of a spreadsheet."""
_NO_TEXT = N_("This is no text: a CSV, TSV or XLSX file can be read.")


@dataclass(frozen=True)
class Detected:
    """The likeliest encoding, and others that are about as likely, the likeliest first."""

    encoding: Encoding
    rivals: tuple[Encoding, ...] = ()


@dataclass(frozen=True)
class _Try:
    """What a sample is in one encoding, and how much it looks like names."""

    codec: str
    text: str
    score: float


def find_encoding(path: Path, knows: Knows) -> Detected:
    """Return how the file is written; raise Invalid for one that is no text, or has an endless line."""
    start = _start(path)
    for mark, codec in MARKS:
        if start.startswith(mark):
            return Detected(_marked(path, codec, mark))
    # Text has no zero bytes, except in UTF-16.
    if b"\0" in start:
        return _without_mark(path, start, knows)
    bad, good = _read_through(path, 0)
    # UTF-8 is hard to meet by chance: a file with more good sequences than bad is damaged UTF-8.
    is_utf8 = bad < good or not good + bad
    if not bad and good and _has_signs_alone(path):
        return Detected(Encoding("utf-8"))
    if is_utf8 and (bad or not 0 < good <= _FEW):
        return Detected(Encoding("utf-8", bad=bad))
    candidates = [
        codec for codec in CODECS if not codec.startswith("utf-16") and not (bad and codec == "utf-8")
    ]
    return _likeliest(_sample(path), start.splitlines()[0], candidates, knows)


def in_encoding(path: Path, codec: str) -> Detected:
    """Return the encoding that somebody chose for a file; raise Invalid where it cannot be read in it."""
    start = _start(path)
    mark = next((mark for mark, marked in MARKS if marked == codec and start.startswith(mark)), b"")
    if codec.startswith("utf-16"):
        return Detected(_checked_utf16(path, codec, mark))
    if b"\0" in start:
        raise Invalid(_NO_TEXT, "encoding")
    bad, _ = _read_through(path, len(mark))
    return Detected(Encoding(codec, mark, bad if codec == "utf-8" else 0))


def _start(path: Path) -> bytes:
    with open(path, "rb") as file:
        start = file.read(4096)
    begin = start.lstrip(codecs.BOM_UTF8 + b" \t\r\n")
    dense = b"".join(begin[:64].split())  # JSON is often written with blanks between its signs
    for sign, sentence in _FOREIGN:
        if begin.startswith(sign) or dense.startswith(sign):
            raise Invalid(sentence, "file")
    if begin.lower().startswith(_PAGE):
        raise Invalid(gettext("This is a web page, whatever it is called: save it as .xlsx or .csv."), "file")
    return start


def _marked(path: Path, codec: str, mark: bytes) -> Encoding:
    if codec != "utf-8":
        return _checked_utf16(path, codec, mark)
    bad, _ = _read_through(path, len(mark))
    return Encoding(codec, mark, bad)


def _checked_utf16(path: Path, codec: str, mark: bytes) -> Encoding:
    if path.stat().st_size % 2:  # every unit of UTF-16 has two bytes
        raise Invalid(
            gettext("This UTF-16 file ends in the middle of a letter: part of it is missing."), "file"
        )
    with open(path, encoding=codec, errors="surrogatepass", newline="") as file:
        while line := file.readline(LONGEST_LINE):
            if len(line) == LONGEST_LINE:
                raise _endless()
    return Encoding(codec, mark)


def _without_mark(path: Path, start: bytes, knows: Knows) -> Detected:
    """Return which UTF-16 a file is that holds zero bytes; raise Invalid if it is neither."""
    even = start[: len(start) // 2 * 2]
    texts = {codec: even.decode(codec, "replace") for codec in ("utf-16-le", "utf-16-be")}
    # A delimiter or a line's end in the wrong order of bytes is a letter of some far script.
    signs = {codec: sum(map(text.count, ",;\t\n\r|")) for codec, text in texts.items()}
    best = max(
        texts, key=lambda codec: (signs[codec], likeness(texts[codec], _first_line(texts[codec]), knows))
    )
    if not signs[best] or any(letter in texts[best] for letter in "\0\ufffd"):
        raise Invalid(_NO_TEXT, "file")
    return Detected(_checked_utf16(path, best, b""))


def _endless() -> Invalid:
    return Invalid(
        gettext(
            "A line of this file is longer than %(most)s bytes: it is no table.",
            most=numbers.count(LONGEST_LINE),
        ),
        "file",
    )


def _read_through(path: Path, begin: int) -> tuple[int, int]:
    """Return how many bytes are no UTF-8, and how many letters beyond a to z are."""
    decoder = codecs.getincrementaldecoder("utf-8")("surrogateescape")
    good = bad = open_line = 0
    with open(path, "rb") as file:
        file.seek(begin)
        while piece := file.read(_PIECE):
            open_line = _check_lines(piece, open_line)
            text = decoder.decode(piece)
            if not text.isascii():
                wrong = len(_BAD.findall(text))
                bad, good = bad + wrong, good + len(text) - len(text.encode("ascii", "ignore")) - wrong
                # Four bytes that belong together are no accident.
                good += _FEW * (max(text) > "\uffff")
    return bad + len(decoder.decode(b"", final=True)), good


def _has_signs_alone(path: Path) -> bool:
    """Say whether all that is foreign in the first of a file are signs of UTF-8, as dashes and quotes are."""
    text = b"".join(_sample(path)).decode("utf-8", "surrogateescape")
    return all(sign.isascii() or "\u2000" <= sign < "\u2070" or sign in "€™\u00a0" for sign in text)


def _check_lines(piece: bytes, open_line: int) -> int:
    """Return how long the line is that the piece leaves open, itself opened by one of `open_line` bytes."""
    lines = piece.splitlines()
    lengths = [len(line) for line in lines]
    # The first line may go on from the piece before.
    lengths[0] += open_line
    if max(lengths) > LONGEST_LINE:
        raise _endless()
    return 0 if piece.endswith((b"\n", b"\r")) else lengths[-1]


def _sample(path: Path) -> list[bytes]:
    """Return lines that hold foreign letters, from all of the file but for what is over _SAMPLE."""
    lines: list[bytes] = []
    size = 0
    with open(path, "rb") as file:
        while size < _SAMPLE and (piece := file.read(_PIECE)):
            for line in re.split(b"[\r\n]+", piece + file.readline(LONGEST_LINE)):
                if not line.isascii() and size < _SAMPLE:
                    lines.append(line[:_SAMPLE])
                    size += len(line)
    return lines


def _likeliest(lines: Sequence[bytes], header: bytes, candidates: Sequence[str], knows: Knows) -> Detected:
    tries = [found for codec in candidates if (found := _try(lines, header, codec, knows))]
    # Equal texts are one answer, told by the first of its encodings.
    distinct = {found.text: found for found in reversed(tries)}
    best = sorted(distinct.values(), key=lambda found: (-found.score, CODECS.index(found.codec)))
    if not best:
        return Detected(Encoding(LATIN))
    near = [found for found in best[1:] if best[0].score - found.score < MARGIN * _apart(best[0], found)]
    return Detected(Encoding(best[0].codec), tuple(Encoding(found.codec) for found in near[:3]))


def _apart(one: _Try, other: _Try) -> float:
    """Return in which share of their words two readings differ: only those can speak for either."""
    words = one.text.split(), other.text.split()
    if len(words[0]) != len(words[1]):
        return 1.0
    foreign = [pair for pair in zip(*words, strict=True) if not (pair[0].isascii() and pair[1].isascii())]
    return sum(a != b for a, b in foreign) / max(1, len(foreign))


def _first_line(text: str) -> str:
    return next(iter(text.splitlines()), "")


def _try(lines: Sequence[bytes], header: bytes, codec: str, knows: Knows) -> _Try | None:
    # Bytes that mean nothing are carried through: a few damaged names decide nothing.
    text = b"\n".join(lines).decode(codec, "surrogateescape")
    if codec == "utf-8":
        text = fix_encoding(text)  # "RenÃ©" speaks for UTF-8, in which it was written
    data = text.encode(codec, "ignore")
    match = from_bytes(data, cp_isolation=[codec], threshold=1.0, preemptive_behaviour=False).best()
    if match is None or not foreign_words(text):
        return None
    # Half by the library, which sees how messy a text is; half by the letters and names of languages.
    score = (1 - match.chaos) / 2 + likeness(text, header.decode(codec, "replace"), knows) / 2
    return _Try(codec, text, score + _PRIOR.get(codec, -_RARE))
