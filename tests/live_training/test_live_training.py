"""Trainings to watch: bounded, kept by their settings, done by the worker one at a time."""

import json
import sys
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.support.runs import FAKE_TRAINER
from tests.support.visits import post, words
from tests.support.waiting import eventually
from webapp.errors import Conflict, Invalid, TooMany
from webapp.extensions import db
from webapp.live_training import curves, dials, worker
from webapp.live_training import service as live
from webapp.live_training.curves import Round
from webapp.live_training.dials import OPTIONS, Dials
from webapp.models import LiveTraining, now
from webapp.records import lookup
from webapp.runs.beside.lifecycle import SILENT
from webapp.storage.database import writing

PLACE = "/learn/training"


@pytest.fixture(autouse=True)
def _in_the_app(app: Flask) -> Iterator[None]:
    with app.app_context():
        yield


@pytest.fixture
def trainer(app: Flask) -> Callable[..., None]:
    """Choose what the trainer of this site does."""

    def choose(*behaviour: str) -> None:
        app.config["LIVE_TRAINER"] = [sys.executable, "-ES", str(FAKE_TRAINER), *behaviour]

    choose("teach_cells", "3")
    return choose


def rounds(cell: str, *losses: float) -> list[Round]:
    return [Round(cell, n, loss - 0.1, loss, 0.7) for n, loss in enumerate(losses, 1)]


def as_it_is(training_id: int) -> LiveTraining:
    db.session.rollback()
    return live.by_id(training_id)


def done(chosen: Dials | None = None) -> LiveTraining:
    """Ask for a training and do it as the worker does."""
    row = live.ask(chosen or Dials(), "ada", "one address")
    assert live.claim(row.id)
    worker.JOBS.do(row.id)
    return as_it_is(row.id)


def test_what_was_trained_is_drawn_cell_by_cell(client: FlaskClient, trainer: Callable[..., None]) -> None:
    answer = post(client, PLACE, width="8", dropout="0.5", decay="0.1", rate="0.003")
    where = answer.headers["Location"]
    assert answer.status_code == 303 and "width=8&dropout=0.5&decay=0.1&rate=0.003" in where
    waits = client.get(where)
    assert "data-live=" in waits.text and '<meta http-equiv="refresh"' in waits.text
    row = live.find(Dials("8", "0.5", "0.1", "0.003"))
    assert row and live.claim(row.id)
    worker.JOBS.do(row.id)
    page = client.get(where)
    assert all(f"{cell}: loss after 3 rounds" in page.text for cell in ("elman", "rnn", "gru", "lstm"))
    assert "data-live=" not in page.text and 'http-equiv="refresh"' not in page.text
    assert "Loss on the names kept apart: elman" in page.text


def test_equal_settings_are_trained_once(trainer: Callable[..., None]) -> None:
    first = done()
    assert live.ask(Dials(), "grace", "one address").id == first.id and live.LIFE.waiting() is None
    assert [row.settings for row in live.listing()] == [Dials().address]


def test_how_far_it_is_is_polled(client: FlaskClient, trainer: Callable[..., None]) -> None:
    row = live.ask(Dials(), "ada", "one address")
    live.claim(row.id)
    live.beat(row.id, rounds("elman", 0.6, 0.5))
    first = client.get(f"{PLACE}/live")
    assert "elman learns: round 2 of 15, cell 1 of 4" in first.text
    again = client.get(f"{PLACE}/live", headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304 and "Set-Cookie" not in again.headers
    live.beat(row.id, rounds("elman", 0.6, 0.5, 0.4))
    assert client.get(f"{PLACE}/live", headers={"If-None-Match": first.headers["ETag"]}).status_code == 200


def test_only_one_goes_on_at_a_time() -> None:
    first, second = live.ask(Dials(), "ada", "one address"), live.ask(Dials(width="2"), "ada", "one address")
    assert [live.claim(first.id), live.claim(first.id), live.claim(second.id)] == [True, False, False]
    assert live.LIFE.waiting() == second.id


def test_one_visitor_may_ask_for_so_many_an_hour(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "PER_HOUR", 2)
    live.ask(Dials(width="2"), "ada", "one address"), live.ask(Dials(width="4"), "ada", "one address")
    with pytest.raises(TooMany):
        live.ask(Dials(width="8"), "ada", "one address")
    live.ask(Dials(width="2"), "ada", "one address")  # what is there costs nothing
    live.ask(Dials(width="8"), "grace", "one address")


def test_a_class_behind_one_address_may_ask_for_more(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "PER_HOUR", 1)
    monkeypatch.setattr(live, "PER_ADDRESS", 2)
    for visitor, width in (("ada", "2"), ("grace", "4")):
        live.ask(Dials(width=width), visitor, "one address")
    with pytest.raises(TooMany):
        live.ask(Dials(width="8"), "mary", "one address")


def test_too_many_do_not_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "MOST_WAITING", 1)
    live.ask(Dials(width="2"), "ada", "one address")
    with pytest.raises(Conflict):
        live.ask(Dials(width="4"), "ada", "one address")


