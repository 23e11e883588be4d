"""A site whose worker starts a trainer that trains nothing, in milliseconds."""

import json
import os
import secrets
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from tests.conftest import tiny_artifact
from tests.guessing.test_predictor import within
from webapp.config import ROOT
from webapp.extensions import db
from webapp.models import Feedback, Run
from webapp.runs import lifecycle, worker_status
from webapp.runs import service as runs
from webapp.runs.worker import run_folder, supervisor
from webapp.storage.database import writing

FAKE = Path(__file__).parents[1] / "support" / "fake_trainer.py"
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
    told = {"names": 0, "champion": 0, "challenger": 0, "learnable": 0, "contradicting": 0, **corrections}
    told |= {"halved": [], "outweighed": []}
    rated = {"n": 0, "champion": {}, "challenger": {}}
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


@pytest.fixture(autouse=True)
def _in_the_app(app: Flask) -> Iterator[None]:
    with app.app_context():
        correct("ilmarinen", "female")
        yield


def correct(name: str, answer: str, visitor: str = "v", status: str = "accepted") -> Feedback:
    """Store a visitor's answer as it stands after review."""
    with writing() as session:
        row = Feedback(
            visitor=visitor,
            name=name,
            typed=name,
            version_id=1,
            guessed="male",
            p_female=0.2,
            answer=answer,
            status=status,
            day=date.today(),
            link=secrets.token_hex(8),
        )
        session.add(row)
    return row


@pytest.fixture
def made(tmp_path: Path) -> Path:
    """What a trainer that did well leaves behind."""
    folder = tmp_path / "made"
    folder.mkdir()
    (folder / run_folder.CHALLENGER).write_bytes(tiny_artifact(seed=7))
    (folder / run_folder.COMPARISON).write_text(json.dumps(comparison()))
    return folder


@pytest.fixture
def trainer(app: Flask) -> Callable[..., None]:
    """Choose what the trainer of this site does."""

    def choose(*behaviour: object) -> None:
        app.config["TRAINER"] = [sys.executable, "-ES", str(FAKE), *map(str, behaviour)]

    return choose


def do(run: Run, stopping: threading.Event | None = None) -> Run:
    """Do a run as the worker does; return how it ended."""
    supervisor.supervise(run.id, stopping or threading.Event())
    return as_it_is(run)


def as_it_is(run: Run) -> Run:
    """Read a run again."""
    db.session.rollback()
    return runs.find(run.id)


def queued(**plan: Any) -> Run:
    """Queue a run."""
    return runs.start(runs.Plan(**plan), by="ada@example.org")


Start = Callable[..., "subprocess.Popen[bytes]"]
WORK = """
from webapp import create_app, jobs
app = create_app({settings})
with app.app_context():
    jobs.work()
"""


@pytest.fixture
def start_worker(app: Flask) -> Iterator[Start]:
    """Start workers whose trainers do as told, or are the real one; all of them are ended afterwards."""
    started: list[subprocess.Popen[bytes]] = []
    environment = {"INSTANCE": app.config["INSTANCE"], "SECRET_KEY": app.config["SECRET_KEY"]}

    def start(*behaviour: str) -> "subprocess.Popen[bytes]":
        settings = {"TRAINER": [sys.executable, "-ES", str(FAKE), *behaviour]} if behaviour else {}
        command = [sys.executable, "-c", WORK.format(settings=settings)]
        started.append(subprocess.Popen(command, cwd=ROOT, env=os.environ | environment))
        assert within(60, lambda: worker_status.known() is not None)
        return started[-1]

    yield start
    for worker in started:
        worker.kill()
        worker.wait()


def is_gone(pid: int) -> bool:
    """Whether no process has this id (zombies of ours count as gone)."""
    try:
        with open(f"/proc/{pid}/stat") as stat:
            return stat.read().rsplit(")", 1)[1].split()[0] == "Z"
    except FileNotFoundError:
        return True


def pid_of(run: Run) -> int:
    """Wait for the trainer of a run; return its process id."""
    assert within(60, lambda: bool(lifecycle.find_pid(run.id)))
    return lifecycle.find_pid(run.id) or 0
