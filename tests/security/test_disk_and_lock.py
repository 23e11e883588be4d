"""A database that is locked or has no room left: told in a sentence, and nobody is thanked in vain."""

import sqlite3
from collections.abc import Iterator
from itertools import product
from pathlib import Path
from string import ascii_lowercase

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event

from tests.support.sites import settings_for
from tests.support.visits import log_in, post
from webapp import create_app
from webapp.extensions import db
from webapp.storage import database


@pytest.fixture
def impatient(instance: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Flask]:
    """A site that waits for a lock for a tenth of a second instead of ten."""
    monkeypatch.setattr(database, "BUSY_SECONDS", 0.1)
    app = create_app(settings_for(instance, PROPAGATE_EXCEPTIONS=False))
    yield app
    database.dispose(app)


@pytest.fixture
def lock(instance: Path) -> Iterator[sqlite3.Connection]:
    """Somebody who holds the database, until they roll back."""
    holder = sqlite3.connect(instance / "nomen.db", isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    yield holder
    holder.close()


def token_of(client: FlaskClient, name: str = "Zuleika") -> str:
    page = client.get(f"/?name={name}").text
    return page.partition('name="token" value="')[2].partition('"')[0]


def n_answers(instance: Path) -> int:
    with sqlite3.connect(instance / "nomen.db") as file:
        (n,) = file.execute("SELECT count(*) FROM feedback").fetchone()
    file.close()
    return n


def test_a_locked_database_is_told_of_and_nobody_is_thanked(
    impatient: Flask, instance: Path, lock: sqlite3.Connection
) -> None:
    client = impatient.test_client()
    token = token_of(client)  # guesses go on
    answer = post(client, "/feedback", token=token, answer="female")
    assert answer.status_code == 503 and "Try again" in answer.text and "Thank" not in answer.text
    lock.execute("ROLLBACK")
    assert n_answers(instance) == 0
    assert post(client, "/feedback", token=token, answer="female").status_code == 303
    assert n_answers(instance) == 1


def test_a_log_in_while_the_database_is_locked_is_told_of(impatient: Flask, lock: sqlite3.Connection) -> None:
    answer = post(impatient.test_client(), "/login", email="admin@example.org", password="x")
    assert answer.status_code == 503 and "Try again" in answer.text


def test_staff_is_told_of_a_locked_database(impatient: Flask, instance: Path) -> None:
    client = log_in(impatient, "admin@example.org")
    holder = sqlite3.connect(instance / "nomen.db", isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    answers = [
        post(client, "/versions/v1/promote"),
        post(client, "/users", email="b@example.org", role="admin"),
        client.get("/history"),
    ]
    holder.close()
    assert [answer.status_code for answer in answers[1:]] == [503, 200]
    assert answers[0].status_code in (303, 503)


def test_a_full_disk_is_told_of_and_nobody_is_thanked(impatient: Flask, instance: Path) -> None:
    with impatient.app_context():
        pages = db.session.connection().exec_driver_sql("PRAGMA page_count").scalar()
        database.dispose(impatient)
        event.listen(db.engine, "connect", lambda made, _: made.execute(f"PRAGMA max_page_count={pages}"))
    client, thanked = impatient.test_client(), 0
    for first, last in product(ascii_lowercase, repeat=2):
        answer = post(client, "/feedback", token=token_of(client, f"mar{first}{last}"), answer="both")
        if answer.status_code != 303:
            break
        thanked += 1
    assert answer.status_code == 503 and "Try again" in answer.text and "Thank" not in answer.text
    assert n_answers(instance) == thanked
