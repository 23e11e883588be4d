"""The site on PostgreSQL and Redis: the migrations, and a typical session."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import flask_migrate
import pytest
from flask import Flask
from sqlalchemy import delete
from sqlalchemy.exc import DBAPIError

from tests.support import servers
from tests.support.factories import answer
from tests.support.networks import tiny_artifact
from tests.support.phones import give_code, give_password, set_up
from tests.support.processes import GUNICORN, Visitor, running
from tests.support.sites import PASSWORD, add_user, settings_for, write_corpus
from tests.support.visits import log_in, post
from webapp import create_app
from webapp.accounts import service as accounts
from webapp.config import ROOT
from webapp.feedback import service as feedback
from webapp.models import AuditEntry
from webapp.models.enums import Action
from webapp.privacy import retention
from webapp.privacy import service as privacy
from webapp.runs import queue
from webapp.storage import database
from webapp.storage.database import writing
from webapp.versions import service as versions

pytestmark = pytest.mark.process


@pytest.fixture(scope="module")
def settings(
    postgresql: str, redis_url: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[dict[str, str]]:
    """The settings of a site whose tables are migrated on PostgreSQL, with a tiny network as v1."""
    folder = tmp_path_factory.mktemp("served")
    write_corpus(folder / "corpus.db")
    given = {
        "DATABASE_URL": servers.new_database(postgresql, "session"),
        "REDIS_URL": redis_url,
        "INSTANCE": str(folder),
    }
    app = create_app(settings_for(folder, **given))
    with app.app_context():
        flask_migrate.upgrade()
        versions.ensure_first(tiny_artifact())
        accounts.add("admin@example.org", "admin", by="tests", must_change=False)
        user, action = accounts.find_user("admin@example.org"), Action.PASSWORD_CHANGE
        accounts.set_password(user, PASSWORD, by="tests", action=action, must_change=False)
    database.dispose(app)
    yield given


@pytest.fixture
def app(settings: dict[str, str]) -> Iterator[Flask]:
    """The site on PostgreSQL and Redis."""
    app = create_app(settings_for(Path(settings["INSTANCE"]), **settings))
    yield app
    database.dispose(app)


def test_a_typical_session(settings: dict[str, str], app: Flask) -> None:
    with running(GUNICORN, Path(settings["INSTANCE"]), **settings) as site:
        visitor = Visitor(site.address)
        visitor.get("/?name=Anna")
        assert visitor.answer("Zuleika", "both") and visitor.answer("Amparo", "both")
        assert "Zuleika" in visitor.get("/history")
        assert visitor.get("/scoreboard")
    admin = log_in(app, "admin@example.org")
    assert "zuleika" in admin.get("/review").text
    assert "login" in admin.get("/audit").text


def test_wrong_log_ins_are_throttled(app: Flask) -> None:
    client = app.test_client()
    codes = [post(client, "/login", email="x@y.org", password="no").status_code for _ in range(6)]
    assert codes == [403] * 5 + [429]


def test_a_second_factor_lets_in_and_no_code_of_it_twice(app: Flask) -> None:
    with app.app_context():
        add_user("factor@example.org", "reviewer")
    phone, _ = set_up(log_in(app, "factor@example.org"))
    code = phone.code()
    assert give_code(give_password(app, "factor@example.org"), code).status_code == 303
    assert give_code(give_password(app, "factor@example.org"), code).status_code == 403


def test_all_of_a_visitor_is_deleted(app: Flask) -> None:
    with app.app_context():
        answer("ilmarinen", visitor="cat"), answer("torbern", visitor="cat")
        assert privacy.delete_all("cat").answers == 2 and not privacy.count("cat")
        assert retention.delete_old(days=30) == 0 and feedback.recount(check=True) == []


def test_the_audit_trail_is_append_only(app: Flask) -> None:
    with app.app_context(), pytest.raises(DBAPIError, match="append-only"), writing() as session:
        session.execute(delete(AuditEntry))


def test_the_queue_is_in_redis(app: Flask, redis_url: str) -> None:
    with app.app_context():
        queue.enqueue(1)
        assert len(queue.queue()) == 1
        queue.queue().flush()


def test_the_migrations_can_be_undone_and_match_the_models(settings: dict[str, str], app: Flask) -> None:
    with app.app_context():
        flask_migrate.downgrade(revision="base")
        flask_migrate.upgrade()
    database.dispose(app)
    check = [sys.executable, "-m", "flask", "--app", "wsgi", "db", "check"]
    done = subprocess.run(check, cwd=ROOT, env=os.environ | settings, capture_output=True, text=True)
    assert "No new upgrade operations detected" in done.stdout, done.stderr
