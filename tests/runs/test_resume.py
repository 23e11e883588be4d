"""Long fits outlive their killers: the run says what happened, and the next one goes on where it stood."""

import os
import signal
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.support.processes import is_gone
from tests.support.runs import Start, as_it_is, fall_silent, forget_workers, pid_of, queued
from tests.support.visits import post
from tests.support.waiting import eventually
from training.data import corpus
from webapp.models import Run
from webapp.runs import lifecycle, resume_files
from webapp.runs import service as runs
from webapp.storage.database import writing

LONG = {"epochs": 1000, "width": 32}


@pytest.fixture
def few_names(app: Flask) -> None:
    """A corpus of 392 names, which a round reads in a moment."""
    letters = "bcdfgklmnprstvz"[:14]
    stems = [f"{one}e{two}" for one in letters for two in letters]
    counts = {f"{stem}a": (9.0, 9) for stem in stems} | {f"{stem}o": (0.0, 9) for stem in stems}
    corpus.write_corpus(
        corpus.from_counts(counts, "a test", famous=50), Path(app.config["INSTANCE"]) / "corpus.db"
    )


def rounds_of(run: Run) -> int:
    """Return how many rounds a run has told of."""
    return len(as_it_is(run).progress.get("history", []))


def kill(*pids: int) -> None:
    """End processes without mercy."""
    for pid in pids:
        os.kill(pid, signal.SIGKILL)


@pytest.mark.process
@pytest.mark.training
@pytest.mark.parametrize(
    ("killed", "sentence"),
    [("trainer", "killed from outside"), ("worker", "fell silent"), ("both", "fell silent")],
)
def test_a_killed_run_says_so_and_the_next_goes_on_where_it_stood(
    few_names: None, start_worker: Start, killed: str, sentence: str
) -> None:
    worker, run = start_worker(), queued(kind="scratch", preset="tiny", changes=LONG)
    trainer = pid_of(run)
    assert eventually(lambda: rounds_of(run) >= 3)
    kill(*{"trainer": [trainer], "worker": [worker.pid], "both": [worker.pid, trainer]}[killed])
    assert eventually(lambda: is_gone(trainer))
    if killed != "trainer":
        worker.wait()
        fall_silent(run)
    assert eventually(lambda: lifecycle.sweep() or as_it_is(run).state == "failed")
    assert sentence in as_it_is(run).error

    if killed != "trainer":
        forget_workers()
        start_worker()
    again = runs.again(run.id, by="ada")
    # What it took up is told at once, the rounds that were done with the first one of its own.
    assert eventually(lambda: as_it_is(again).progress.get("history"))
    told = as_it_is(again).progress
    assert told["resumed"].startswith("training, ") and len(told["history"]) >= 3
    assert told["history"][0]["epoch"] == 1


def left_behind(run: Run, name: str = "checkpoint.pt") -> None:
    """Let a run have failed, and have left a checkpoint."""
    folder = resume_files.root() / str(run.id)
    folder.mkdir(parents=True)
    (folder / name).write_text("a state")
    (folder / resume_files.SNAPSHOT).write_text('{"name": "torbern", "answer": "female", "votes": 1}\n')
    with writing() as session:
        lifecycle.claim(run.id)
        lifecycle.close(session, run.id, "failed", error="The worker was lost.")


def test_all_that_was_kept_is_handed_on_with_its_snapshot(app: Flask) -> None:
    left_behind(first := queued(kind="scratch"), "checkpoint.teacher0")
    again = runs.again(first.id, by="ada")
    (folder := resume_files.root() / str(again.id)).mkdir()
    assert resume_files.take_over(again) == as_it_is(first)
    assert {path.name for path in folder.iterdir()} == {"checkpoint.teacher0", resume_files.SNAPSHOT}
    assert resume_files.find_resumable(first) is None


def test_a_run_that_ended_before_it_took_anything_over_is_passed_over(app: Flask) -> None:
    left_behind(first := queued(kind="scratch"))
    second = runs.again(first.id, by="ada")
    runs.cancel(second.id, by="ada")
    assert runs.again(second.id, by="ada").settings["resumes"] == first.id


def test_nothing_to_go_on_from_is_nothing_to_hand_on(app: Flask) -> None:
    run = queued(kind="scratch")
    runs.cancel(run.id, by="ada")
    assert "resumes" not in runs.again(run.id, by="ada").settings


def test_a_failed_run_says_that_it_can_go_on(admin_client: FlaskClient) -> None:
    left_behind(run := queued(kind="scratch"))
    assert "goes on from there" in admin_client.get(f"/retraining/{run.id}").text
    again = post(admin_client, f"/retraining/{run.id}/again").location
    assert f"run {run.id}</a> stood" in admin_client.get(again).text
