"""The pages of runs: start, follow, cancel, compare, promote."""

import html
import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask, g
from flask.testing import FlaskClient

from tests.support.factories import correct
from tests.support.runs import as_it_is, comparison, do, queued
from tests.support.visits import log_in, post
from webapp.audit import trail as audit
from webapp.models import Run
from webapp.runs import lifecycle, presenter
from webapp.runs import service as runs
from webapp.runs.worker.progress import Round, RunProgress
from webapp.storage.database import writing
from webapp.versions import service as versions

Choose = Callable[..., None]
TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')


@pytest.fixture
def finished(trainer: Choose, made: Path) -> Run:
    """A finished run whose version the gate passes."""
    trainer("finish", made)
    return do(queued())


def refused(run: Run) -> Run:
    """Let the gate have refused what a run made."""
    with writing() as session:
        found = session.get_one(Run, run.id)
        found.verdict = {"passes": False, "reasons": [{"check": "x", "passes": False, "sentence": "Worse."}]}
    return as_it_is(run)


def test_the_home_tells_what_waits_and_what_serves(admin_client: FlaskClient) -> None:
    page = admin_client.get("/admin").text
    assert "1 name waits to be learned." in page and "v1" in page and "Retrain" in page


def test_a_reviewer_has_a_home_without_the_button(reviewer_client: FlaskClient) -> None:
    assert "Retrain" not in reviewer_client.get("/admin").text


def test_answers_of_one_visitor_are_told_as_answers(admin_client: FlaskClient) -> None:
    correct("zuleika", "female")  # beside that of Ilmarinen
    page = html.unescape(admin_client.get("/retraining").text)
    assert "2 answers: women" in page and "2 visitors" not in page


def test_a_form_starts_a_run(admin_client: FlaskClient) -> None:
    answer = post(admin_client, "/retraining", kind="scratch", preset="tiny", epochs="3")
    assert answer.location == "/retraining/1"
    assert runs.find_run(1).settings["changes"] == {"epochs": 3}


def test_a_form_tells_whether_names_are_read_from_both_ends(admin_client: FlaskClient) -> None:
    assert re.search('<select [^>]*id="bidirectional"', admin_client.get("/retraining").text)
    post(admin_client, "/retraining", kind="scratch", preset="full", bidirectional="no")
    assert runs.find_run(1).settings["changes"] == {"bidirectional": False}


def test_a_form_says_of_each_setting_its_unit_default_and_meaning(admin_client: FlaskClient) -> None:
    page = admin_client.get("/retraining").text
    assert "<legend>Self-training</legend>" in page
    assert "Size of the hidden state. Unit: neurons. Default: 384." in page
    assert "learned from. Unit: epochs. Default: 5 in cpu, 6 in full, 6 in gpu." in page


def test_a_form_takes_settings_by_their_names_of_release_1_0_0(admin_client: FlaskClient) -> None:
    post(admin_client, "/retraining", kind="scratch", preset="tiny", batch="32", by_heart="2")
    assert runs.find_run(1).settings["changes"] == {"batch_size": 32, "oversample_frequent": 2}


def test_a_run_of_release_1_0_0_is_listed_with_the_names_of_today(admin_client: FlaskClient) -> None:
    run = queued(kind="scratch", changes={"epochs": 3})
    with writing() as session:
        session.get_one(Run, run.id).settings = {"preset": "cpu", "changes": {"refining": 2}}
    assert "self training repeats 2" in admin_client.get("/retraining").text


def test_a_run_from_scratch_may_teach_the_readers_anew(admin_client: FlaskClient) -> None:
    page = admin_client.get("/retraining").text
    assert "Also teach the readers of other scripts and of countries anew" in page
    assert "(about 30 minutes more)" in page
    post(admin_client, "/retraining", kind="scratch", readers="1")
    assert runs.history()[0].settings["readers"] is True
    runs.cancel(runs.history()[0].id, by="ada")
    # A fine-tune keeps what the champion has, whatever is ticked.
    post(admin_client, "/retraining", kind="fine-tune", readers="1")
    assert "readers" not in runs.history()[0].settings
    assert "with readers" in admin_client.get("/retraining").text


def test_a_double_click_starts_one_run(admin_client: FlaskClient) -> None:
    statuses = [post(admin_client, "/retraining", kind="fine-tune").status_code for _ in range(2)]
    assert statuses == [303, 409] and len(runs.history()) == 1


@pytest.mark.parametrize(
    "form",
    [
        {"kind": "x"},
        {"kind": "scratch", "epochs": "many"},
        {"kind": "scratch", "width": "100000"},
        {"kind": "scratch", "bidirectional": "maybe"},
    ],
)
def test_settings_that_cannot_be_are_refused_at_once(admin_client: FlaskClient, form: dict[str, str]) -> None:
    assert post(admin_client, "/retraining", **form).status_code == 422
    assert runs.history() == []


