"""Any two versions, name by name: asked for on a page or by command, done by the worker, and kept."""

import json
import sys
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.support.factories import add_version, correct
from tests.support.letters import letters_artifact
from tests.support.runs import FAKE_TRAINER, comparison
from tests.support.sites import KNOWN_NAMES
from tests.support.visits import post, words
from tests.support.waiting import eventually
from training import job_folder as job
from training.data.corpus import PARTS, Corpus, write_corpus
from webapp.audit import trail as audit
from webapp.comparisons import service as comparisons
from webapp.comparisons import worker
from webapp.errors import Conflict, Invalid, NotFound
from webapp.extensions import db
from webapp.models import VersionComparison, now
from webapp.runs.beside.lifecycle import SILENT
from webapp.runs.worker import run_folder
from webapp.storage.database import writing
from webapp.versions import service as versions

ALL = "/versions/comparisons"
FLIP = {"where": "holdout", "people": 900, "share": 0.95, "champion": 0.2, "challenger": 0.9}


@pytest.fixture(autouse=True)
def _in_the_app(app: Flask) -> Iterator[None]:
    with app.app_context():
        add_version(1), add_version(2)
        yield


@pytest.fixture
def trainer(app: Flask, tmp_path: Path) -> Callable[..., None]:
    """Choose what the trainer of this site does; it leaves a comparison with one mended name."""
    made = tmp_path / "made"
    made.mkdir()
    found = comparison() | {"flips": {"mended": [FLIP | {"name": "amparo"}], "broken": [], "moved": []}}
    (made / run_folder.COMPARISON).write_text(json.dumps(found))

    def choose(*behaviour: str) -> None:
        given = behaviour or ("finish", str(made))
        app.config["TRAINER"] = [sys.executable, "-ES", str(FAKE_TRAINER), *given]

    choose()
    return choose


def asked(*ids: int) -> VersionComparison:
    return comparisons.ask(ids or (2, 1), by="ada")


def as_it_is(comparison_id: int) -> VersionComparison:
    db.session.rollback()
    return comparisons.find(comparison_id)


def done(*ids: int) -> VersionComparison:
    """Ask for a comparison and do it as the worker does."""
    row = asked(*ids)
    assert comparisons.claim(row.id)
    worker.JOBS.do(row.id)
    return as_it_is(row.id)


def test_two_versions_are_chosen_and_their_flips_shown(
    admin_client: FlaskClient, trainer: Callable[..., None]
) -> None:
    answer = post(admin_client, ALL, version=["3", "1"])
    row = asked(1, 3)
    assert answer.headers["Location"] == f"{ALL}/{row.id}"
    assert "Refresh" in admin_client.get(f"{ALL}/{row.id}").headers
    comparisons.claim(row.id)
    worker.JOBS.do(row.id)
    page = admin_client.get(f"{ALL}/{row.id}")
    assert "v3 against v1, name by name" in words(page.text) and "amparo" in page.text
    assert "Refresh" not in page.headers and f"{ALL}/{row.id}?group=all" in page.text
    assert "v3 against v1" in words(admin_client.get(ALL).text)


def test_what_was_found_is_kept_and_shown_again(trainer: Callable[..., None]) -> None:
    first = done(1, 2)
    assert asked(2, 1).id == first.id
    assert comparisons.again(first.id, by="ada").id != first.id
    assert comparisons.result(first).flips["mended"][0].name == "amparo"


def test_asking_is_on_the_record() -> None:
    asked(1, 2)
    entries, _ = audit.page(audit.AuditFilter(action="version.compare"))
    assert (entries[0].subject, entries[0].detail) == ("v1", {"other": "v2"})


@pytest.mark.parametrize(("ids", "refusal"), [((1,), Invalid), ((1, 2, 3), Invalid), ((1, 99), NotFound)])
def test_it_takes_two_that_are_there(ids: tuple[int, ...], refusal: type[Exception]) -> None:
    with pytest.raises(refusal):
        asked(*ids)


def test_too_many_do_not_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(comparisons, "MOST_WAITING", 1)
    asked(1, 2)
    with pytest.raises(Conflict):
        asked(1, 3)


@pytest.mark.parametrize(
    ("behaviour", "sentence"),
    [("complain", "The corpus holds no names."), ("crash", "forgot"), ("run_out_of_memory", "killed")],
)
def test_one_that_fails_says_why_and_can_be_asked_again(
    admin_client: FlaskClient, trainer: Callable[..., None], behaviour: str, sentence: str
) -> None:
    trainer(behaviour)
    row = done(1, 2)
    assert row.state == "failed" and sentence in row.error
    assert "Compare again" in admin_client.get(f"{ALL}/{row.id}").text
    assert asked(1, 2).id != row.id


def test_one_whose_worker_is_lost_fails() -> None:
    row = asked()
    comparisons.claim(row.id)
    with writing() as session:
        lost = now() - timedelta(seconds=SILENT + 1)
        session.get_one(VersionComparison, row.id).heartbeat_at = lost

    def is_swept() -> bool:
        comparisons.LIFE.sweep()
        return as_it_is(row.id).error == comparisons.LOST

    # At once, but for a server of databases that has just started: nobody could write while it was away.
    assert eventually(is_swept)


def test_only_one_worker_takes_it() -> None:
    row = asked()
    assert [comparisons.claim(row.id), comparisons.claim(row.id)] == [True, False]


def test_the_worker_does_them_beside_its_runs(trainer: Callable[..., None]) -> None:
    row = asked()
    worker.JOBS.tick()
    assert eventually(lambda: as_it_is(row.id).state == "finished")


def test_nothing_of_it_is_left_lying_about(instance: Path, trainer: Callable[..., None]) -> None:
    done()
    assert list((instance / worker.VersionsCompared.folder).iterdir()) == []


def test_the_trainer_calls_it_as_the_site_does() -> None:
    assert worker.KIND == job.COMPARE


def test_a_version_takes_its_comparisons_along(trainer: Callable[..., None]) -> None:
    comparison_id = done(1, 2).id
    with writing() as session:
        session.delete(versions.find_version(2))
    with pytest.raises(NotFound):
        as_it_is(comparison_id)


@pytest.mark.process
def test_the_real_trainer_finds_the_names_that_change(app: Flask, instance: Path) -> None:
    names, people, share, part = zip(*sorted(KNOWN_NAMES, key=lambda row: (-row[1], row[0])), strict=True)
    parts = np.array([PARTS.index(word) for word in part], np.int8)
    write_corpus(Corpus(names, np.array(people), np.array(share), parts, "ten names"), instance / "corpus.db")
    correct("zuleika", "female")
    by_letter = versions.add(letters_artifact(), "import", "test").id
    said = app.test_cli_runner().invoke(args=["versions", "compare", "v1", f"v{by_letter}"])
    assert said.exit_code == 0, said.output
    found = comparisons.result(comparisons.listing()[0])
    # Zuleika was corrected, so three of the four are left.
    assert found.holdout.names == 3 and found.corrections.right.n == 1
    assert "All holdout names: v1" in said.output
