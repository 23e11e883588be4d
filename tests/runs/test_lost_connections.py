"""The worker outlives its database and its Redis, and so does the run that it is at."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy.exc import OperationalError

from tests.support import sites
from tests.support.factories import correct
from tests.support.runs import (
    FAKE_TRAINER,
    as_it_is,
    fall_silent,
    forget_workers,
    has_worker,
    leave_a_challenger,
    queued,
)
from tests.support.servers import Server, new_database, run_postgresql, run_redis
from tests.support.waiting import PATIENCE, eventually
from webapp.audit import trail as audit
from webapp.audit.trail import AuditFilter
from webapp.config import ROOT
from webapp.models import Run
from webapp.runs import lifecycle

WORK = """
from webapp import create_app
from webapp.runs import lifecycle
from webapp.runs.worker import loop
lifecycle.SILENT = 3
app = create_app({settings})
with app.app_context():
    loop.work()
"""


@dataclass
class Machines:
    """A site on PostgreSQL and Redis, whose worker trains until it is told that it is done."""

    app: Flask
    database: Server
    redis: Server
    sign: Path
    worker: "subprocess.Popen[bytes]"

    def finish(self) -> None:
        """Let the trainer come to its end."""
        self.sign.touch()


@pytest.fixture(scope="module")
def own_postgresql() -> Iterator[Server]:
    with run_postgresql() as server:
        yield server


@pytest.fixture
def machines(own_postgresql: Server, tmp_path: Path) -> Iterator[Machines]:
    folder, sign = tmp_path / "machines", tmp_path / "finish"
    folder.mkdir()
    sites.write_corpus(folder / "corpus.db")
    made = leave_a_challenger(tmp_path / "made")
    trainer = [sys.executable, "-ES", str(FAKE_TRAINER), "finish_when_told", str(made), str(sign)]
    with run_redis(tmp_path) as redis:
        urls = {"DATABASE_URL": new_database(own_postgresql.url, "runs"), "REDIS_URL": redis.url}
        with sites.open_site(folder, **urls) as app, app.app_context():
            sites.prepare(app)
            correct("ilmarinen", "female")
            own = {"INSTANCE": str(folder), "SECRET_KEY": app.config["SECRET_KEY"]}
            command = [sys.executable, "-c", WORK.format(settings={"TRAINER": trainer})]
            worker = subprocess.Popen(command, cwd=ROOT, env=os.environ | own | urls)
            try:
                assert eventually(has_worker)
                yield Machines(app, own_postgresql, redis, sign, worker)
            finally:
                worker.terminate()  # not killed: what it did is to be counted where coverage is measured
                worker.wait(timeout=PATIENCE)


def rounds(run: Run) -> int:
    """Return how many rounds of a run its row tells; 0 while it cannot be asked."""
    try:
        return len(as_it_is(run).progress.get("history", ()))
    except OperationalError:
        return 0


def has_finished(run: Run) -> bool:
    """Say whether a run has finished; no while it cannot be asked."""
    try:
        return as_it_is(run).state == "finished"
    except OperationalError:
        return False


def goes_on(run: Run) -> bool:
    """Say whether a run tells of more and more rounds."""
    before = rounds(run)
    return eventually(lambda: rounds(run) > max(before, 1))


def deeds() -> list[str]:
    return [entry.action for entry in audit.page(AuditFilter())[0]]


def told(run: Run) -> str:
    """Return the log of a run."""
    return " ".join(line["text"] for line in as_it_is(run).progress["log"])


@pytest.mark.process
def test_a_run_goes_on_while_its_database_is_away_and_reports_what_it_missed(machines: Machines) -> None:
    run = queued()
    assert goes_on(run)
    machines.database.stop()
    # Longer than a worker may be silent: three seconds here.
    assert not eventually(lambda: machines.worker.poll() is not None, 8)
    machines.database.start()
    assert goes_on(run) and as_it_is(run).state == "running"
    assert eventually(lambda: "The database could not be written to for" in told(run))
    machines.finish()
    assert eventually(lambda: has_finished(run)) and as_it_is(run).version_id
    assert "run.fail" not in deeds()


@pytest.mark.process
def test_what_a_run_made_waits_for_a_database_that_is_away_at_its_end(machines: Machines) -> None:
    run = queued()
    assert goes_on(run)
    machines.database.stop(3)  # as after a crash
    machines.finish()
    assert not eventually(lambda: machines.worker.poll() is not None, 3)
    machines.database.start()
    assert eventually(lambda: has_finished(run)) and as_it_is(run).version_id


@pytest.mark.process
def test_a_worker_outlives_its_queue_and_does_what_was_lost_with_it(machines: Machines) -> None:
    machines.redis.stop()
    assert not eventually(lambda: machines.worker.poll() is not None, 3)
    machines.redis.start()
    run = queued()
    machines.redis.stop()  # it keeps nothing: the message goes with it, unless the worker was quicker
    machines.redis.start()
    assert goes_on(run)
    machines.finish()
    assert eventually(lambda: has_finished(run))


@pytest.mark.process
def test_a_worker_that_is_started_while_the_database_is_away_waits_for_it(machines: Machines) -> None:
    machines.worker.kill()
    machines.worker.wait()
    forget_workers()
    run = queued()
    machines.database.stop()
    again = subprocess.Popen(machines.worker.args, cwd=ROOT, env=os.environ | settings_of(machines))
    try:
        assert not eventually(lambda: again.poll() is not None, 8)
        machines.database.start()
        assert goes_on(run)
        again.terminate()
        assert again.wait(PATIENCE) == 0
    finally:
        again.kill()
        again.wait()


def settings_of(machines: Machines) -> dict[str, str]:
    names = ("INSTANCE", "SECRET_KEY", "DATABASE_URL", "REDIS_URL")
    return {name: machines.app.config[name] for name in names}


def silent(app: Flask) -> Run:
    """Return a run that was taken, and whose worker has fallen silent since."""
    run = queued()
    lifecycle.claim(run.id)
    fall_silent(run)
    return run


def test_a_run_that_was_given_up_is_taken_back_by_its_worker(app: Flask) -> None:
    run = silent(app)
    lifecycle.sweep()
    assert as_it_is(run).state == "failed" and as_it_is(run).error == lifecycle.LOST
    assert not lifecycle.beat(run.id, {}) and lifecycle.take_back(run.id) and lifecycle.beat(run.id, {})
    assert as_it_is(run).state == "running" and not as_it_is(run).error and as_it_is(run).is_active
    assert "run.go_on" in deeds()


def test_a_run_is_not_taken_back_beside_another_or_when_it_was_ended_otherwise(app: Flask) -> None:
    first = silent(app)
    second = queued()  # gives up the first
    assert as_it_is(first).error == lifecycle.LOST and not lifecycle.take_back(first.id)
    lifecycle.claim(second.id)
    lifecycle.end(second.id, lifecycle.RunState.FAILED, "The disk is full.")
    assert not lifecycle.take_back(second.id)


def test_nobody_gives_up_what_this_process_works_on(app: Flask) -> None:
    run = silent(app)
    lifecycle.at_work().add(run.id)
    lifecycle.sweep()
    assert as_it_is(run).state == "running"


def test_who_could_not_look_for_a_while_gives_nothing_up(
    app: Flask, monkeypatch: pytest.MonkeyPatch, times: Callable[..., None]
) -> None:
    run = queued()
    lifecycle.claim(run.id)
    listener = lifecycle.Listener()
    times(listener, 100.0, 104.0, 130.0)  # the database was away in between
    assert as_it_is(run).state == "running"
    times(listener, 134.0, 138.0, 142.0, 146.0)
    assert as_it_is(run).error == lifecycle.LOST


@pytest.fixture
def times(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Let a listener look at given moments of the monotonic clock."""

    def look(listener: lifecycle.Listener, *moments: float) -> None:
        for moment in moments:
            monkeypatch.setattr(lifecycle.time, "monotonic", lambda moment=moment: moment)
            listener.sweep()

    return look
