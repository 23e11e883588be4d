"""The worker as the site starts it, in a process of its own, killed without mercy."""

import os
import signal
from pathlib import Path

import pytest
from flask import Flask

from tests.support.processes import is_gone
from tests.support.runs import Start, as_it_is, fall_silent, has_worker, pid_of, queued
from tests.support.waiting import PATIENCE, eventually
from webapp.runs import lifecycle, queue

of_a_file = pytest.mark.sqlite(reason="a queue in Redis has no file; see tests/storage/test_redis_away.py")


@pytest.mark.process
def test_a_killed_worker_leaves_a_failed_run_and_a_clean_start(start_worker: Start) -> None:
    worker, run = start_worker("hang"), queued()
    trainer = pid_of(run)
    worker.send_signal(signal.SIGKILL)
    os.kill(trainer, signal.SIGKILL)  # the real one ends by itself when its stdin closes
    worker.wait()
    fall_silent(run)
    assert lifecycle.is_silent(as_it_is(run))
    again = queued()
    assert as_it_is(run).error == lifecycle.LOST and again.state == "queued"


@pytest.mark.process
def test_a_worker_that_is_told_to_stop_ends_its_trainer_and_says_so(start_worker: Start) -> None:
    worker, run = start_worker("hang"), queued()
    trainer = pid_of(run)
    worker.terminate()
    worker.wait(timeout=PATIENCE)
    assert is_gone(trainer) and "worker was stopped" in as_it_is(run).error and not has_worker()


@pytest.mark.process
def test_a_run_whose_message_was_lost_is_done_all_the_same(app: Flask, start_worker: Start) -> None:
    run = queued()
    queue.queue().flush()
    start_worker("hang")
    assert pid_of(run)


@of_a_file
@pytest.mark.process
def test_a_queue_whose_file_was_deleted_is_made_anew(app: Flask, instance: Path, start_worker: Start) -> None:
    queue.queue()
    worker = start_worker("hang")
    (instance / "queue.db").unlink()
    assert eventually((instance / "queue.db").exists)
    assert pid_of(queued())
    worker.terminate()  # it still does as it is told
    worker.wait(timeout=PATIENCE)


@of_a_file
def test_a_run_is_not_put_into_a_queue_that_is_gone(app: Flask, instance: Path) -> None:
    with app.app_context():
        queue.queue()
        (instance / "queue.db").unlink()
        assert queue.is_lost()
        queued()
        assert queue.queue().pending_count() == 1 and not queue.is_lost()
