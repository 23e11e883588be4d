"""One job beside the runs: a thread prepares a folder, lets a trainer work in it, and keeps what it found.

The thread lets the worker go on to say that it lives.
"""

import logging
import shutil
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Generic, Protocol, TypeVar

from flask import Flask, current_app
from sqlalchemy.exc import SQLAlchemyError

from webapp.errors import NomenError
from webapp.languages.texts import gettext
from webapp.runs.beside.lifecycle import Lifecycle
from webapp.runs.worker.progress import Event
from webapp.runs.worker.trainer_process import TrainerProcess
from webapp.storage.database import patiently

log = logging.getLogger(__name__)
TICK = 0.2  # seconds between two looks at the trainer
BEAT = 1.0  # seconds between two heartbeats
NEVER = threading.Event()
"""The thread is a daemon: it waits for a database that is away until its process ends."""
Found = TypeVar("Found")


class Failed(Exception):
    """A job came to nothing; the message says why."""


class Kind(Protocol[Found]):
    """What there is to do, and how far it is."""

    name: str
    folder: str
    """Where its folders are, in the instance."""
    longest: int
    """Seconds that it may take."""
    life: Lifecycle

    def command(self) -> Sequence[str]:
        """Return the command of its trainer."""

    def claim(self, row_id: int) -> bool:
        """Take one that waits; say whether that may be, and nobody else was quicker."""

    def prepare(self, row_id: int, folder: Path) -> None:
        """Write what the trainer needs."""

    def note(self, event: Event) -> None:
        """Take in what the trainer told."""

    def beat(self, row_id: int) -> bool:
        """Write how far it is; say whether it is still wanted."""

    def found(self, folder: Path) -> Found | None:
        """Return what the trainer left, or None if there is nothing."""

    def finish(self, row_id: int, found: Found) -> object:
        """Keep what was found."""


class Jobs(Generic[Found]):
    """Does the jobs of a kind, one at a time."""

    def __init__(self, kind: Callable[[], Kind[Found]], expected: tuple[type[Exception], ...] = ()) -> None:
        self._kind = kind
        self._expected: tuple[type[Exception], ...] = (NomenError, OSError, Failed, *expected)
        """Errors whose message is a sentence for people."""
        self._thread: threading.Thread | None = None

    def tick(self) -> None:
        """Begin the one that waits longest, unless one goes on: a chore of the worker."""
        if self._thread is not None and self._thread.is_alive():
            return
        kind = self._kind()
        kind.life.sweep()
        row_id = kind.life.waiting()
        if row_id is None or not kind.claim(row_id):
            return
        app = current_app._get_current_object()  # type: ignore[attr-defined]
        # A daemon: a worker that ends does not wait for it, and its trainer ends with the worker.
        self._thread = threading.Thread(target=self._do_in, args=(app, row_id), name="beside", daemon=True)
        self._thread.start()

    def _do_in(self, app: Flask, row_id: int) -> None:
        with app.app_context():
            self.do(row_id)

    def do(self, row_id: int) -> None:
        """Do one that was taken; its row says how it ended."""
        kind = self._kind()
        folder = Path(current_app.config["INSTANCE"]).resolve() / kind.folder / str(row_id)
        try:
            # For its owner alone: it may hold what visitors said.
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            patiently(lambda: kind.prepare(row_id, folder), NEVER)
            found = _work(kind, row_id, folder)
            patiently(lambda: kind.finish(row_id, found), NEVER)
        except self._expected as error:
            _fail(kind, row_id, str(error))
        except Exception as error:
            # Whatever it is: one that nobody ends would seem to go on.
            log.exception("%s %s failed", kind.name, row_id)
            _fail(
                kind,
                row_id,
                gettext(
                    "Something unforeseen happened: %(__name__)s: %(error)s",
                    __name__=type(error).__name__,
                    error=error,
                ),
            )
        finally:
            shutil.rmtree(folder, ignore_errors=True)


def _fail(kind: Kind[Found], row_id: int, sentence: str) -> None:
    patiently(lambda: kind.life.fail(row_id, sentence), NEVER)


def _work(kind: Kind[Found], row_id: int, folder: Path) -> Found:
    trainer = TrainerProcess(folder, kind.command())
    try:
        error = _watch(kind, row_id, trainer)
    finally:
        trainer.kill()
    found = kind.found(folder) if trainer.process.returncode == 0 else None
    if found is None:
        raise Failed(error or trainer.why())
    return found


def _watch(kind: Kind[Found], row_id: int, trainer: TrainerProcess) -> str:
    """Return what the trainer said was wrong, or nothing."""
    limit, next_beat, error, is_over = time.monotonic() + kind.longest, 0.0, "", False
    while not is_over:
        is_over = trainer.has_ended  # asked first: what it told before it ended is still taken in
        for event in trainer.events():
            error = event.error or error
            kind.note(event)
        if time.monotonic() > limit:
            raise Failed(gettext("It took longer than %(longest)s minutes.", longest=kind.longest // 60))
        if time.monotonic() >= next_beat:
            next_beat = time.monotonic() + BEAT
            if not _beat(kind, row_id):
                raise Failed(kind.life.lost)
        time.sleep(0 if is_over else TICK)
    return error


def _beat(kind: Kind[Found], row_id: int) -> bool:
    try:
        return kind.beat(row_id)
    except SQLAlchemyError:
        log.warning("could not write how far %s %s is", kind.name, row_id)  # the next beat may
        return True
