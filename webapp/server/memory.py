"""Keeps the memory of the web processes small and flat."""

import ctypes
import gc
import sys
from collections.abc import Iterator
from contextlib import contextmanager

M_ARENA_MAX = -8  # of <malloc.h>
ARENAS = 2


def use_few_arenas() -> None:
    """Let all threads share what others have freed, before any of them starts.

    glibc would otherwise give each thread a heap of its own, and a file that one thread has guessed would
    leave 20 MB in it that the next thread cannot use.
    """
    if sys.platform == "linux":
        mallopt = getattr(ctypes.CDLL(None), "mallopt", None)  # not every C library has it
        if mallopt:
            mallopt(M_ARENA_MAX, ARENAS)


@contextmanager
def looking_for_no_garbage() -> Iterator[None]:
    """Build what stays as long as the process does, and leave it out of all later collections.

    To search what was imported, again and again and at the end, is a third of a short command's time.
    """
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()


def share_with_forks() -> None:
    """Leave what is here now out of all collections, before a fork: looking at it would copy it."""
    gc.unfreeze()  # once all of it is looked at: what was garbage when it was built would be every process's
    gc.collect()
    gc.freeze()
