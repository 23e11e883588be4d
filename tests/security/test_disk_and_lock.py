"""A database that is locked or has no room left: told in a sentence, and nobody is thanked in vain."""

from collections.abc import Iterator
from itertools import product
from pathlib import Path
from string import ascii_lowercase

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event

from tests.support.databases import count, locked
from tests.support.factories import add_version, answer
from tests.support.sites import open_site
from tests.support.visits import log_in, post
from webapp.extensions import db
from webapp.storage import database


@pytest.fixture
def impatient(instance: Path) -> Iterator[Flask]:
    """A site that waits for a lock for a tenth of a second instead of ten."""
    with open_site(instance, BUSY_SECONDS=0.1, PROPAGATE_EXCEPTIONS=False) as app:
        yield app


def token_of(client: FlaskClient, name: str = "Zuleika") -> str:
    page = client.get(f"/?name={name}").text
    return page.partition('name="token" value="')[2].partition('"')[0]


def rows(instance: Path) -> dict[str, int]:
    """Return how many rows each table holds that a visitor or the staff may write to."""
    tables = ("feedback", "promotion", "user", "audit_entry", "lesson")
    return {name: count(instance, name) for name in tables}


def n_answers(instance: Path) -> int:
    return rows(instance)["feedback"]


def test_a_locked_database_is_told_of_and_nobody_is_thanked(impatient: Flask, instance: Path) -> None:
    client = impatient.test_client()
    with locked(instance):
        token = token_of(client)  # guesses go on
        told = post(client, "/feedback", token=token, answer="female")
    assert told.status_code == 503 and "Try again" in told.text and "Thank" not in told.text
    assert n_answers(instance) == 0
    assert post(client, "/feedback", token=token, answer="female").status_code == 303
    assert n_answers(instance) == 1


def test_a_log_in_while_the_database_is_locked_is_told_of(impatient: Flask, instance: Path) -> None:
    with locked(instance):
        told = post(impatient.test_client(), "/login", email="admin@example.org", password="x")
    assert told.status_code == 503 and "Try again" in told.text


WRITES_OF_STAFF = [
    ("/versions/v2/promote", {}),
    ("/users", {"email": "b@example.org", "role": "admin"}),
    ("/review/decide", {"do": "accept female zuleika"}),
]


@pytest.mark.parametrize(("path", "form"), WRITES_OF_STAFF, ids=[path for path, _ in WRITES_OF_STAFF])
def test_staff_is_told_of_a_locked_database_and_nothing_is_done(
    impatient: Flask, instance: Path, path: str, form: dict[str, str]
) -> None:
    client = log_in(impatient, "admin@example.org")
    with impatient.app_context():
        add_version(), answer("zuleika")
    before = rows(instance)
    with locked(instance):
        told = post(client, path, **form)
    assert told.status_code == 503 and "Try again" in told.text
    assert rows(instance) == before


def test_pages_are_read_while_the_database_is_locked(impatient: Flask, instance: Path) -> None:
    with locked(instance):
        assert impatient.test_client().get("/history").status_code == 200


@pytest.mark.sqlite(reason="a bound of SQLite's stands for a disk that is full")
def test_a_full_disk_is_told_of_and_nobody_is_thanked(impatient: Flask, instance: Path) -> None:
    with impatient.app_context():
        pages = db.session.connection().exec_driver_sql("PRAGMA page_count").scalar()
        database.dispose(impatient)
        event.listen(db.engine, "connect", lambda made, _: made.execute(f"PRAGMA max_page_count={pages}"))
    client, thanked = impatient.test_client(), 0
    for first, last in product(ascii_lowercase, repeat=2):
        told = post(client, "/feedback", token=token_of(client, f"mar{first}{last}"), answer="both")
        if told.status_code != 303:
            break
        thanked += 1
    assert told.status_code == 503 and "no room" in told.text and "Thank" not in told.text
    assert n_answers(instance) == thanked > 0
