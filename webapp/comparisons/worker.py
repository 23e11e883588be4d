"""What the worker does with a comparison: beside its runs, one at a time, in a trainer's process.

A comparison has a thread of its own, so that the worker goes on to say that it lives.
"""

import json
import logging
import shutil
import threading
import time
from pathlib import Path

from flask import Flask, current_app
from sqlalchemy.exc import SQLAlchemyError

from training.evaluation.comparison_types import Comparison
from training.evaluation.parts.pairs import BadComparison
from webapp.comparisons import service as comparisons
from webapp.errors import NomenError
from webapp.models import VersionComparison
from webapp.runs.worker import run_folder
from webapp.runs.worker.trainer_process import COMMAND, TrainerProcess
from webapp.storage import atomic_file
from webapp.storage.database import patiently
from webapp.versions import service as versions

log = logging.getLogger(__name__)
KIND = "compare"
FOLDER = "comparisons"
TICK = 0.2  # seconds between two looks at the trainer
BEAT = 1.0  # seconds between two heartbeats
LONGEST = 3600  # seconds
NEVER = threading.Event()
"""The thread of a comparison is a daemon: it waits for a database that is away until its process ends."""
_thread: threading.Thread | None = None


class Failed(Exception):
    """A comparison came to nothing; the message says why."""


def tick() -> None:
    """Begin the comparison that waits longest, unless one goes on: a chore of the worker."""
    global _thread
    if _thread is not None and _thread.is_alive():
        return
    try:
        comparisons.sweep()
        comparison_id = comparisons.waiting()
        if comparison_id is None or not comparisons.claim(comparison_id):
            return
    except SQLAlchemyError:
        log.exception("could not look for comparisons")  # the next tick may
        return
    app = current_app._get_current_object()  # type: ignore[attr-defined]
    # A daemon: a worker that ends does not wait for it, and its trainer ends with the worker.
    _thread = threading.Thread(target=_in_app, args=(app, comparison_id), name="comparison", daemon=True)
    _thread.start()


def _in_app(app: Flask, comparison_id: int) -> None:
    with app.app_context():
        do(comparison_id)


def do(comparison_id: int) -> None:
    """Do a comparison that was taken; its row says how it ended."""
    folder = Path(current_app.config["INSTANCE"]).resolve() / FOLDER / str(comparison_id)
    try:
        patiently(lambda: _prepare(folder, comparisons.find(comparison_id)), NEVER)
        found = _compare(comparison_id, folder)
        patiently(lambda: comparisons.finish(comparison_id, found), NEVER)
    except (NomenError, OSError, Failed, BadComparison) as error:
        _fail(comparison_id, str(error))
    except Exception as error:
        # Whatever it is: one that nobody ends would seem to go on.
        log.exception("comparison %s failed", comparison_id)
        _fail(comparison_id, f"Something unforeseen happened: {type(error).__name__}: {error}")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _fail(comparison_id: int, sentence: str) -> None:
    patiently(lambda: comparisons.fail(comparison_id, sentence), NEVER)


def _prepare(folder: Path, comparison: VersionComparison) -> None:
    # For its owner alone: the corrections and the answers are what visitors said.
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    for file, version_id in (
        (run_folder.CHAMPION, comparison.old_id),
        (run_folder.CHALLENGER, comparison.new_id),
    ):
        atomic_file.write(folder / file, versions.data(version_id))
    run_folder.write_corrections(folder)
    run_folder.write_answers(folder)
    taught = {*versions.taught_names(comparison.old_id), *versions.taught_names(comparison.new_id)}
    job = {"kind": KIND, "taught": sorted(taught), "device": "cpu"} | run_folder.corpus_entry()
    atomic_file.write(folder / run_folder.JOB, json.dumps(job, indent=1).encode())


def _compare(comparison_id: int, folder: Path) -> Comparison:
    trainer = TrainerProcess(folder, current_app.config.get("TRAINER", COMMAND))
    try:
        error = _watch(comparison_id, trainer)
    finally:
        trainer.kill()
    if trainer.process.returncode != 0 or not (folder / run_folder.COMPARISON).exists():
        raise Failed(error or trainer.why())
    return Comparison.from_json(json.loads((folder / run_folder.COMPARISON).read_text()))


def _beat(comparison_id: int, phase: str) -> bool:
    try:
        return comparisons.beat(comparison_id, phase)
    except SQLAlchemyError:
        log.warning("could not write how far comparison %s is", comparison_id)  # the next beat may
        return True


def _watch(comparison_id: int, trainer: TrainerProcess) -> str:
    """Return what the trainer said was wrong, or nothing."""
    limit, next_beat, phase, error = time.monotonic() + LONGEST, 0.0, "starting", ""
    while not trainer.has_ended:
        for event in trainer.events():
            phase, error = event.phase or phase, event.error or error
        if time.monotonic() > limit:
            raise Failed("It took longer than an hour.")
        if time.monotonic() >= next_beat:
            next_beat = time.monotonic() + BEAT
            if not _beat(comparison_id, phase):
                raise Failed(comparisons.LOST)
        time.sleep(TICK)
    return next((event.error for event in reversed(trainer.events()) if event.error), error)
