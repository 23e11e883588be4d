"""Many writers while somebody holds the database: few wait, the rest are told at once, and guesses go on."""

import sqlite3
import threading
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update
from werkzeug.test import TestResponse

from tests.support.databases import count, locked
from tests.support.factories import answer
from tests.support.processes import GUNICORN, Refused, Visitor, running
from tests.support.sites import open_site, settings_for
from tests.support.visits import csrf_token
from tests.support.waiting import eventually
from webapp import create_app
from webapp.accounts.keys import service as api_keys
from webapp.errors import Busy
from webapp.guessing import predictor
from webapp.models import Feedback, TaughtName, now
from webapp.storage import database
from webapp.storage.database import Writers, writing

THREADS, WRITERS = 8, 24
WAITING = THREADS - 2


@pytest.fixture
def patient(instance: Path) -> Iterator[Flask]:
    """A site of eight threads whose writers wait far longer for a lock than any test takes."""
    with open_site(instance, WEB_THREADS=THREADS, BUSY_SECONDS=600, PROPAGATE_EXCEPTIONS=False) as app:
        yield app


def writer(app: Flask, number: int) -> tuple[FlaskClient, dict[str, str]]:
    """Return a visitor who has guessed, and the form of their answer."""
    client = app.test_client()
    page = client.get(f"/?name=mar{chr(97 + number)}").text
    token = page.partition('name="token" value="')[2].partition('"')[0]
    return client, {"token": token, "answer": "both", "csrf_token": csrf_token(client)}


def stored(instance: Path) -> int:
    return count(instance, "feedback")


def test_guesses_go_on_while_twenty_four_writers_find_the_database_held(
    patient: Flask, instance: Path
) -> None:
    writers = [writer(patient, number) for number in range(WRITERS)]
    with ThreadPoolExecutor(THREADS) as threads:
        with locked(instance):
            sent: list[Future[TestResponse]] = [
                threads.submit(client.post, "/feedback", data=form) for client, form in writers
            ]
            guess = threads.submit(patient.test_client().get, "/?name=Giovanna")
            assert guess.result(60).status_code == 200
            assert eventually(lambda: sum(one.done() for one in sent) == WRITERS - WAITING)
            refused = [one.result() for one in sent if one.done()]
        answered = [one.result() for one in sent]
    assert {(one.status_code, one.headers["Retry-After"]) for one in refused} == {(503, "5")}
    assert sorted(one.status_code for one in answered) == [303] * WAITING + [503] * len(refused)
    assert stored(instance) == WAITING


def test_writers_who_only_meet_each_other_are_all_served(patient: Flask, instance: Path) -> None:
    writers = [writer(patient, number) for number in range(WRITERS)]
    with ThreadPoolExecutor(WRITERS) as threads:
        sent = [threads.submit(client.post, "/feedback", data=form) for client, form in writers]
    assert {one.result().status_code for one in sent} == {303}
    assert stored(instance) == WRITERS


def test_once_nothing_moves_the_next_are_refused_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "STUCK_SECONDS", 0.0)
    room = Writers(1)
    with room.place(waits=True), pytest.raises(Busy), room.place(waits=True):
        raise AssertionError
    with room.place(waits=True):
        pass


def test_a_place_that_becomes_free_goes_to_the_next() -> None:
    room, served = Writers(1), threading.Event()

    def come() -> None:
        with room.place(waits=True):
            served.set()

    with room.place(waits=True):
        next_one = threading.Thread(target=come)
        next_one.start()
        room.has_begun()
    next_one.join()
    assert served.is_set()


def test_news_of_ones_answers_do_not_hold_up_the_guess_page(patient: Flask, instance: Path) -> None:
    client = patient.test_client()
    client.get("/?name=Anna")
    with client.session_transaction() as session, patient.app_context():
        answer(visitor=session["visitor"])
        with writing() as database_session:
            learned = {"status": "accepted", "learned_id": 1, "decided_at": now()}
            database_session.execute(update(Feedback).values(learned))
            database_session.add(TaughtName(version_id=1, name="zuleika", answer="female"))
        predictor.get().champion = None  # it reads what it was taught as it is loaded
    with locked(instance):
        held = client.get("/?name=Anna")
    told = client.get("/?name=Anna")
    assert held.status_code == 200 and "Zuleika" not in held.text
    assert "Zuleika" in told.text and "Zuleika" not in client.get("/?name=Anna").text


def test_a_key_guesses_while_its_use_cannot_be_noted(patient: Flask, instance: Path) -> None:
    with patient.app_context():
        key = {"X-Api-Key": api_keys.add("a", ["read"], None, by="command line").secret}
    client = patient.test_client()
    with locked(instance):
        assert client.get("/api/v1/guess?name=Anna", headers=key).status_code == 200
        assert client.get("/genderize?name=Anna", headers=key).status_code == 200
    with patient.app_context():
        assert api_keys.everything()[0].used_at is None


@pytest.mark.sqlite(reason="quotas in Redis have no file; tests/storage/test_redis_away.py is for them")
def test_a_held_file_of_quotas_holds_no_guess_up_for_long(instance: Path) -> None:
    app = create_app(settings_for(instance, GENDERIZE_PER_DAY=3))
    client = app.test_client()
    client.get("/genderize?name=Anna")
    with closing(sqlite3.connect(instance / "quota.db", isolation_level=None)) as holder:
        holder.execute("BEGIN IMMEDIATE")
        codes = [client.get("/genderize?name=Anna").status_code for _ in range(4)]
    database.dispose(app)
    assert codes == [200, 200, 200, 429]  # this process counts for itself meanwhile


def test_every_thread_may_have_a_connection(patient: Flask) -> None:
    patient.config["WEB_THREADS"] = 64
    with open_site(Path(patient.config["INSTANCE"]), WEB_THREADS=64) as large, large.app_context():
        pool = database.db.engine.pool
        assert pool.size() + pool._max_overflow >= 64  # type: ignore[attr-defined]


@pytest.mark.process
def test_a_real_site_refuses_most_of_twenty_four_writers_at_once_and_goes_on_guessing(instance: Path) -> None:
    with running(GUNICORN, instance, WEB_WORKERS="1", WEB_THREADS=str(THREADS)) as site:

        def write(number: int) -> str | None:
            """Answer; return nothing, or after how many seconds to try again."""
            visitor = Visitor(site.address)
            page = "/?name=mor" + chr(97 + number)
            visitor.get(page)
            together.wait()
            try:
                assert visitor.send(page, "/feedback", answer="both")[0].startswith("/thanks/")
            except Refused as refused:
                return refused.retry_after
            return None

        together = threading.Barrier(WRITERS)
        with ThreadPoolExecutor(WRITERS) as threads:
            with locked(instance):
                sent = [threads.submit(write, number) for number in range(WRITERS)]
                assert eventually(lambda: sum(one.done() for one in sent) >= WRITERS - WAITING)
                assert "Giovanna" in Visitor(site.address).get("/?name=Giovanna")
            ended = [one.result() for one in sent]
    assert ended.count("5") == WRITERS - WAITING
    assert stored(instance) == ended.count(None)
