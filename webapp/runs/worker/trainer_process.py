"""The trainer's process: started, listened to, and ended, whatever it does."""

import contextlib
import logging
import os
import queue
import signal
import subprocess
import sys
import threading
from collections.abc import Sequence
from pathlib import Path

from webapp.config import ROOT, SETTINGS
from webapp.languages.texts import gettext
from webapp.logs import request_id
from webapp.runs.worker.progress import LONGEST_LINE, Event

log = logging.getLogger(__name__)
COMMAND = (sys.executable, "-m", "training", "job")
LOG = "trainer.log"
HEAD = "# "
"""Begins the lines of the trainer's log that the worker writes."""


class TrainerProcess:
    """One child process that works in `folder` and tells its progress in lines of JSON."""

    def __init__(self, folder: Path, command: Sequence[str] = COMMAND) -> None:
        self.folder = folder
        with open(folder / LOG, "ab") as errors:
            errors.write(f"{HEAD}run {folder.name}, request {request_id.current() or '-'}\n".encode())
            errors.flush()
            self.process = subprocess.Popen(
                [*command, str(folder)],
                stdin=subprocess.PIPE,  # it ends itself when this closes: when the worker is gone
                stdout=subprocess.PIPE,
                stderr=errors,
                cwd=ROOT,
                env=trainer_environment(),
                start_new_session=True,  # a Ctrl-C in the terminal is for the worker to handle
                text=True,
            )
        self._events: queue.SimpleQueue[Event] = queue.SimpleQueue()
        self._listener = threading.Thread(target=self._listen, name="trainer-listener", daemon=True)
        self._listener.start()

    def events(self) -> list[Event]:
        """Return what it has told since the last call."""
        events = []
        with contextlib.suppress(queue.Empty):
            while True:
                events.append(self._events.get_nowait())
        return events

    @property
    def has_ended(self) -> bool:
        """Whether the process is gone and everything it told has been taken in."""
        return self.process.poll() is not None and not self._listener.is_alive()

    def kill(self) -> None:
        """End the process and all it started, now."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        self._listener.join()
        for pipe in (self.process.stdin, self.process.stdout):
            if pipe:
                pipe.close()

    def why(self) -> str:
        """Return why it failed, in a sentence."""
        return sentence(self.process.returncode, self._last_words())

    def _last_words(self) -> str:
        lines = (self.folder / LOG).read_text(errors="replace").strip().splitlines()
        return lines[-1][:LONGEST_LINE] if lines and not lines[-1].startswith(HEAD) else ""

    def _listen(self) -> None:
        assert self.process.stdout
        for line in self.process.stdout:
            self._events.put(Event.from_line(line))


def sentence(code: int, last_words: str) -> str:
    """Say what an exit status means to somebody who wants to know what to do."""
    if code == -signal.SIGKILL:
        return gettext(
            "The trainer was killed from outside, as systems do when memory runs out. "
            "A smaller network or batch needs less."
        )
    if code < 0:
        return gettext("The trainer crashed (%(name)s).", name=signal.Signals(-code).name)
    if code == 0:
        return gettext("The trainer ended without a network.")
    return (
        gettext("The trainer stopped: %(last_words)s", last_words=last_words)
        if last_words
        else gettext("The trainer stopped with status %(code)s.", code=code)
    )


def trainer_environment() -> dict[str, str]:
    """Return the environment of a process of the trainer's: this one's, less the site's settings."""
    # The trainer needs no secret of the site.
    secret = {setting.name for setting in SETTINGS}
    own = {name: value for name, value in os.environ.items() if name not in secret}
    # Threads that wait look for work for a fraction of a millisecond, then leave the cores to the site.
    # To leave at once makes a fine-tune half as long again: its steps are many and short.
    return {"GOMP_SPINCOUNT": "20000"} | own
