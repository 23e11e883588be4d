"""What a run of the tests need not wait for, and what it tests stays the same."""

import gc
import os
import shutil
import sys
from pathlib import Path

import pytest

MEMORY = Path("/dev/shm")
ROOM = 4 * 2**30  # bytes; a whole run needs a few hundred million at a time


@pytest.hookimpl(tryfirst=True)  # before what fixtures need is loaded
def pytest_configure(config: pytest.Config) -> None:
    """Let temporary files be in memory, where there is room: thousands of commits then wait for no disk.

    Nothing of what is loaded until the tests run is garbage. And the hundreds of processes that tests start
    need not translate the same modules to bytecode, each for itself, where the machine forbids to keep it.
    """
    gc.disable()
    # A core for each process: two that share two cores with two threads each wait for one another.
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    sys.dont_write_bytecode = False
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    if os.access(MEMORY, os.W_OK) and has_room(MEMORY):
        os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(MEMORY))


def has_room(folder: Path) -> bool:
    """Say whether a folder holds what a run needs, programs that tests write and start included."""
    may_start = not os.statvfs(folder).f_flag & os.ST_NOEXEC
    return may_start and shutil.disk_usage(folder).free > ROOM


def pytest_collection_finish() -> None:
    """Let the collector of garbage pass over what stays until the end: libraries, and thousands of tests.

    Else it looks through all of them again and again, which takes a third of the whole time.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 10, 10)
    gc.enable()
