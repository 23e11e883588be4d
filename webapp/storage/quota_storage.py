"""Where quotas are counted: in Redis, or in one small SQLite file that all processes of the machine share.

The file is not the site's database: a lost count is no loss, so nothing waits for the disk. While Redis or
the file cannot be used, each process counts for itself.
"""

import logging
import os
import random
import sqlite3
import threading
import time
from collections.abc import Callable
from typing import Any, TypeVar, cast
from urllib.parse import unquote

from limits.storage import MemoryStorage, Storage, storage_from_string
from redis.backoff import NoBackoff
from redis.retry import Retry

T = TypeVar("T")
log = logging.getLogger(__name__)

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


RETRY_SECONDS = 5
"""Between two attempts to count where all processes do: no request waits for a broken storage."""


def redis_options() -> dict[str, Any]:
    """Return how Redis is asked: a guess waits for the answer, so only shortly, and once more at most.

    Once more, for a connection of the pool may be from before a restart.
    """
    return {
        "socket_timeout": BUSY_SECONDS,
        "socket_connect_timeout": BUSY_SECONDS,
        "retry": Retry(NoBackoff(), 1),
    }


class SharedOrOwn(Storage):
    """A storage of the library `limits` that never fails: what all processes share, else this one's memory.

    Its address is `nomen://`; `shared` is that of the storage behind it.
    """

    STORAGE_SCHEME = ["nomen"]

    def __init__(self, uri: str, wrap_exceptions: bool = False, shared: str = "", **options: Any) -> None:
        super().__init__(uri, wrap_exceptions=wrap_exceptions, **options)
        more = {} if shared.startswith(QuotaFile.STORAGE_SCHEME[0]) else redis_options()
        # The library types it as the asynchronous kind too, which only `async+` addresses give.
        self.shared = cast(Storage, storage_from_string(shared, **more))
        self.own = MemoryStorage()
        self.retry_at = 0.0
        """When the shared one is tried again, on the monotonic clock."""

    @property
    def base_exceptions(self) -> type[Exception] | tuple[type[Exception], ...]:
        """Return what the shared storage raises; here nobody sees it raised."""
        return self.shared.base_exceptions

    def _ask(self, do: Callable[[Storage], T]) -> T:
        if time.monotonic() >= self.retry_at:
            try:
                return do(self.shared)
            except self.shared.base_exceptions as error:
                self.retry_at = time.monotonic() + RETRY_SECONDS
                log.warning("quotas are counted in this process alone: %s", error)
        return do(self.own)

    def incr(self, key: str, expiry: int, amount: int = 1) -> int:
        """Add `amount` to what `key` has spent in its window of `expiry` seconds; return the sum."""
        return self._ask(lambda storage: storage.incr(key, expiry, amount=amount))

    def get(self, key: str) -> int:
        """Return what `key` has spent in its window."""
        return self._ask(lambda storage: storage.get(key))

    def get_expiry(self, key: str) -> float:
        """Return when the window of `key` ends, in seconds since 1970."""
        return self._ask(lambda storage: storage.get_expiry(key))

    def check(self) -> bool:
        """Say whether the shared storage can be used."""
        return self.shared.check()

    def reset(self) -> int | None:
        """Forget everything."""
        return self._ask(lambda storage: storage.reset())

    def clear(self, key: str) -> None:
        """Forget what `key` has spent."""
        self._ask(lambda storage: storage.clear(key))


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
