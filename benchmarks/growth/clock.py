"""What a request takes: of the processor, in this process and in PostgreSQL's, and on the clock."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import psycopg

ONE_PROCESS = "ALTER SYSTEM SET max_parallel_workers_per_gather = 0"
"""Another process would be gone, and its time with it, when the clock is read."""


@dataclass(frozen=True)
class Milliseconds:
    """What one request took."""

    processor: float
    """Of the whole process, all its threads, and of what PostgreSQL did for it."""
    clock: float


class Backends:
    """The processes of PostgreSQL that serve one database of this machine."""

    def __init__(self, url: str) -> None:
        self._connection = psycopg.connect(url, autocommit=True)

    def seconds(self) -> float:
        """Return the processor time that they have had."""
        rows = self._connection.execute(
            "SELECT pid FROM pg_stat_activity WHERE datname = current_database() "
            "AND backend_type = 'client backend' AND pid != pg_backend_pid()"
        )
        return sum(_on_processor(pid) for (pid,) in rows.fetchall())

    def close(self) -> None:
        """Let the database go."""
        self._connection.close()


def _on_processor(pid: int) -> float:
    # Nanoseconds; /proc/PID/stat counts in hundredths of a second.
    try:
        return int(Path(f"/proc/{pid}/schedstat").read_text().split()[0]) / 1e9
    except OSError:
        return 0.0


def timed(ask: Callable[[], object], backends: Backends | None) -> Milliseconds:
    """Return what a request takes."""
    elsewhere = backends.seconds() if backends else 0.0
    processor, clock = time.process_time(), time.perf_counter()
    ask()
    clock, processor = time.perf_counter() - clock, time.process_time() - processor
    elsewhere = backends.seconds() - elsewhere if backends else 0.0
    return Milliseconds((processor + elsewhere) * 1000, clock * 1000)


def median_of(times: Sequence[Milliseconds]) -> Milliseconds:
    """Return the median of each of the two."""
    return Milliseconds(median(time.processor for time in times), median(time.clock for time in times))
