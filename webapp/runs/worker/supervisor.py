"""What the worker does with a run: prepare its folder, watch the trainer, take in what it made."""

import logging
import threading
import time

from flask import current_app
from sqlalchemy.exc import SQLAlchemyError

from webapp.errors import NomenError
from webapp.logs import request_id
from webapp.models import Run
from webapp.models.enums import RunState
from webapp.runs import lifecycle, resume_files
from webapp.runs.lifecycle import Ended
from webapp.runs.worker import import_result, run_folder
from webapp.runs.worker.progress import ProgressRecorder
from webapp.runs.worker.trainer_process import COMMAND, TrainerProcess

log = logging.getLogger(__name__)
TICK = 0.2  # seconds between two looks at the trainer
BEAT = 1.0  # seconds between two heartbeats


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
    try:
        _do(run, stopping)
    except Ended as ended:
        lifecycle.end(run_id, ended.state, str(ended))
    except (NomenError, OSError) as error:
        lifecycle.end(run_id, RunState.FAILED, _describe(error))
    # Whatever it is: a run that nobody ends would block every later one.
    except Exception as error:
        log.exception("run %s failed", run_id)
        sentence = f"Something unforeseen happened: {type(error).__name__}: {error}"
        lifecycle.end(run_id, RunState.FAILED, sentence)
    else:
        # Only of a run that finished; any other may be gone on from.
        resume_files.remove(run_id)
    log.info("run %s has ended", run_id)
    try:
        run_folder.tidy(run_id)
    except OSError:
        log.exception("could not tidy up after run %s", run_id)  # it ended all the same


def _describe(error: Exception) -> str:
    return f"The worker could not use a file: {error}." if isinstance(error, OSError) else str(error)


def _do(run: Run, stopping: threading.Event) -> None:
    run_id = run.id
    folder = run_folder.prepare(run)
    recorder = ProgressRecorder()
    trainer = TrainerProcess(folder, current_app.config.get("TRAINER", COMMAND))
    try:
        _watch(run_id, trainer, recorder, stopping)
    finally:
        # However watching ended. Of a trainer that has ended by itself this ends what it started.
        trainer.kill()
    if trainer.process.returncode != 0 or not (folder / run_folder.CHALLENGER).exists():
        raise Ended(RunState.FAILED, recorder.error or trainer.why())
    recorder.end()
    import_result.take_in(run_id, folder, recorder.progress)


def _watch(
    run_id: int, trainer: TrainerProcess, recorder: ProgressRecorder, stopping: threading.Event
) -> None:
    hours = current_app.config["RUN_HOURS"]
    # monotonic: a machine whose clock is set must not end a run, or let it go on.
    limit = time.monotonic() + hours * 3600
    next_beat = 0.0
    while not trainer.has_ended:
        recorder.take(trainer.events())
        if stopping.wait(TICK):
            raise Ended(RunState.FAILED, "The worker was stopped while this ran. Start again to go on.")
        if time.monotonic() > limit:
            raise Ended(RunState.FAILED, f"It took longer than {hours} hours (RUN_HOURS).")
        _obey(run_id)
        if time.monotonic() >= next_beat:
            next_beat = time.monotonic() + BEAT
            _beat(run_id, trainer, recorder)
    recorder.take(trainer.events())
    _beat(run_id, trainer, recorder)


def _obey(run_id: int) -> None:
    try:
        is_cancelled = lifecycle.is_cancel_asked(run_id)
    except SQLAlchemyError:
        log.exception("could not ask whether run %s goes on", run_id)  # it goes on meanwhile
        return
    if is_cancelled:
        raise Ended(RunState.CANCELLED)


def _beat(run_id: int, trainer: TrainerProcess, recorder: ProgressRecorder) -> None:
    try:
        progress = recorder.progress.to_json()
        is_ours = lifecycle.beat(run_id, progress, pid=trainer.process.pid, device=recorder.device)
    except SQLAlchemyError:
        log.exception("could not write the progress of run %s", run_id)  # the next beat may
        return
    if not is_ours:
        raise Ended(RunState.FAILED, lifecycle.LOST)
