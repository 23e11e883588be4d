"""How long a run will take, told from runs that ended here."""

import re
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.support.visits import post
from training.fitting.presets import preset
from webapp.models import Run, now
from webapp.runs import service as runs
from webapp.runs.estimates import service as estimates
from webapp.runs.estimates.service import Estimate
from webapp.runs.estimates.work import work
from webapp.runs.plans import Plan
from webapp.runs.worker import status as worker_status
from webapp.runs.worker.status import Machine
from webapp.storage.database import writing

HERE = Machine(2, 24_000)
SCRATCH = Plan("scratch", "cpu")
ROUGH = Estimate(pytest.approx(1800), 0)  # type: ignore[arg-type]


def ended(seconds: float, plan: Plan = SCRATCH, device: str = "CPU", **phases: float) -> int:
    """Store a run that ended after so many seconds; return its id."""
    end, at, parts = now(), 0.0, []
    for name, took in phases.items():
        parts.append({"phase": name.replace("_", " "), "began": at, "ended": at + took})
        at += took
    with writing() as session:
        run = Run(
            created_by="ada",
            kind=plan.kind,
            settings=plan.settings(),
            state="finished",
            device=device,
            started_at=end - timedelta(seconds=seconds),
            finished_at=end,
            progress={"phases": parts} if parts else {},
        )
        session.add(run)
        session.flush()
        run.is_active = None  # the column's default is put in place of None before
        return run.id


def told(**changes: Any) -> Estimate:
    return estimates.of_plan(Plan("scratch", "cpu", changes=changes), HERE)


@pytest.mark.parametrize(
    "changes",
    [
        {"width": 512},
        {"epochs": 6},
        {"batch_size": 64},
        {"cell": "lstm"},
        {"teacher_epochs": 8},
        {"self_training_generations": 2},
        {"synthetic_ratio": 3.0},
        {"oversample_frequent": 50},
    ],
)
def test_what_asks_for_more_takes_longer(changes: dict[str, Any]) -> None:
    assert work(preset("cpu", **changes)) > work(preset("cpu")) * 1.02


def test_a_network_that_reads_one_way_is_half_the_work_of_learning() -> None:
    settings = {"teacher": "none", "synthetic_ratio": 0.0}
    whole = work(preset("cpu", **settings))
    assert work(preset("cpu", bidirectional=False, **settings)) == pytest.approx(whole / 2)


def test_twice_the_rounds_is_twice_the_work_where_nothing_else_is_done() -> None:
    bare = {"teacher": "none", "synthetic_ratio": 0.0, "self_training_repeats": 0}
    assert work(preset("cpu", **bare, epochs=10)) == pytest.approx(2 * work(preset("cpu", **bare, epochs=5)))


def test_more_names_are_more_work() -> None:
    assert work(preset("cpu"), 500_000) == pytest.approx(2 * work(preset("cpu")), rel=0.05)


def test_before_anything_was_measured_it_is_a_rough_guess_that_follows_the_settings() -> None:
    assert told() == ROUGH
    assert told(epochs=10).seconds > 1800 and told(width=64).seconds < 900


def test_runs_alike_tell_their_median() -> None:
    for seconds in (90, 100, 400):
        ended(seconds)
    found = told()
    assert (round(found.seconds), found.runs) == (100, 3)


def test_a_run_with_other_settings_is_reckoned_with_but_what_is_around_stays() -> None:
    number = ended(1_100, reading=50, training=500, training_from_the_end=500, scoring=50)
    found = told(width=512)
    times = work(preset("cpu", width=512)) / work(preset("cpu"))
    assert found == Estimate(pytest.approx(100 + 1_000 * times), 0, number)


def test_without_a_teacher_the_time_of_the_linear_one_is_left_out() -> None:
    ended(1_100, reading=50, linear_teacher=50, training=1_000)
    changes = {"teacher": "none", "synthetic_ratio": 0.0}
    times = work(preset("cpu", **changes)) / work(preset("cpu"))
    assert told(**changes).seconds == pytest.approx(50 + 1_000 * times)


def test_the_nearest_run_tells() -> None:
    ended(5, Plan("scratch", "tiny"), training=5)
    near = ended(1_000, Plan("scratch", "cpu", changes={"epochs": 4}), training=1_000)
    ended(2, Plan("scratch", "tiny", changes={"epochs": 1}), training=2)
    assert told().like == near


