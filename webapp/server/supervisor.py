"""The parts of a site, each a process: started together, started again when one dies, ended together."""

import contextlib
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TextIO

TICK = 0.2  # seconds between two looks at the parts
LONGEST_PAUSE = 30.0  # seconds before a part that keeps dying is started again, at most
STEADY_SECONDS = 60  # after which a part counts as well again
GRACE_SECONDS = 4.0  # for all parts to end by themselves, beyond what the web processes may finish


def say(stream: TextIO, line: str) -> None:
    """Write a line where somebody may read it; a log on a full disk takes none, and that ends nothing."""
    with contextlib.suppress(OSError):
        stream.write(f"{line}\n")
        stream.flush()


def read_procfile(path: Path) -> dict[str, str]:
    """Return the command of each part, by name."""
    lines = [line.partition(":") for line in path.read_text().splitlines() if line.strip()]
    return {name.strip(): command.strip() for name, _, command in lines}


@dataclass
class Part:
    """One process of the site."""

    name: str
    command: str
    folder: Path
    environment: Mapping[str, str]
    parent: int
    process: "subprocess.Popen[bytes] | None" = None
    started: float = 0.0
    next_start: float = 0.0
    pause: float = 1.0

    def start(self) -> None:
        """Start it; it ends with this process, however that ends."""
        bound = [sys.executable, "-m", "webapp.server.bound", str(self.parent), "sh", "-c", self.command]
        # A session of its own: a Ctrl-C in the terminal is for the supervisor to pass on.
        self.process = subprocess.Popen(bound, cwd=self.folder, env=self.environment, start_new_session=True)
        self.started = time.monotonic()

    def exit_code(self) -> int | None:
        """Return how it ended, or None while it runs or waits to be started."""
        return self.process.poll() if self.process else None

    def start_later(self) -> float:
        """Let it start again after a pause, longer each time that it dies young; return the pause."""
        now = time.monotonic()
        # One that ran well for a minute is not dying: it starts anew with the shortest pause.
        self.pause = 1.0 if now - self.started > STEADY_SECONDS else self.pause
        pause, self.pause = self.pause, min(self.pause * 2, LONGEST_PAUSE)
        self.process, self.next_start = None, now + pause
        return pause


@dataclass
class Supervisor:
    """Keeps parts running until it is told to stop."""

    parts: Sequence[Part]
    has_answered: Callable[[], bool]
    """Whether the site has ever answered: until then a part that gives up ends them all."""
    drain_seconds: int = 4
    """How long a web process may finish what it began."""
    stopping: threading.Event = field(default_factory=threading.Event)

    def run(self) -> int:
        """Run all parts until told to stop; return the exit code."""
        for part in self.parts:
            part.start()
        code = 0
        while not self.stopping.wait(TICK) and not code:
            # 0 while all is well; the loop ends with the first part that gives up.
            code = max(self._look_at(part) for part in self.parts)
        self._end()
        return code

    def _look_at(self, part: Part) -> int:
        code = part.exit_code()
        if code is not None:
            if code > 0 and not self.has_answered():
                return code  # it has said why; trying again would only say it again
            pause = part.start_later()
            say(sys.stderr, f"The part “{part.name}” ended ({code}); it starts again in {pause:.0f} s.")
        elif part.process is None and time.monotonic() >= part.next_start:
            part.start()
        return 0

    def _end(self) -> None:
        running = [part.process for part in self.parts if part.process]
        # All are told first, so that they end side by side within one grace.
        for process in running:
            process.terminate()
        deadline = time.monotonic() + self.drain_seconds + GRACE_SECONDS
        for process in running:
            try:
                process.wait(max(0.0, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
