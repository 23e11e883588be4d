"""The lines of a list, one by one and bounded; whatever is wrong with one is told with its number."""

import codecs
import csv
import io
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

LARGEST_UNFOLDED = 256 * 2**20
"""Bytes of all members together: the SSA's lists, the largest known, have 27 MB, those by state 130."""
LONGEST_LINE = 10_000


class BadCorpus(ValueError):
    """A file is no corpus; the message says which file, which line, and what is wrong."""


def read_lines(file: IO[bytes], path: Path, encoding: str = "utf-8") -> Iterator[tuple[int, str]]:
    """Yield the lines of a file with their numbers; raise BadCorpus for what is no text or too long."""
    with _lines_of(file, encoding) as readline:
        number = 1
        read = 0
        while line := _line(readline, path, number):
            read += len(line)
            with telling(path, number):
                if read > LARGEST_UNFOLDED:
                    raise ValueError(f"a list may have up to {LARGEST_UNFOLDED // 2**20} MB")
                text = line if isinstance(line, str) else line.decode(encoding)
            # Excel puts a mark before the first letter of a file.
            yield number, text.removeprefix("\ufeff") if number == 1 else text
            number += 1


def _line(readline: Callable[[int], bytes | str], path: Path, number: int) -> bytes | str:
    with telling(path, number):
        # A line is never longer than this in memory, whatever the file holds.
        line = readline(LONGEST_LINE + 1)
        if len(line) > LONGEST_LINE:
            raise ValueError(f"it is longer than {LONGEST_LINE:,} characters")
    return line


@contextmanager
def _lines_of(file: IO[bytes], encoding: str) -> Iterator[Callable[[int], bytes | str]]:
    start = file.read(2)
    file.seek(0)
    has_mark = start in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
    if not (has_mark or _is_wide(encoding)):
        # Parted before they are letters, so that a wrong byte is told with its line.
        yield file.readline
        return
    # In UTF-16 the byte of a line's end is half of other letters, too.
    text = io.TextIOWrapper(file, "utf-16" if has_mark else encoding, newline="\n")
    try:
        yield text.readline
    finally:
        if not file.closed:  # by a reader who has seen enough
            text.detach()


def _is_wide(encoding: str) -> bool:
    return encoding.lower().replace("_", "-").startswith(("utf-16", "utf-32"))


@contextmanager
def telling(path: Path, number: int) -> Iterator[None]:
    """Say which line is wrong: what is raised inside becomes BadCorpus."""
    try:
        yield
    except (ValueError, csv.Error) as error:
        raise BadCorpus(f"{path}, line {number}: {_sentence(error)}") from error


def _sentence(error: Exception) -> str:
    if isinstance(error, UnicodeDecodeError):
        return f"it is not {error.encoding.upper()}: say what it is with --encoding."
    if "new-line character" in str(error):
        return "its lines end as those of old Macs do: save it with other line ends."
    text = str(error)
    return text if text.endswith(".") else f"{text}."