@pytest.mark.parametrize("device", ["NVIDIA H200", ""])
def test_a_run_on_another_device_tells_nothing(device: str) -> None:
    ended(10, device=device)
    assert told() == ROUGH


def test_a_run_on_the_cpu_of_a_machine_with_a_gpu_is_told_from_cpus() -> None:
    number = ended(1_000, Plan("scratch", "cpu", changes={"epochs": 4}), training=1_000)
    gpu = Machine(2, 24_000, "NVIDIA H200", 140_000)
    assert estimates.of_plan(Plan("scratch", "cpu", "cpu"), gpu).like == number
    assert estimates.of_plan(SCRATCH, gpu).like is None


def test_a_run_that_went_on_from_another_tells_nothing() -> None:
    ended(10, Plan("scratch", "cpu", resumes=1))
    assert told() == ROUGH


def test_a_run_whose_settings_are_refused_today_is_left_out() -> None:
    ended(10, Plan("scratch", "cpu", changes={"teacher": "somebody"}))
    assert told() == ROUGH


@pytest.mark.parametrize(
    ("estimate", "machine", "sentence"),
    [
        (Estimate(60, 0), None, "About 60 seconds at a rough guess: no worker is there to run it."),
        (Estimate(60, 1), HERE, "About 60 seconds on this machine, as the last run like it took."),
        (Estimate(1200, 5), HERE, "About 20 minutes on this machine, as the last 5 runs like it took."),
        (
            Estimate(1200, 0, 3),
            HERE,
            "About 20 minutes on this machine, reckoned from run 3, which had other settings.",
        ),
        (
            Estimate(1800, 0),
            HERE,
            "About 30 minutes at a rough guess: no such run has ended on this machine yet.",
        ),
    ],
)
def test_an_estimate_is_one_sentence(estimate: Estimate, machine: Machine | None, sentence: str) -> None:
    assert estimates.in_words(estimate, machine) == sentence


@pytest.fixture
def machine(app: Flask) -> None:
    worker_status.Presence(HERE).show()


def how_long(page: str) -> str:
    found = re.search(r'id="how-long" role="status">([^<]*)<', page)
    assert found, page
    return found[1]


def test_a_button_tells_how_long_and_starts_nothing(machine: None, admin_client: FlaskClient) -> None:
    ended(1_000, training=1_000)
    form = {"kind": "scratch", "preset": "cpu", "epochs": "50"}
    page = post(admin_client, "/retraining/how-long", **form).text
    assert "reckoned from run 1, which had other settings." in how_long(page)
    assert 'value="50"' in page and 'class="card advanced scratch-only" open' in page
    assert runs.active() is None


def test_a_script_is_told_how_long(machine: None, admin_client: FlaskClient) -> None:
    admin_client.environ_base["HTTP_ACCEPT"] = "application/json"
    answer = post(admin_client, "/retraining/how-long", kind="fine-tune")
    assert answer.json == {
        "said": "About 60 seconds at a rough guess: no such run has ended on this machine yet."
    }


def test_what_cannot_be_is_refused_at_its_field(machine: None, admin_client: FlaskClient) -> None:
    form = {"kind": "scratch", "preset": "cpu", "width": "wide"}
    answer = post(admin_client, "/retraining/how-long", **form)
    assert answer.status_code == 422 and "Width cannot be" in answer.text
    admin_client.environ_base["HTTP_ACCEPT"] = "application/json"
    assert post(admin_client, "/retraining/how-long", **form).status_code == 422


def test_the_page_tells_at_once_what_is_chosen(machine: None, admin_client: FlaskClient) -> None:
    assert how_long(admin_client.get("/retraining").text).startswith("About 60 seconds at a rough guess")


WITH_READERS = Plan("scratch", "cpu", readers=True)


def test_readers_that_are_taught_too_take_their_time(app: Flask) -> None:
    with app.app_context():
        guessed = estimates.of_plan(WITH_READERS, HERE).seconds - estimates.of_plan(SCRATCH, HERE).seconds
        assert guessed == pytest.approx(estimates.of_readers(HERE)) == 1_800
        phases = {"training": 500, "reader_of_scripts": 200, "reader_of_countries": 40, "scoring": 10}
        ended(750, WITH_READERS, **phases)
        assert estimates.of_plan(WITH_READERS, HERE).seconds == pytest.approx(750)
        assert estimates.of_readers(HERE) == 240
        # Without them the same run is so much shorter.
        assert estimates.of_plan(SCRATCH, HERE).seconds == pytest.approx(510)
