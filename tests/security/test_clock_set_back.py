"""A machine's clock is set back: nobody loses who they are, is barred for longer, or waits for a dead run."""

import sqlite3
import time
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from itsdangerous import URLSafeTimedSerializer

from tests.support.factories import answer
from tests.support.runs import as_it_is, queued
from tests.support.sites import open_site
from tests.support.waiting import eventually
from webapp.errors import Invalid
from webapp.guessing import predictor, tokens
from webapp.models import Run, now
from webapp.models.enums import RunState
from webapp.runs import lifecycle
from webapp.storage.database import writing
from webapp.storage.quota_storage import QuotaFile
from webapp.storage.secret_key import Signer

HOUR = 3600


def ahead(seconds: int) -> type[Signer]:
    """Return a signer whose clock is ahead of this machine's."""

    class Ahead(Signer):
        def get_timestamp(self) -> int:
            return super().get_timestamp() + seconds

    return Ahead


def signed(app: Flask, claim: object, seconds: int) -> str:
    key = app.config["SECRET_KEY"]
    return str(URLSafeTimedSerializer(key, salt=tokens._SALT, signer=ahead(seconds)).dumps(claim))


def test_a_visitor_keeps_their_answers(app: Flask, client: FlaskClient) -> None:
    client.get("/?name=Anna")
    with client.session_transaction() as session:
        facts = dict(session)
    with app.app_context():
        answer(visitor=facts["visitor"])
    serializer = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]
    serializer.signer = ahead(HOUR)
    client.set_cookie("nomen", serializer.dumps(facts))
    page = client.get("/history")
    assert "Zuleika" in page.text


def test_a_guess_that_was_made_in_the_future_can_be_answered(app: Flask) -> None:
    with app.app_context():
        made = tokens.make(predictor.get().current().guess("Zuleika"), "ann")
        facts = URLSafeTimedSerializer(app.config["SECRET_KEY"], salt=tokens._SALT).loads(made)
        assert tokens.read_token(signed(app, facts, HOUR), "ann").name == "zuleika"
        with pytest.raises(Invalid, match="hours old"):
            tokens.read_token(signed(app, facts, -25 * HOUR), "ann")


def test_what_is_signed_with_another_key_is_refused_whenever_it_was() -> None:
    forged = URLSafeTimedSerializer("another", signer=ahead(HOUR)).dumps("x")
    with pytest.raises(Exception, match="does not match"):
        URLSafeTimedSerializer("ours", signer=Signer).loads(forged, max_age=60)


def test_a_window_that_has_not_begun_bars_nobody(tmp_path: Path) -> None:
    file = QuotaFile(f"nomen-file://{tmp_path / 'quota.db'}")
    assert [file.incr("a", 60, 9), file.incr("b", 60)] == [9, 1]
    with closing(sqlite3.connect(file.path)) as other, other:
        other.execute("UPDATE counts SET ends = ends + ? WHERE key = 'a'", [HOUR])
    assert (file.get("a"), file.get("b")) == (0, 1)
    assert file.get_expiry("a") <= time.time()
    assert file.incr("a", 60) == 1 and file.get_expiry("a") <= time.time() + 60


@pytest.fixture
def from_the_future(app: Flask) -> Run:
    """A running run whose worker was heard of in what is now the future, and never again."""
    with app.app_context():
        run = queued(kind="scratch")
        lifecycle.claim(run.id)
        with writing() as session:
            session.get_one(Run, run.id).heartbeat_at = now() + timedelta(seconds=HOUR)
        return as_it_is(run)


def test_a_run_whose_worker_is_lost_fails(
    app: Flask, from_the_future: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lifecycle, "SILENT", 0.05)
    listener = lifecycle.Listener()
    with app.app_context():
        assert eventually(lambda: listener.sweep() or as_it_is(from_the_future).state == RunState.FAILED)
        assert as_it_is(from_the_future).error == lifecycle.LOST


def test_a_run_whose_heart_beats_goes_on(
    app: Flask, from_the_future: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lifecycle, "SILENT", 0.0)
    listener = lifecycle.Listener()
    with app.app_context():
        for _ in range(5):
            listener.sweep()
            assert lifecycle.beat(from_the_future.id, {})
        assert as_it_is(from_the_future).state == RunState.RUNNING


@pytest.mark.sqlite(reason="Redis ends a window by its own clock")
def test_limits_of_pages_start_again(instance: Path) -> None:
    with open_site(instance, RATELIMIT_ENABLED=True, GUESSES_PER_MINUTE=2) as app:
        client = app.test_client()
        assert [client.get("/guess?name=Anna").status_code for _ in range(3)] == [200, 200, 429]
        with closing(sqlite3.connect(instance / "quota.db")) as file, file:
            file.execute("UPDATE counts SET ends = ends + ?", [HOUR])
        assert client.get("/guess?name=Anna").status_code == 200


def test_the_signer_still_tells_what_is_old() -> None:
    old = URLSafeTimedSerializer("ours", signer=ahead(-HOUR)).dumps("x")
    with pytest.raises(Exception, match="> 60 seconds"):
        URLSafeTimedSerializer("ours", signer=Signer).loads(old, max_age=60)
