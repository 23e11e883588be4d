"""Training runs whose trainer trains nothing: queued, done, and looked at again."""

import json
import subprocess
import threading
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import delete, select

from tests.support.networks import tiny_artifact
from tests.support.waiting import eventually
from webapp.extensions import db
from webapp.models import Run, Worker, now
from webapp.runs import lifecycle, resume_files
from webapp.runs import service as runs
from webapp.runs.plans import Plan
from webapp.runs.worker import run_folder, supervisor
from webapp.runs.worker import status as worker_status
from webapp.storage.database import reading, writing

FAKE_TRAINER = Path(__file__).with_name("fake_trainer.py")
Start = Callable[..., "subprocess.Popen[bytes]"]
"""Starts a worker whose trainer does as told."""

SCORES = {
    "n": 2,
    "tp": 1,
    "fp": 0,
    "fn": 0,
    "tn": 1,
    "accuracy": 1.0,
    "nll": 0.3,
    "ece": 0.01,
    "surest80": 1.0,
}
PAIRED = {
    "n": 2,
    "both_right": 2,
    "only_champion": 0,
    "only_challenger": 0,
    "both_wrong": 0,
    "difference": 0.0,
    "low": -0.001,
    "high": 0.001,
    "p": 1.0,
}


def comparison(**corrections: int) -> dict[str, Any]:
    """Return a comparison of two networks that answer alike: the gate passes it."""
    scores = {group: SCORES for group in ("all", "hundred", "not_unisex")}
    counts = {"names": 0, "champion": 0, "challenger": 0, "learnable": 0, "contradicting": 0}
    told: dict[str, Any] = {**counts, **corrections, "halved": [], "outweighed": []}
    cells = {"tp": 0, "fp": 0, "fn": 0, "tn": 0, "both": 0, "accuracy": None}
    rated = {"n": 0, "champion": cells, "challenger": cells}
    return {
        "holdout": {
            "names": 2,
            "left": 0,
            "fingerprint": "f",
            "champion": scores,
            "challenger": scores,
            "difference": {group: PAIRED for group in scores},
        },
        "corrections": {**told, "learned_share": None, "learnable_right": {"champion": 0, "challenger": 0}},
        "famous": {"n": 2, "champion": 2, "challenger": 2},
        "feedback": {"rated": rated, "taught": rated},
        "calibration": {"champion": [], "challenger": []},
        "slices": {},
        "flips": {"mended": [], "broken": [], "moved": []},
    }


def leave_a_challenger(folder: Path, **corrections: int) -> Path:
    """Put into a new folder what a trainer that did well leaves behind, beside what it was given."""
    folder.mkdir()
    (folder / resume_files.SNAPSHOT).touch()
    (folder / run_folder.CHAMPION).write_bytes(tiny_artifact(seed=6))
    (folder / run_folder.CHALLENGER).write_bytes(tiny_artifact(seed=7))
    (folder / run_folder.COMPARISON).write_text(json.dumps(comparison(**corrections)))
    return folder


def do(run: Run, stopping: threading.Event | None = None) -> Run:
    """Do a run as the worker does; return how it ended."""
    supervisor.supervise(run.id, stopping or threading.Event())
    return as_it_is(run)


def as_it_is(run: Run) -> Run:
    """Read a run again."""
    db.session.rollback()
    return runs.find_run(run.id)


def queued(**plan: Any) -> Run:
    """Queue a run."""
    return runs.start(Plan(**plan), by="admin@example.org")


def fall_silent(run: Run) -> None:
    """Let the worker of a run have been heard of for the last time too long ago."""
    with writing() as session:
        session.get_one(Run, run.id).heartbeat_at = now() - timedelta(seconds=lifecycle.SILENT + 1)


def has_worker() -> bool:
    """Say whether a worker is there now."""
    with reading():
        return worker_status.known() is not None


def forget_workers() -> None:
    """Let no worker be known: one was killed, and nobody waits until it counts as gone."""
    with writing() as session:
        session.execute(delete(Worker))


def pid_of(run: Run) -> int:
    """Wait for the trainer of a run; return its process id."""
    assert eventually(lambda: find_pid(run.id))
    return find_pid(run.id) or 0


def find_pid(run_id: int) -> int | None:
    """Return the process id of a run's trainer while it works."""
    with reading() as session:
        return session.scalar(select(Run.pid).where(Run.id == run_id))