def test_old_ones_are_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "KEPT", 2)
    for width in ("2", "4", "8"):
        live.ask(Dials(width=width), "ada", "one address")
    assert live.find(Dials(width="2")) is None and live.find(Dials(width="8"))


@pytest.mark.parametrize(
    ("behaviour", "sentence"),
    [("complain", "The corpus holds no names."), ("crash", "forgot"), ("run_out_of_memory", "killed")],
)
def test_one_that_fails_says_why_and_can_be_asked_again(
    client: FlaskClient, trainer: Callable[..., None], behaviour: str, sentence: str
) -> None:
    trainer(behaviour)
    row = done()
    assert row.state == "failed" and sentence in row.error
    assert row.error in words(client.get(PLACE).text)
    assert live.ask(Dials(), "ada", "one address").state == "queued"


def test_one_whose_worker_is_lost_fails() -> None:
    row = live.ask(Dials(), "ada", "one address")
    live.claim(row.id)
    with writing() as session:
        lost = now() - timedelta(seconds=SILENT + 1)
        session.get_one(LiveTraining, row.id).heartbeat_at = lost

    def is_swept() -> bool:
        live.LIFE.sweep()
        return as_it_is(row.id).error == live.LOST

    # At once, but for a server of databases that has just started: nobody could write while it was away.
    assert eventually(is_swept)


def test_the_worker_does_them_beside_its_runs(trainer: Callable[..., None]) -> None:
    row = live.ask(Dials(), "ada", "one address")
    worker.JOBS.tick()
    assert eventually(lambda: as_it_is(row.id).state == "finished")


def test_one_that_takes_too_long_is_ended(
    trainer: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker.LearningWatched, "longest", 0)
    trainer("hang")
    assert "longer than" in done().error


@pytest.mark.parametrize("query", ["width=3", "dropout=1", "decay=-1", "rate=x"])
def test_what_no_dial_has_is_refused(client: FlaskClient, query: str) -> None:
    assert client.get(f"{PLACE}?{query}").status_code == 422
    assert post(client, PLACE, width="3").status_code == 422


def test_settings_are_stored_as_an_address_has_them() -> None:
    chosen = Dials("64", "0.7", "1", "0.0003")
    assert dials.of_address(chosen.address) == chosen and len(chosen.address) <= 96
    with pytest.raises(Invalid):
        dials.of_address("width=16")


def test_the_trainer_takes_every_setting(tmp_path: Path) -> None:
    assert all(float(text) >= 0 for values in OPTIONS.values() for text in values)
    assert Dials().settings == {"width": 16, "dropout": 0.0, "weight_decay": 0.0, "learning_rate": 0.01}


def test_the_names_are_always_the_same_ones() -> None:
    assert lookup.sample("train", 100_000, 2) == lookup.sample("train", 100_000, 2)
    assert {name for name, _ in lookup.sample("train", 100_000, 9)} == {"anna", "maria", "john"}


def test_a_cell_is_drawn_from_its_second_round_on() -> None:
    told = [row.to_json() for row in [*rounds("elman", 0.7, 0.5, 0.6), *rounds("gru", 0.4)]]
    found = curves.read(json.loads(json.dumps(told)))
    elman, gru = found.cells
    assert elman.chart and not gru.chart and elman.best.epoch == 2 and elman.gap == pytest.approx(0.1)
    assert found.together and [line.label for line in found.together.lines] == ["elman"]
    assert curves.read([]).together is None


def test_nothing_is_drawn_where_nobody_trained(client: FlaskClient) -> None:
    assert "Yours would be the first" in client.get(PLACE).text
