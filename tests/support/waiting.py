"""Waiting for something to become so: never for a fixed time, always until a generous deadline."""

import time
from collections.abc import Callable

PATIENCE = 90.0  # seconds; a busy machine is slow, and only a test that fails waits this long


def eventually(is_so: Callable[[], object], seconds: float = PATIENCE) -> bool:
    """Ask again and again, until it is so (True) or the time is up (False)."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if is_so():
            return True
        time.sleep(0.02)
    return bool(is_so())
