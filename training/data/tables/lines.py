"""The lines of a list, one by one and bounded; whatever is wrong with one is told with its number."""

import csv
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

LARGEST_UNFOLDED = 256 * 2**20
"""Bytes of all members together: the SSA's lists, the largest known, have 27 MB, those by state 130."""
LONGEST_LINE = 10_000


class BadCorpus(ValueError):
    """A file is no corpus; the message says which file, which line, and what is wrong."""


def read_lines(file: IO[bytes], path: Path) -> Iterator[tuple[int, str]]:
    """Yield the lines of a file with their numbers; raise BadCorpus for what is no UTF-8 or too long."""
    number = 0
    read = 0
    # A line is never longer than this in memory, whatever the file holds.
    while line := file.readline(LONGEST_LINE + 1):
        number += 1
        read += len(line)
        with telling(path, number):
            if len(line) > LONGEST_LINE:
                raise ValueError(f"it is longer than {LONGEST_LINE:,} characters")
            if read > LARGEST_UNFOLDED:
                raise ValueError(f"a list may have up to {LARGEST_UNFOLDED // 2**20} MB")
            # Excel puts a mark before the first letter of a file.
            text = line.decode("utf-8-sig" if number == 1 else "utf-8")
        yield number, text


@contextmanager
def telling(path: Path, number: int) -> Iterator[None]:
    """Say which line is wrong: what is raised inside becomes BadCorpus."""
    try:
        yield
    except (ValueError, csv.Error) as error:
        raise BadCorpus(f"{path}, line {number}: {_sentence(error)}") from error


def _sentence(error: Exception) -> str:
    if isinstance(error, UnicodeDecodeError):
        return "it is not UTF-8."
    text = str(error)
    return text if text.endswith(".") else f"{text}."
