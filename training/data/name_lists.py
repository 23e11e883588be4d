"""Corpora that a person brings: a CSV, or the name lists that the SSA and CMU publish.

    name,label[,count]         CSV with commas, semicolons or tabs; count of people, else 1
    the same with headings     columns by what many languages call them, country and year among them; codes
                               for the sexes as offices have them, or a column of counts for each sex
    names.zip, yobYYYY.txt     US Social Security Administration: name,sex,count, one file a year, added up
    namesbystate.zip, CA.TXT   the same by state: state,sex,year,name,count
    names.zip, female.txt …    CMU / NLTK: one name a line in female.txt and male.txt; also as a folder

Archives are read where they lie, never unpacked, and refused when they unfold to more than a list can be.
"""

import errno
import re
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from itertools import islice
from pathlib import Path
from typing import IO
from zipfile import BadZipFile, ZipFile, ZipInfo

from training.data.corpus import Corpus, from_counts
from training.data.tables import words
from training.data.tables.layout import Entry, Layout, find_layout
from training.data.tables.lines import LARGEST_UNFOLDED, BadCorpus, read_lines, telling
from training.names import UnreadableName, normalise

__all__ = ["LARGEST_UNFOLDED", "BadCorpus", "ListedName", "read_name_list", "read_rows"]

UTF_8 = "utf-8"
HEAD = 30
"""Lines among which the headings are looked for."""
_SSA = {"F": 1.0, "M": 0.0}
_YEAR = re.compile(r"yob(\d{4})\.txt$", re.IGNORECASE)
_TABLE = re.compile(r"[a-z]{2}\.txt|.*\.(csv|tsv)", re.IGNORECASE)
_BY_LABEL = {"female.txt": 1.0, "male.txt": 0.0}


@dataclass(frozen=True)
class ListedName:
    """One line of a file: a normalised name, the share of women it means, and how many people."""

    name: str
    share: float
    count: int
    written: str
    """The name as the file has it."""
    country: str = ""
    year: int = 0
    """0 where none is told."""


def read_name_list(path: Path, encoding: str = UTF_8) -> Corpus:
    """Return the corpus in `path`, split by the hash like any other; raises BadCorpus and OSError."""
    counts: dict[str, tuple[float, int]] = {}
    for row in read_rows(path, encoding):
        women, people = counts.get(row.name, (0.0, 0))
        counts[row.name] = (women + row.share * row.count, people + row.count)
    if not counts:
        raise BadCorpus(f"{path} holds no names.")
    return from_counts(counts, path.name)


def read_rows(path: Path, encoding: str = UTF_8) -> Iterator[ListedName]:
    """Give the rows of `path` in their order, duplicates included; raises BadCorpus and OSError.

    A mark of UTF-8 or UTF-16 before the first letter says more than `encoding`.
    """
    if path.is_dir():
        return _folder(path, encoding)
    with path.open("rb") as file:
        start = file.read(4)
    return _zip(path, encoding) if start == b"PK\x03\x04" else _text_file(path, encoding)


def _folder(path: Path, encoding: str) -> Iterator[ListedName]:
    found = [file for file in sorted(path.iterdir()) if file.suffix.lower() == ".txt" and _is_list(file.name)]
    if not found:
        raise BadCorpus(f"The folder {path} holds neither female.txt nor male.txt, nor lists of the SSA.")
    for file in found:
        yield from _text_file(file, encoding)


def _text_file(path: Path, encoding: str) -> Iterator[ListedName]:
    yield from _read(lambda: path.open("rb"), path, encoding)


def _read(opened: Callable[[], IO[bytes]], path: Path, encoding: str) -> Iterator[ListedName]:
    """Yield the rows of one text, by what it is called and what it holds."""
    name = path.name.lower()
    if year := _YEAR.search(name):
        with opened() as file:
            yield from _rows(file, path, encoding, _year_row(int(year[1])))
    elif name in _BY_LABEL:
        with opened() as file:
            yield from _rows(file, path, encoding, _one_a_line(_BY_LABEL[name]))
    else:
        yield from _table(opened, path, encoding)


