"""Waiting for something to become so: never for a fixed time, always until a generous deadline."""

import time
from collections.abc import Callable

SOON, SELDOM = 0.02, 0.1  # seconds between two looks: what is not there soon is looked for less often
PATIENCE = 90.0  # seconds; a busy machine is slow, and only a test that fails waits this long


def eventually(is_so: Callable[[], object], seconds: float = PATIENCE) -> bool:
    """Ask again and again, until it is so (True) or the time is up (False)."""
    deadline, pause = time.monotonic() + seconds, SOON
    while time.monotonic() < deadline:
        if is_so():
            return True
        time.sleep(pause)
        pause = min(SELDOM, 1.1 * pause)
    return bool(is_so())
