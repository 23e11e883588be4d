"""What the worker does with a run: prepare its folder, watch the trainer, take in what it made."""

import logging
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from flask import Flask, current_app
from sqlalchemy.exc import SQLAlchemyError

from webapp.errors import NomenError
from webapp.extensions import db
from webapp.languages import numbers
from webapp.languages.texts import gettext
from webapp.logs import request_id
from webapp.models import Run
from webapp.models.enums import RunState
from webapp.runs import lifecycle, resume_files
from webapp.runs.lifecycle import Ended
from webapp.runs.plans import Plan
from webapp.runs.worker import import_result, run_folder
from webapp.runs.worker.progress import ProgressRecorder
from webapp.runs.worker.trainer_process import COMMAND, TrainerProcess
from webapp.storage.database import AWAY, patiently

log = logging.getLogger(__name__)
TICK = 0.2  # seconds between two looks at the trainer
BEAT = 1.0  # seconds between two heartbeats
KEEP = 60.0  # seconds between two times that checkpoints are put into the file storage


def supervise(run_id: int, stopping: threading.Event) -> None:
    """Do one run from its snapshot to its verdict; its row says how it ended."""
    # None: cancelled, or a message that came twice. The queue may lose or repeat messages, the row does not.
    run = lifecycle.claim(run_id)
    if run is None:
        return
    with request_id.bound(run.request_id):
        log.info("run %s begins", run_id)
        _supervise(run, stopping)


def _supervise(run: Run, stopping: threading.Event) -> None:
    run_id = run.id
    lifecycle.at_work().add(run_id)
    try:
        ended = _outcome(run, stopping)
        if ended:
            patiently(partial(lifecycle.end, run_id, ended.state, str(ended)), stopping)
        else:
            # Only of a run that finished; any other may be gone on from.
            resume_files.remove(run_id)
    except AWAY:
        # Told to stop meanwhile: whoever finds the run silent ends it.
        log.exception("could not write how run %s ended", run_id)
    finally:
        lifecycle.at_work().discard(run_id)
    log.info("run %s has ended", run_id)
    try:
        run_folder.tidy(run_id)
    except OSError:
        log.exception("could not tidy up after run %s", run_id)  # it ended all the same


def _outcome(run: Run, stopping: threading.Event) -> Ended | None:
    """Do a run; return how it ended, unless it finished."""
    run_id = run.id
    try:
        _do(run, stopping)
    except Ended as ended:
        return ended
    except (NomenError, OSError) as error:
        return Ended(RunState.FAILED, _describe(error))
    # Whatever it is: a run that nobody ends would block every later one.
    except Exception as error:
        log.exception("run %s failed", run_id)
        return Ended(
            RunState.FAILED,
            gettext(
                "Something unforeseen happened: %(__name__)s: %(error)s",
                __name__=type(error).__name__,
                error=error,
            ),
        )
    return None


def _describe(error: Exception) -> str:
    return (
        gettext("The worker could not use a file: %(error)s.", error=error)
        if isinstance(error, OSError)
        else str(error)
    )


def _do(run: Run, stopping: threading.Event) -> None:
    run_id = run.id
    folder = patiently(partial(_prepare, run_id), stopping)
    recorder = ProgressRecorder()
    trainer = TrainerProcess(folder, current_app.config.get("TRAINER", COMMAND))
    if Plan.of(run).resumes and not any(folder.glob(resume_files.CHECKPOINT_FILES)):
        recorder.log(gettext("What the run before left is not here any more: this one begins anew."))
    try:
        with _kept(run_id):
            _watch(Heart(run_id, trainer, recorder), stopping)
    finally:
        # However watching ended. Of a trainer that has ended by itself this ends what it started.
        trainer.kill()
    if trainer.process.returncode != 0 or not (folder / run_folder.CHALLENGER).exists():
        raise Ended(RunState.FAILED, recorder.error or trainer.why())
    recorder.end()
    patiently(partial(_take_in, run_id, folder, recorder), stopping)
    patiently(partial(import_result.promote, run_id), stopping)


