"""PgBouncer between the site and PostgreSQL: each transaction has another connection, and nothing is lost."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import product
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select, text

from tests.support import servers, sites
from tests.support.visits import log_in, post
from tests.support.waiting import eventually
from webapp.extensions import db
from webapp.feedback import service as feedback
from webapp.models import Feedback
from webapp.storage import database, revision

pytestmark = pytest.mark.process
CONNECTIONS = 3
NAMES = [f"mar{first}{last}" for first, last in product("abcd", repeat=2)]


@pytest.fixture
def pooled(postgresql: str, blank_database: str, instance: Path, tmp_path: Path) -> Iterator[Flask]:
    """A site whose database is behind a pool of a few connections."""
    name = servers.new_database(postgresql, "pooled", blank_database).rpartition("/")[2]
    with servers.run_pgbouncer(postgresql, tmp_path, CONNECTIONS) as pool:
        url = f"{pool.url.rpartition('/')[0]}/{name}"
        with sites.open_site(instance, DATABASE_URL=url, PREPARED_STATEMENTS=False) as app:
            yield app


def give_answer(app: Flask, name: str) -> int:
    """Answer as a visitor of one's own; return the status."""
    client = app.test_client()
    token = client.get(f"/?name={name}").text.partition('name="token" value="')[2].partition('"')[0]
    return post(client, "/feedback", token=token, answer="both").status_code


def test_visitors_at_once_are_all_served_and_counted(pooled: Flask) -> None:
    with ThreadPoolExecutor(2 * CONNECTIONS) as visitors:
        assert set(visitors.map(lambda name: give_answer(pooled, name), NAMES)) == {303}
    admin = log_in(pooled, "admin@example.org")
    for path in ("/scoreboard", "/review", "/audit", "/history"):
        assert admin.get(path).status_code == 200
    with pooled.app_context():
        assert db.session.query(Feedback).count() == len(NAMES) and feedback.recount(check=True) == []


def test_what_is_asked_often_is_asked_of_any_connection(pooled: Flask) -> None:
    with ThreadPoolExecutor(2 * CONNECTIONS) as visitors:
        assert [*visitors.map(lambda name: ask_often(pooled, name), NAMES)] == [0] * len(NAMES)


def ask_often(app: Flask, name: str) -> int:
    """Ask the same in one transaction, often enough for psycopg to prepare it; return the last answer."""
    with app.app_context(), database.reading() as session:
        asked = select(func.count()).select_from(Feedback).where(Feedback.name == name)
        return [int(session.scalar(asked) or 0) for _ in range(20)][-1]


def test_two_do_not_change_tables_at_once(pooled: Flask) -> None:
    is_inside, order = threading.Event(), []

    def other() -> None:
        is_inside.wait(60)
        with pooled.app_context(), revision.changing_alone():
            order.append("other")

    with ThreadPoolExecutor(1) as machines, pooled.app_context():
        waiting = machines.submit(other)
        with revision.changing_alone():
            is_inside.set()
            assert eventually(_somebody_waits)
            order.append("one")
        waiting.result(60)
    assert order == ["one", "other"]


def _somebody_waits() -> bool:
    with db.engine.connect() as connection:
        asked = text("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted")
        return bool(connection.scalar(asked))
