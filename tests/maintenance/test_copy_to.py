"""The whole database moves to PostgreSQL: every row, and nothing over another."""

from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import create_engine, text

from tests.support import sites
from tests.support.factories import add_version, answer, correct
from tests.support.servers import new_database
from webapp.errors import Conflict, Invalid
from webapp.extensions import db
from webapp.feedback import service as feedback
from webapp.game import service as games
from webapp.maintenance import copy_to
from webapp.models import Feedback, Version

pytestmark = pytest.mark.process


@pytest.fixture
def url(postgresql: str) -> str:
    """An empty database."""
    return new_database(postgresql, "target")


@pytest.fixture(autouse=True)
def _used(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """A site with something in most tables; its rows are copied few at a time."""
    monkeypatch.setattr(copy_to, "STEP", 3)
    monkeypatch.setenv("INSTANCE", app.config["INSTANCE"])
    with app.app_context():
        for n in range(8):
            answer("zuleika", "female", visitor=f"v{n}", typed="Zu\0leika")
        correct("kim", "male")
        add_version(2)
        games.start("ann")


def copied(app: Flask, url: str) -> int:
    with app.app_context():
        return copy_to.copy(url, lambda *_: None)


def test_every_row_is_there_and_new_ones_get_new_numbers(app: Flask, url: str) -> None:
    n = copied(app, url)
    with app.app_context():
        counts = feedback.recount(check=True)
    with sites.open_site(Path(app.config["INSTANCE"]), DATABASE_URL=url) as moved, moved.app_context():
        assert n > 20 and db.session.query(Feedback).count() == 9
        assert db.session.get(Version, 2) and feedback.recount(check=True) == counts
        highest = db.session.query(Feedback.id).order_by(Feedback.id.desc()).first()[0]
        assert answer("amparo", visitor="new").id == highest + 1
        assert add_version(3) == 3


def test_a_copy_that_was_broken_off_goes_on(app: Flask, url: str) -> None:
    class Broken(Exception):
        pass

    def break_off(what: str, done: int, total: int) -> None:
        if what == "feedback" and done == 6:
            raise Broken

    with app.app_context(), pytest.raises(Broken):
        copy_to.copy(url, break_off)
    assert copied(app, url) > 20
    with pytest.raises(Conflict, match="not empty"):
        copied(app, url)


def test_a_database_that_is_not_empty_is_refused(app: Flask, url: str) -> None:
    copied(app, url)
    with pytest.raises(Conflict, match="not empty: there are rows in"):
        copied(app, url)


def test_a_row_that_is_another_is_noticed(app: Flask, url: str) -> None:
    def change(what: str, done: int, total: int) -> None:
        if what == "user, compared" or (what == "version, compared"):
            engine = create_engine(url.replace("postgresql:", "postgresql+psycopg:"))
            with engine.begin() as there:
                changed = there.execute(text("UPDATE feedback SET reason = 'another' WHERE id = 2"))
                assert changed.rowcount == 1
            engine.dispose()

    with app.app_context(), pytest.raises(Invalid, match=r"feedback is another over there: \(2,\)"):
        copy_to.copy(url, change)


def test_the_command_says_what_it_did(app: Flask, url: str) -> None:
    told = app.test_cli_runner().invoke(args=["copy-to", url]).output
    assert "each was compared" in told and "SECRET_KEY" in told
    assert "begins with postgresql" in app.test_cli_runner().invoke(args=["copy-to", "sqlite:///x"]).output
