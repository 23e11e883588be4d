"""Files that are there whole or not at all: the site's.

The trainer has its own in `training.runtime.atomic_write`: neither package may take this of the other.
"""

import os
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

SMALL = 2**16  # bytes; twice what SQLite puts beside a database that it opens


@contextmanager
def whole(path: Path, mode: int = 0o666) -> Iterator[IO[bytes]]:
    """Give a file to write that takes the place of `path` at the end of the block, and not if it raises.

    A kill or a full disk leaves what was there before. Raises OSError.
    """
    with _beside(path, mode) as (beside, file):
        yield file
        file.flush()
        os.fsync(file.fileno())
        beside.replace(path)


def write(path: Path, data: bytes) -> None:
    """Write `data` to `path` in one stroke; raise OSError."""
    with whole(path) as file:
        file.write(data)


def note(path: Path, text: str) -> None:
    """Write what is soon written again, in one stroke but without waiting for the disk; raise OSError."""
    with _beside(path, 0o666) as (beside, file):
        file.write(text.encode())
        file.flush()
        beside.replace(path)


@contextmanager
def new(path: Path, mode: int = 0o666) -> Iterator[IO[bytes]]:
    """Give a file to write that becomes `path` at the end of the block; until then its `name` is another.

    Raises FileExistsError if there is a file under `path` by then, or another OSError.
    """
    with _beside(path, mode) as (beside, file):
        yield file
        file.flush()
        os.fsync(file.fileno())
        # A link, for a rename would silently replace what another process put there meanwhile.
        os.link(beside, path)


def create(path: Path, data: bytes, mode: int = 0o666) -> None:
    """Write `data` to a new file in one stroke; raise FileExistsError if there is one, or another OSError."""
    with new(path, mode) as file:
        file.write(data)


def has_room(folder: Path) -> bool:
    """Say whether the disk of a folder takes as much as a small file."""
    return shutil.disk_usage(folder).free >= SMALL


@contextmanager
def _beside(path: Path, mode: int) -> Iterator[tuple[Path, IO[bytes]]]:
    # Two processes, or two threads, that write the same file do not meet.
    beside = path.with_name(f".partial-{os.getpid()}-{threading.get_ident()}-{path.name}")
    try:
        with open(beside, "wb", opener=lambda name, flags: os.open(name, flags, mode)) as file:
            yield beside, file
    finally:
        beside.unlink(missing_ok=True)
