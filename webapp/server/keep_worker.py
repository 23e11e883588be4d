"""Keeps `flask worker` running: `python -m webapp.server.keep_worker`.

A worker that was killed is started again, so that the site goes on and the next training run finds one.
"""

import os
import signal
import subprocess
import sys
import threading
from typing import Any

WORKER = [sys.executable, "-m", "flask", "--app", "wsgi", "worker"]
LONGEST_PAUSE = 30  # seconds between two starts, at most


def main() -> int:
    """Run workers one after another until told to stop; return the exit code."""
    stopping = threading.Event()
    running: list[subprocess.Popen[bytes]] = []

    def stop(*_: Any) -> None:
        stopping.set()
        for worker in running:
            worker.terminate()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    os.nice(5)  # visitors first
    pause = 1
    while not stopping.is_set():
        running[:] = [subprocess.Popen(WORKER)]
        code = running[0].wait()
        if not stopping.is_set():
            sys.stderr.write(f"The queue's worker ended ({code}); another starts in {pause} s.\n")
            stopping.wait(pause)
            pause = min(pause * 2, LONGEST_PAUSE)
    return 0


if __name__ == "__main__":
    sys.exit(main())
