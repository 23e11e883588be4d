"""What becomes of a run, whatever its trainer does."""

import os
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask

from tests.support.factories import promote_another
from tests.support.runs import as_it_is, do, find_pid, queued
from tests.support.sites import add_user
from tests.support.waiting import PATIENCE, eventually
from webapp.accounts import service as accounts
from webapp.audit import trail as audit
from webapp.errors import Conflict
from webapp.logs import request_id
from webapp.logs.log_format import ForRequest
from webapp.models import Run
from webapp.runs import lifecycle
from webapp.runs import service as runs
from webapp.runs.worker import import_result, run_folder, supervisor, trainer_process
from webapp.storage.database import writing
from webapp.versions import service as versions

Choose = Callable[..., None]


def test_a_finished_run_has_a_version(trainer: Choose, made: Path) -> None:
    trainer("finish", made)
    run = do(queued())
    assert (run.state, run.is_active, run.error) == ("finished", None, "")
    assert versions.find_version(run.version_id or 0).parent_id == 1


def test_a_finished_run_has_a_verdict_and_does_not_promote(trainer: Choose, made: Path) -> None:
    trainer("finish", made)
    run = do(queued())
    assert run.verdict and run.verdict["passes"]
    assert (champion := versions.serving()) and champion.version_id == 1


def test_a_run_promotes_by_itself_if_asked_and_passed(trainer: Choose, made: Path) -> None:
    trainer("finish", made)
    run = do(queued(promote_if_passed=True))
    assert (champion := versions.serving()) and champion.version_id == run.version_id


def test_a_run_that_was_compared_with_another_champion_leaves_it_to_an_admin(
    trainer: Choose, made: Path
) -> None:
    trainer("finish", made)
    run = do(queued())
    with writing() as session:
        session.get_one(Run, run.id).promote_if_passed = True
    newer = promote_another()
    import_result.promote(run.id)
    assert (champion := versions.serving()) and champion.version_id == newer


def test_a_run_whose_starter_has_lost_their_rights_promotes_nothing(trainer: Choose, made: Path) -> None:
    trainer("finish", made)
    run = queued(promote_if_passed=True)
    add_user("another@example.org", "admin")  # one must be left
    accounts.disable("admin@example.org", by="another@example.org")
    assert do(run).state == "finished"
    assert (champion := versions.serving()) and champion.version_id == 1


def test_a_comparison_that_is_none_fails_the_run(trainer: Choose, made: Path) -> None:
    (made / run_folder.COMPARISON).write_text("no comparison")
    trainer("finish", made)
    run = do(queued())
    assert run.state == "failed" and "comparison cannot be used" in run.error and run.version_id is None


def test_progress_keeps_one_row_an_epoch(trainer: Choose, made: Path) -> None:
    trainer("finish", made)
    run = do(queued())
    assert [row["epoch"] for row in run.progress["history"]] == [1, 2] and run.device == "cpu"


@pytest.mark.parametrize(
    ("behaviour", "sentence"),
    [
        ("run_out_of_memory", "memory runs out"),
        ("crash", "MemoryOfElephants: forgot"),
        ("complain", "The corpus holds no names."),
        ("say_nothing", "without a network"),
    ],
)
def test_a_failed_run_says_why(trainer: Choose, behaviour: str, sentence: str) -> None:
    trainer(behaviour)
    run = do(queued())
    assert run.state == "failed" and run.is_active is None and sentence in run.error


def test_a_failed_run_is_in_the_audit_with_its_reason(trainer: Choose) -> None:
    trainer("complain")
    run = do(queued())
    [entry], _ = audit.page(audit.AuditFilter(action="run.fail"))
    assert (entry.subject, entry.detail["error"]) == (f"run {run.id}", "The corpus holds no names.")


def test_an_artifact_that_could_not_serve_fails_the_run(trainer: Choose, made: Path) -> None:
    (made / run_folder.CHALLENGER).write_bytes(b"PK\x03\x04 not a network")
    trainer("finish", made)
    run = do(queued())
    assert run.state == "failed" and "zip" in run.error


def test_a_full_disk_fails_the_run(app: Flask, trainer: Choose) -> None:
    (Path(app.config["INSTANCE"]) / "runs").write_text("a file where the folder should be")
    run = do(queued())
    assert run.state == "failed" and "could not use a file" in run.error


@pytest.fixture
def at_work(app: Flask, trainer: Choose) -> Iterator[tuple[Run, threading.Thread, threading.Event]]:
    """A run whose trainer hangs, the thread that supervises it, and what stops the worker."""
    trainer("hang")
    run, stopping = queued(), threading.Event()

    def work() -> None:
        with app.app_context():
            supervisor.supervise(run.id, stopping)

    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    assert eventually(lambda: find_pid(run.id))
    yield run, thread, stopping
    stopping.set()
    thread.join(PATIENCE)


AtWork = tuple[Run, threading.Thread, threading.Event]


def test_cancel_ends_the_trainer(at_work: AtWork) -> None:
    run, thread, _ = at_work
    pid = find_pid(run.id) or 0
    runs.cancel(run.id, by="ada")
    thread.join(PATIENCE)
    assert not thread.is_alive() and as_it_is(run).state == "cancelled"
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


def test_a_run_cancelled_in_its_last_moment_leaves_no_version(app: Flask, made: Path) -> None:
    run = queued(promote_if_passed=True)
    lifecycle.claim(run.id)
    runs.cancel(run.id, by="ada")
    with pytest.raises(lifecycle.Ended):
        import_result.take_in(run.id, made, {})
    assert [row.version.id for row in versions.listing()] == [1]


def test_a_stopped_worker_leaves_no_run_behind(at_work: AtWork) -> None:
    run, thread, stopping = at_work
    stopping.set()
    thread.join(PATIENCE)
    assert (found := as_it_is(run)).state == "failed" and "stopped" in found.error


def test_a_second_start_is_refused_while_one_runs(at_work: AtWork) -> None:
    with pytest.raises(Conflict, match=f"Run {at_work[0].id} is still going"):
        queued()


def test_a_run_that_was_declared_dead_is_let_go(at_work: AtWork) -> None:
    run, thread, _ = at_work
    lifecycle.end(run.id, "failed", "declared dead")
    thread.join(PATIENCE)
    assert not thread.is_alive() and as_it_is(run).error == "declared dead"


def test_the_id_of_the_request_is_followed_into_worker_and_trainer(
    trainer: Choose, made: Path, caplog: pytest.LogCaptureFixture
) -> None:
    trainer("finish", made)
    caplog.set_level("INFO")
    caplog.handler.addFilter(ForRequest())
    with request_id.bound("0123456789abcdef"):
        run = queued()
    assert do(run).state == "finished"
    assert [record.request_id for record in caplog.records if "run 1" in record.getMessage()] == [
        "0123456789abcdef"
    ] * 2
    head = (run_folder.root() / str(run.id) / trainer_process.LOG).read_text().splitlines()[0]
    assert head == "# run 1, request 0123456789abcdef"