@contextmanager
def _kept(run_id: int) -> Iterator[None]:
    """Put checkpoints where every machine finds them, as they come: this one may be lost at any moment."""
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    done = threading.Event()

    def keep() -> None:
        with app.app_context():
            while not done.wait(KEEP):
                _keep(run_id)

    # In a thread: a large file takes its time, and the heart goes on beating.
    keeper = threading.Thread(target=keep, name="checkpoint-keeper", daemon=True)
    keeper.start()
    try:
        yield
    finally:
        done.set()
        keeper.join()
        _keep(run_id)


def _keep(run_id: int) -> None:
    try:
        resume_files.keep(run_id)
    except (OSError, NomenError):
        log.exception("could not keep what run %s left", run_id)  # the run goes on without


def _prepare(run_id: int) -> Path:
    return run_folder.prepare(db.session.get_one(Run, run_id))


def _take_in(run_id: int, folder: Path, recorder: ProgressRecorder) -> None:
    lifecycle.take_back(run_id)  # while the database was away, others may have given it up
    import_result.take_in(run_id, folder, recorder.progress)


def _watch(heart: "Heart", stopping: threading.Event) -> None:
    trainer, recorder = heart.trainer, heart.recorder
    hours = current_app.config["RUN_HOURS"]
    # monotonic: a machine whose clock is set must not end a run, or let it go on.
    limit = time.monotonic() + hours * 3600
    next_beat = 0.0
    while not trainer.has_ended:
        recorder.take(trainer.events())
        if stopping.wait(TICK):
            raise Ended(
                RunState.FAILED, gettext("The worker was stopped while this ran. Start again to go on.")
            )
        if time.monotonic() > limit:
            raise Ended(
                RunState.FAILED, gettext("It took longer than %(hours)s hours (RUN_HOURS).", hours=hours)
            )
        _obey(heart.run_id)
        if time.monotonic() >= next_beat:
            next_beat = time.monotonic() + BEAT
            heart.beat()
    recorder.take(trainer.events())
    heart.beat()


def _obey(run_id: int) -> None:
    try:
        is_cancelled = lifecycle.is_cancel_asked(run_id)
    except SQLAlchemyError:
        return  # it goes on meanwhile; the heartbeat says so in the log
    if is_cancelled:
        raise Ended(RunState.CANCELLED)


@dataclass
class Heart:
    """Writes how a run goes, once a second; what could not be written is caught up on later."""

    run_id: int
    trainer: TrainerProcess
    recorder: ProgressRecorder
    silent_since: float | None = None
    """When the database went away, on the monotonic clock."""

    def beat(self) -> None:
        """Write the progress; raise Ended if the run is no longer ours to work on."""
        try:
            is_ours = self._write() or lifecycle.take_back(self.run_id)
            if is_ours and self.silent_since is not None:
                self._say_what_was_missed(time.monotonic() - self.silent_since)
        except SQLAlchemyError:
            if self.silent_since is None:
                self.silent_since = time.monotonic()
                log.exception("could not write the progress of run %s", self.run_id)  # a later beat will
            return
        if not is_ours:
            raise Ended(RunState.FAILED, lifecycle.LOST)

    def _write(self) -> bool:
        progress = self.recorder.progress.to_json()
        return lifecycle.beat(
            self.run_id, progress, pid=self.trainer.process.pid, device=self.recorder.device
        )

    def _say_what_was_missed(self, seconds: float) -> None:
        self.silent_since = None
        words = gettext(
            "The database could not be written to for %(seconds)s s; the run went on meanwhile.",
            seconds=numbers.decimal(seconds, 0),
        )
        log.warning("run %s: %s", self.run_id, words)
        self.recorder.log(words)
        self._write()
