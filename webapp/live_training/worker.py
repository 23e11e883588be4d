"""What the worker does with a live training: beside its runs, one at a time, in a trainer's process."""

import json
import logging
import shutil
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

from flask import Flask, current_app
from sqlalchemy.exc import SQLAlchemyError

from webapp.errors import NomenError
from webapp.live_training import dials
from webapp.live_training import service as live
from webapp.live_training.curves import Round
from webapp.records import lookup
from webapp.runs.worker.progress import Event
from webapp.runs.worker.trainer_process import TrainerProcess
from webapp.storage import atomic_file
from webapp.storage.database import patiently

log = logging.getLogger(__name__)
COMMAND = (sys.executable, "-m", "training", "live")
FILE, FOLDER = "live.json", "live_trainings"
TRAIN, VALIDATION, PEOPLE = 2_000, 1_000, 100
"""Names to learn from and to judge by, and how many bear each at least: it is to be done in seconds."""
TICK = 0.2  # seconds between two looks at the trainer
BEAT = 1.0  # seconds between two heartbeats
LONGEST = 300  # seconds
NEVER = threading.Event()
"""The thread is a daemon: it waits for a database that is away until its process ends."""
_thread: threading.Thread | None = None


class Failed(Exception):
    """A training came to nothing; the message says why."""


def tick() -> None:
    """Begin the training that waits longest, unless one goes on: a chore of the worker."""
    global _thread
    if _thread is not None and _thread.is_alive():
        return
    live.sweep()
    training_id = live.waiting()
    if training_id is None or not live.claim(training_id):
        return
    app = current_app._get_current_object()  # type: ignore[attr-defined]
    # A daemon: a worker that ends does not wait for it, and its trainer ends with the worker.
    _thread = threading.Thread(target=_in_app, args=(app, training_id), name="live training", daemon=True)
    _thread.start()


def _in_app(app: Flask, training_id: int) -> None:
    with app.app_context():
        do(training_id)


def do(training_id: int) -> None:
    """Do a training that was taken; its row says how it ended."""
    folder = Path(current_app.config["INSTANCE"]).resolve() / FOLDER / str(training_id)
    try:
        patiently(lambda: _prepare(folder, training_id), NEVER)
        rounds = _train(training_id, folder)
        patiently(lambda: live.finish(training_id, rounds), NEVER)
    except (NomenError, OSError, Failed) as error:
        _fail(training_id, str(error))
    except Exception as error:
        # Whatever it is: one that nobody ends would seem to go on.
        log.exception("live training %s failed", training_id)
        _fail(training_id, f"Something unforeseen happened: {type(error).__name__}: {error}")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _fail(training_id: int, sentence: str) -> None:
    patiently(lambda: live.fail(training_id, sentence), NEVER)


def _prepare(folder: Path, training_id: int) -> None:
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    given = {
        "settings": dials.of_address(live.by_id(training_id).settings).settings,
        "train": _names("train", TRAIN),
        "validation": _names("validation", VALIDATION),
    }
    atomic_file.write(folder / FILE, json.dumps(given).encode())


def _names(part: str, n: int) -> list[dict[str, object]]:
    return [{"name": name, "share": share} for name, share in lookup.sample(part, PEOPLE, n)]


def _train(training_id: int, folder: Path) -> list[Round]:
    trainer = TrainerProcess(folder, current_app.config.get("LIVE_TRAINER", COMMAND))
    rounds: list[Round] = []
    try:
        error = _watch(training_id, trainer, rounds)
    finally:
        trainer.kill()
    if trainer.process.returncode != 0 or not rounds:
        raise Failed(error or trainer.why())
    return rounds


def _watch(training_id: int, trainer: TrainerProcess, rounds: list[Round]) -> str:
    """Note every round; return what the trainer said was wrong, or nothing."""
    limit, next_beat, error = time.monotonic() + LONGEST, 0.0, ""
    is_over = False
    while not is_over:
        is_over = trainer.has_ended  # asked first: what it told before it ended is still taken in
        for event in trainer.events():
            error = event.error or error
            rounds.extend(_rounds(event))
        if time.monotonic() > limit:
            raise Failed(f"It took longer than {LONGEST} seconds.")
        if time.monotonic() >= next_beat:
            next_beat = time.monotonic() + BEAT
            if not _beat(training_id, rounds):
                raise Failed(live.LOST)
        time.sleep(0 if is_over else TICK)
    return error


def _rounds(event: Event) -> Iterator[Round]:
    losses = event.train_loss, event.validation_loss, event.validation_accuracy
    if event.phase and event.epoch and None not in losses:
        train, validation, accuracy = (float(loss or 0.0) for loss in losses)
        yield Round(event.phase, event.epoch, train, validation, accuracy)


def _beat(training_id: int, rounds: list[Round]) -> bool:
    try:
        return live.beat(training_id, rounds)
    except SQLAlchemyError:
        log.warning("could not write how far live training %s is", training_id)  # the next beat may
        return True
