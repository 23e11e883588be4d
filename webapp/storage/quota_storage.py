"""Where quotas are counted without Redis: one small SQLite file that all processes of the machine share.

It is not the site's database: a lost count is no loss, so nothing waits for the disk.
"""

import os
import random
import sqlite3
import threading
import time
from typing import Any
from urllib.parse import unquote

from limits.storage import Storage

_SCHEMA = """
PRAGMA journal_mode=WAL;
CREATE TABLE IF NOT EXISTS counts (
    key TEXT PRIMARY KEY, n INTEGER NOT NULL, ends INTEGER NOT NULL, seconds INTEGER NOT NULL
) WITHOUT ROWID;
"""
# A window goes on while it has begun and not ended. One that has not begun yet was opened before the clock
# was set back: it counts no more.
_ADD = """
INSERT INTO counts VALUES (:key, :n, :now + :seconds, :seconds) ON CONFLICT (key) DO UPDATE SET
    n = iif(ends > :now AND ends <= :now + seconds, n + excluded.n, excluded.n),
    ends = iif(ends > :now AND ends <= :now + seconds, ends, excluded.ends)
RETURNING n
"""
_FIND = "SELECT n, ends FROM counts WHERE key = :key AND ends > :now AND ends <= :now + seconds"
_SWEEP = "DELETE FROM counts WHERE NOT (ends > :now AND ends <= :now + seconds)"
SWEEP_EACH = 2_000  # additions, about
BUSY_SECONDS = 0.5
"""How long a count waits for another process: an addition takes microseconds, and guesses wait for it."""


class QuotaFile(Storage):
    """A storage of the library `limits` in the file that the address `nomen-file:///path` names."""

    STORAGE_SCHEME = ["nomen-file"]

    def __init__(self, uri: str, wrap_exceptions: bool = False, **options: Any) -> None:
        super().__init__(uri, wrap_exceptions=wrap_exceptions, **options)
        self.path = unquote(uri.removeprefix("nomen-file://"))
        self._mine = threading.local()

    @property
    def base_exceptions(self) -> type[Exception]:
        """Return what a failing file raises."""
        return sqlite3.Error

    def _file(self) -> sqlite3.Connection:
        # No two processes and no two threads may share a connection.
        if getattr(self._mine, "pid", None) != os.getpid():
            self._mine.file, self._mine.pid = self._open(), os.getpid()
        file: sqlite3.Connection = self._mine.file
        return file

    def _open(self) -> sqlite3.Connection:
        file = sqlite3.connect(self.path, isolation_level=None, timeout=BUSY_SECONDS)
        try:
            # OFF: what a power cut takes is a minute's counts.
            file.executescript(_SCHEMA + "PRAGMA synchronous=OFF;")
        except sqlite3.Error:
            file.close()
            raise
        return file

    def incr(self, key: str, expiry: int, amount: int = 1) -> int:
        """Add `amount` to what `key` has spent in its window of `expiry` seconds; return the sum."""
        # By chance, so that no process has to remember when it swept last.
        if not random.randrange(SWEEP_EACH):  # nosec B311 # when to sweep is no secret
            self._file().execute(_SWEEP, {"now": int(time.time())})
        values = {"key": key, "n": amount, "now": int(time.time()), "seconds": expiry}
        ((n,),) = self._file().execute(_ADD, values).fetchall()
        return int(n)

    def _row(self, key: str) -> tuple[int, int]:
        values = {"key": key, "now": int(time.time())}
        return self._file().execute(_FIND, values).fetchone() or (0, int(time.time()))

    def get(self, key: str) -> int:
        """Return what `key` has spent in its window."""
        return self._row(key)[0]

    def get_expiry(self, key: str) -> float:
        """Return when the window of `key` ends, in seconds since 1970; now, if none has begun."""
        return self._row(key)[1]

    def check(self) -> bool:
        """Say whether the file can be written to."""
        try:
            self.incr("check", 1)
            self.clear("check")
        except sqlite3.Error:
            return False
        return True

    def reset(self) -> int:
        """Forget everything; return how many counts there were."""
        return self._file().execute("DELETE FROM counts").rowcount

    def clear(self, key: str) -> None:
        """Forget what `key` has spent."""
        self._file().execute("DELETE FROM counts WHERE key = ?", [key])
