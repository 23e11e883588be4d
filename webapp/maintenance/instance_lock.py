"""Who uses an instance folder: locks that the system takes back when a process dies, however it dies.

Every process that serves a site holds the folder shared; who replaces what is in it wants it alone.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from webapp.errors import Conflict

IN_USE = "in_use.lock"


def hold(instance: Path) -> IO[str]:
    """Hold an instance folder as one of its processes, until the returned file is closed or the process ends.

    Raises Conflict while somebody has it alone.
    """
    file = _open(instance)
    try:
        # Without waiting: a start that hangs says nothing, one that is refused says why.
        fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError as error:
        file.close()
        raise Conflict(f"{instance} is being restored: wait until that is done.") from error
    return file


@contextmanager
def alone(instance: Path) -> Iterator[None]:
    """Have an instance folder alone inside the block; raise Conflict while a site runs over it."""
    with _open(instance) as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise Conflict(f"A site runs over {instance}: stop it first.") from error
        yield


def _open(instance: Path) -> IO[str]:
    instance.mkdir(parents=True, exist_ok=True)
    # "a" creates it and never empties it; the lock is on the open file, what it holds does not matter.
    return open(instance / IN_USE, "a", opener=lambda path, flags: os.open(path, flags, 0o600))