def _table(opened: Callable[[], IO[bytes]], path: Path, encoding: str) -> Iterator[ListedName]:
    with opened() as file:
        first = list(islice(read_lines(file, path, encoding), HEAD))
    with telling(path, 1):
        layout, above = find_layout([line for _, line in first])
    # Twice: what M means is only known from all codes of the column.
    with opened() as file:
        labels = {entry.label for _, entry in _entries(read_lines(file, path, encoding), path, layout, above)}
    with telling(path, above):
        shares = words.shares(labels, layout.heading)
    with opened() as file:
        for number, entry in _entries(read_lines(file, path, encoding), path, layout, above):
            with telling(path, number):
                row = _row(entry, shares)
            if row:
                yield row


def _entries(
    lines: Iterator[tuple[int, str]], path: Path, layout: Layout, above: int
) -> Iterator[tuple[int, Entry]]:
    for number, line in lines:
        if number > above:
            with telling(path, number):
                found = layout.entries(layout.cells(line))
            yield from ((number, entry) for entry in found)


def _zip(path: Path, encoding: str) -> Iterator[ListedName]:
    try:
        with closing(ZipFile(path)) as archive:
            for member in _members(path, archive):
                yield from _read(partial(archive.open, member), path / member.filename, encoding)
    # Damaged, an unknown method, encrypted, a name that is none.
    except (
        BadZipFile,
        zlib.error,
        EOFError,
        NotImplementedError,
        RuntimeError,
        UnicodeDecodeError,
    ) as error:
        raise BadCorpus(f"{path} is a zip archive that cannot be read: {error}.") from error
    except OSError as error:
        if error.errno != errno.EINVAL:
            raise
        # A damaged directory sends zipfile to a place before the file's beginning.
        raise BadCorpus(f"{path} is a zip archive that cannot be read: it is damaged.") from error


def _members(path: Path, archive: ZipFile) -> list[ZipInfo]:
    # Before anything is unfolded. A forged size does no harm: `read_lines` counts what it really reads.
    if sum(member.file_size for member in archive.infolist()) > LARGEST_UNFOLDED:
        raise BadCorpus(
            f"{path} unfolds to more than {LARGEST_UNFOLDED // 2**20} MB, too much for a name list."
        )
    if "xl/workbook.xml" in archive.namelist():
        raise BadCorpus(f"{path} is a workbook: save it as CSV.")
    found = [member for member in archive.infolist() if _is_list(member.filename)]
    if not found:
        raise BadCorpus(f"{path} holds neither yobYYYY.txt nor female.txt and male.txt, nor a CSV.")
    return found


def _is_list(filename: str) -> bool:
    # The folder inside an archive does not matter.
    name = filename.rsplit("/", 1)[-1].lower()
    return bool(_YEAR.fullmatch(name) or _TABLE.fullmatch(name)) or name in _BY_LABEL


Parse = Callable[[list[str]], ListedName | None]
"""Takes the cells of a line; returns None for a line to leave out; raises ValueError."""


def _rows(file: IO[bytes], path: Path, encoding: str, parse: Parse) -> Iterator[ListedName]:
    plain = Layout()
    for number, line in read_lines(file, path, encoding):
        with telling(path, number):
            row = parse(plain.cells(line))
        if row:
            yield row


def _year_row(year: int) -> Parse:
    def parse(cells: list[str]) -> ListedName | None:
        if not any(cells):
            return None
        if len(cells) != 3 or cells[1] not in _SSA:
            raise ValueError("it is not name,F or M,count")
        written, label, count = cells
        return _row(Entry(written, label, count, "US", year), _SSA)

    return parse


def _one_a_line(share: float) -> Parse:
    def parse(cells: list[str]) -> ListedName | None:
        # The whole line is the name: these lists know no columns.
        written = ",".join(cells)
        named = written and not written.startswith("#")  # CMU's lists begin with comments
        return ListedName(normalise(written), share, 1, written) if named else None

    return parse


def _row(entry: Entry, shares: Mapping[str, float]) -> ListedName | None:
    # France gives its rare names together, as _PRENOMS_RARES.
    if entry.written.startswith("_"):
        return None
    try:
        name = normalise(entry.written)
    except UnreadableName as error:
        raise ValueError(f"{entry.written[:40]!r} is no name: {error}") from error
    if entry.label not in shares:
        raise ValueError(f"the label must be female, male or both, not {entry.label[:40]!r}")
    count = words.people(entry.count)
    if count is None:
        return None
    return ListedName(name, shares[entry.label], count, entry.written, entry.country, entry.year or 0)
