"""Corpora that a person brings: a CSV, or the name lists that the SSA and CMU publish.

    name,label[,count]         CSV in UTF-8; label female, male or both (f, m, b); count of people, else 1
    names.zip, yobYYYY.txt     US Social Security Administration: name,sex,count, one file a year, added up
    names.zip, female.txt …    CMU / NLTK: one name a line in female.txt and male.txt; also as a folder

Archives are read where they lie, never unpacked, and refused when they unfold to more than a list can be.
"""

import csv
import errno
import io
import re
import zlib
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import IO
from zipfile import BadZipFile, ZipFile, ZipInfo

from training.data.corpus import Corpus, from_counts
from training.names import UnreadableName, normalise

LARGEST_UNFOLDED = 256 * 2**20
"""Bytes of all members together: the SSA's lists, the largest known, have 27 MB."""
LONGEST_LINE = 10_000
MOST_BEARERS = 10**10

_LABELS = {"female": 1.0, "f": 1.0, "male": 0.0, "m": 0.0, "both": 0.5, "b": 0.5}
_YEAR = re.compile(r"yob\d{4}\.txt$", re.IGNORECASE)
_BY_LABEL = {"female.txt": 1.0, "male.txt": 0.0}


class BadCorpus(ValueError):
    """A file is no corpus; the message says which file, which line, and what is wrong."""


@dataclass(frozen=True)
class ListedName:
    """One line of a file: a normalised name, the share of women it means, and how many people."""

    name: str
    share: float
    count: int
    written: str
    """The name as the file has it."""


def read_name_list(path: Path) -> Corpus:
    """Return the corpus in `path`, split by the hash like any other; raises BadCorpus and OSError."""
    counts: dict[str, tuple[float, int]] = {}
    for row in read_rows(path):
        women, people = counts.get(row.name, (0.0, 0))
        counts[row.name] = (women + row.share * row.count, people + row.count)
    if not counts:
        raise BadCorpus(f"{path} holds no names.")
    return from_counts(counts, path.name)


def read_rows(path: Path) -> Iterator[ListedName]:
    """Give the rows of `path` in their order, duplicates included; raises BadCorpus and OSError."""
    if path.is_dir():
        return _folder(path)
    with path.open("rb") as file:
        start = file.read(4)
    return _zip(path) if start == b"PK\x03\x04" else _text_file(path)


def _folder(path: Path) -> Iterator[ListedName]:
    found = [name for name in _BY_LABEL if (path / name).is_file()]
    if not found:
        raise BadCorpus(f"The folder {path} holds neither female.txt nor male.txt.")
    for name in found:
        with (path / name).open("rb") as file:
            yield from _rows(file, path / name, _one_a_line(_BY_LABEL[name]))


def _text_file(path: Path) -> Iterator[ListedName]:
    with path.open("rb") as file:
        yield from _rows(file, path, _csv_row if not _YEAR.search(path.name) else _year_row)


def _zip(path: Path) -> Iterator[ListedName]:
    try:
        with closing(ZipFile(path)) as archive:
            for member, parse in _members(path, archive):
                with archive.open(member) as file:
                    yield from _rows(file, path / member.filename, parse)
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


def _members(path: Path, archive: ZipFile) -> list[tuple[ZipInfo, "Parse"]]:
    # Before anything is unfolded. A forged size does no harm: `_rows` counts what it really reads.
    if sum(member.file_size for member in archive.infolist()) > LARGEST_UNFOLDED:
        raise BadCorpus(
            f"{path} unfolds to more than {LARGEST_UNFOLDED // 2**20} MB, too much for a name list."
        )
    known = [(member, _parser_of(member.filename)) for member in archive.infolist()]
    found = [(member, parse) for member, parse in known if parse]
    if not found:
        raise BadCorpus(f"{path} holds neither yobYYYY.txt nor female.txt and male.txt.")
    return found


def _parser_of(filename: str) -> "Parse | None":
    # The folder inside an archive does not matter.
    name = filename.rsplit("/", 1)[-1].lower()
    if _YEAR.fullmatch(name):
        return _year_row
    return _one_a_line(_BY_LABEL[name]) if name in _BY_LABEL else None


Parse = Callable[[list[str], int], ListedName | None]
"""Takes the cells of a line and its number; returns None for a line to leave out; raises ValueError."""


def _rows(file: IO[bytes], path: Path, parse: Parse) -> Iterator[ListedName]:
    number = 0
    read = 0
    # A line is never longer than this in memory, whatever the file holds.
    while line := file.readline(LONGEST_LINE + 1):
        number += 1
        read += len(line)
        try:
            if len(line) > LONGEST_LINE:
                raise ValueError(f"it is longer than {LONGEST_LINE:,} characters")
            if read > LARGEST_UNFOLDED:
                raise ValueError(f"a list may have up to {LARGEST_UNFOLDED // 2**20} MB")
            # Excel puts a mark before the first letter of a file.
            row = parse(_cells(line.decode("utf-8-sig" if number == 1 else "utf-8")), number)
        except (ValueError, csv.Error) as error:
            raise BadCorpus(f"{path}, line {number}: {_sentence(error)}") from error
        if row:
            yield row


def _sentence(error: Exception) -> str:
    if isinstance(error, UnicodeDecodeError):
        return "it is not UTF-8."
    text = str(error)
    return text if text.endswith(".") else f"{text}."


def _cells(line: str) -> list[str]:
    return [cell.strip() for cell in next(csv.reader(io.StringIO(line), strict=True), [])]


def _csv_row(cells: list[str], number: int) -> ListedName | None:
    # A heading is left out; a first line that begins with anything else is a name.
    if not any(cells) or (number == 1 and cells[0].lower() == "name"):
        return None
    if not 2 <= len(cells) <= 3:
        raise ValueError(f"it has {len(cells)} cells where name,label[,count] has 2 or 3")
    return _row(cells[0], cells[1], cells[2] if len(cells) == 3 else "1")


def _year_row(cells: list[str], number: int) -> ListedName | None:
    if not any(cells):
        return None
    if len(cells) != 3 or cells[1] not in ("F", "M"):
        raise ValueError("it is not name,F or M,count")
    return _row(*cells)


def _one_a_line(share: float) -> Parse:
    def parse(cells: list[str], number: int) -> ListedName | None:
        # The whole line is the name: these lists know no columns.
        written = ",".join(cells)
        named = written and not written.startswith("#")  # CMU's lists begin with comments
        return ListedName(normalise(written), share, 1, written) if named else None

    return parse


def _row(written: str, label: str, count: str) -> ListedName:
    try:
        name = normalise(written)
    except UnreadableName as error:
        raise ValueError(f"{written[:40]!r} is no name: {error}") from error
    if label.lower() not in _LABELS:
        raise ValueError(f"the label must be female, male or both, not {label[:40]!r}")
    if not count.isdecimal() or not 1 <= int(count) <= MOST_BEARERS:
        raise ValueError(f"the count must be a whole number of at least 1, not {count[:40]!r}")
    return ListedName(name, _LABELS[label.lower()], int(count), written)