def test_a_queued_run_is_followed_and_cancelled(admin_client: FlaskClient) -> None:
    run = queued()
    assert "Waiting for the worker." in admin_client.get(f"/retraining/{run.id}").text
    post(admin_client, f"/retraining/{run.id}/cancel")
    assert as_it_is(run).state == "cancelled" and queued().state == "queued"


def test_polls_cost_nothing_while_nothing_changes(admin_client: FlaskClient) -> None:
    run = queued()
    tag = admin_client.get(f"/retraining/{run.id}/live").headers["ETag"]
    answer = admin_client.get(f"/retraining/{run.id}/live", headers={"If-None-Match": tag})
    assert answer.status_code == 304


def test_each_who_follows_a_run_gets_a_form_of_their_own(app: Flask) -> None:
    run = queued()
    for _ in range(2):
        g.pop("csrf_token", None)  # the tests' own context outlives a request
        browser = log_in(app, "admin@example.org")
        token = TOKEN.search(browser.get(f"/retraining/{run.id}/live").text)
    answer = browser.post(f"/retraining/{run.id}/cancel", data={"csrf_token": token and token[1]})
    assert answer.status_code == 303 and as_it_is(run).state == "cancelled"


def test_those_who_follow_a_run_hear_that_its_worker_fell_silent(
    admin_client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = queued()
    lifecycle.claim(run.id)
    tag = admin_client.get(f"/retraining/{run.id}/live").headers["ETag"]
    monkeypatch.setattr(lifecycle, "SILENT", 0)  # as if time had passed: nothing else has changed
    answer = admin_client.get(f"/retraining/{run.id}/live", headers={"If-None-Match": tag})
    assert "was last heard of" in answer.text


def test_a_failed_run_says_why_and_offers_to_start_again(admin_client: FlaskClient, trainer: Choose) -> None:
    trainer("complain")
    run = do(queued())
    page = admin_client.get(f"/retraining/{run.id}").text
    assert "The corpus holds no names." in page and "Start again" in page
    assert post(admin_client, f"/retraining/{run.id}/again").location == f"/retraining/{run.id + 1}"


def test_a_finished_run_is_compared(admin_client: FlaskClient, finished: Run) -> None:
    page = admin_client.get(f"/retraining/{finished.id}/compare").text
    assert "v2 against v1: the gate passes it." in page and "Let v2 serve" in page


@pytest.mark.parametrize(("search", "shown"), [("tor", True), ("zul", False)])
def test_flips_are_searched(admin_client: FlaskClient, finished: Run, search: str, shown: bool) -> None:
    flip = {
        "name": "torbern",
        "where": "holdout",
        "people": 120,
        "share": 0.0,
        "champion": 0.6,
        "challenger": 0.4,
    }
    with writing() as session:
        told = comparison() | {"flips": {"mended": [flip], "broken": [], "moved": []}}
        session.get_one(Run, finished.id).comparison = told
    page = admin_client.get(f"/retraining/{finished.id}/compare?search={search}").text
    assert ("torbern" in page) is shown


def test_the_compare_page_promotes(admin_client: FlaskClient, finished: Run) -> None:
    seen = versions.serving()
    post(admin_client, f"/retraining/{finished.id}/promote", expected=seen and seen.id)
    assert (newest := versions.serving()) and newest.version_id == 2


def test_overruling_the_gate_takes_a_written_reason(admin_client: FlaskClient, finished: Run) -> None:
    run, seen = refused(finished), versions.serving()
    path = f"/retraining/{run.id}/promote"
    assert post(admin_client, path, expected=seen and seen.id).status_code == 422
    assert post(admin_client, path, expected=seen and seen.id, reason="I know better.").status_code == 303
    [entry], _ = audit.page(audit.AuditFilter(action="version.promote"))
    assert entry.detail == {"reason": "I know better.", "gate": "overruled"}


def test_a_refused_run_does_not_promote_by_itself(trainer: Choose, made: Path) -> None:
    told = comparison(names=100, learnable=100, contradicting=90)
    (made / "comparison.json").write_text(json.dumps(told))
    trainer("finish", made)
    run = do(queued(promote_if_passed=True))
    assert run.verdict and not run.verdict["passes"]
    assert (champion := versions.serving()) and champion.version_id == 1


def test_each_phase_of_a_run_is_drawn_by_itself() -> None:
    history = tuple(Round(phase, 1, 0.5, 0.4, 0.75, 9.0) for phase in ("fine-tuning", "training"))
    titles = [chart.description for chart in presenter.progress_charts(RunProgress(history=history))]
    assert titles == [
        "Training: loss after each round",
        "75.0% of the validation names are right",
        "Fine-tuning: loss after each round",
        "75.0% of the corrections are learned as counted",
    ]


def test_a_run_that_told_nothing_yet_has_no_chart() -> None:
    assert presenter.progress_charts(RunProgress()) == []
