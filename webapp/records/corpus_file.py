"""The corpus as a file that is open: one connection a thread, opened anew when the file is another."""

import os
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path

from flask import current_app

from webapp.errors import Unavailable
from webapp.languages.texts import gettext

MAPPED = 256 * 2**20  # bytes, more than the file has
_AWAY = (OSError, sqlite3.OperationalError)
Key = tuple[int, Path, int]
"""What stands for the file as it is now: the process, its path, and when it was written."""


@contextmanager
def connected() -> Iterator[sqlite3.Connection]:
    """Let the block ask the corpus; raise Unavailable if it is not here."""
    try:
        yield _opened().connection
    except _AWAY as error:
        raise _no_records() from error


def key() -> Key:
    """Return what stands for the corpus as it is now; raise Unavailable if it is not here."""
    try:
        return _opened().key
    except _AWAY as error:
        raise _no_records() from error


def _no_records() -> Unavailable:
    return Unavailable(gettext("This machine has no records of names: run `flask setup` on it."))


@lru_cache(8)
def _in(instance: str) -> Path:
    return Path(instance).resolve() / "corpus.db"


class _Opened:
    """The corpus as one thread has it open: opening costs ten times what a look-up does."""

    def __init__(self, path: Path, key: Key) -> None:
        self.key = key
        # One thread alone asks it; another may be the one that closes it when the program ends.
        self.connection = sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True, check_same_thread=False)
        # All threads and processes share the system's pages of the file, instead of copying some each.
        self.connection.execute(f"PRAGMA mmap_size={MAPPED}")
        self.connection.execute("PRAGMA cache_size=-64")  # KiB

    # Threads end without a word, and a connection must be closed in some way: with the thread's own object.
    def __del__(self) -> None:
        if hasattr(self, "connection"):  # opening it may have failed
            self.connection.close()


# A SQLite connection belongs to the thread that opened it.
_of_thread = threading.local()


def _opened() -> _Opened:
    # No two processes may share a connection, and a new corpus file replaces the old one under its name.
    path = _in(current_app.config["INSTANCE"])
    key = (os.getpid(), path, path.stat().st_mtime_ns)
    opened: _Opened | None = getattr(_of_thread, "opened", None)
    if opened is None or opened.key != key:
        opened = _of_thread.opened = _Opened(path, key)
    return opened
