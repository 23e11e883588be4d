"""The worker as the site starts it, in a process of its own, killed without mercy."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator

import pytest
from flask import Flask

from tests.runs.conftest import FAKE, as_it_is, queued
from tests.test_predictor import within
from webapp import lifecycle, machine
from webapp.config import ROOT
from webapp.models import Run

Start = Callable[[], subprocess.Popen[bytes]]
BEHAVIOUR = f"[{sys.executable!r}, '-ES', {str(FAKE)!r}, 'hang']"
WORK = f"""
from webapp import create_app, jobs
app = create_app({{"TRAINER": {BEHAVIOUR}}})
with app.app_context():
    jobs.work()
"""


@pytest.fixture
def start_worker(app: Flask) -> Iterator[Start]:
    """Start workers whose trainers hang; whatever is left of them is ended afterwards."""
    started: list[subprocess.Popen[bytes]] = []
    settings = {"INSTANCE": app.config["INSTANCE"], "SECRET_KEY": app.config["SECRET_KEY"]}

    def start() -> subprocess.Popen[bytes]:
        command = [sys.executable, "-c", WORK]
        started.append(subprocess.Popen(command, cwd=ROOT, env=os.environ | settings))
        assert within(30, lambda: machine.known() is not None)
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
    assert within(20, lambda: bool(lifecycle.find_pid(run.id)))
    return lifecycle.find_pid(run.id) or 0


@pytest.mark.slow
def test_a_killed_worker_leaves_a_failed_run_and_a_clean_start(
    start_worker: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lifecycle, "SILENT", 2)
    worker, run = start_worker(), queued()
    trainer = pid_of(run)
    worker.send_signal(signal.SIGKILL)
    os.kill(trainer, signal.SIGKILL)  # the real one ends by itself when its stdin closes
    assert within(5, lambda: lifecycle.is_silent(as_it_is(run)))
    again = queued()
    assert as_it_is(run).error == lifecycle.LOST and again.state == "queued"


@pytest.mark.slow
def test_a_worker_that_is_told_to_stop_ends_its_trainer_and_says_so(start_worker: Start) -> None:
    worker, run = start_worker(), queued()
    trainer = pid_of(run)
    worker.terminate()
    worker.wait(4)
    assert is_gone(trainer) and "worker was stopped" in as_it_is(run).error and machine.known() is None


@pytest.mark.slow
def test_a_run_whose_message_was_lost_is_done_all_the_same(app: Flask, start_worker: Start) -> None:
    run = queued()
    from webapp import jobs

    jobs.queue().flush()
    start_worker()
    assert pid_of(run)
