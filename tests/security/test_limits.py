"""What one asker may take: of answers, of addresses, of space, of time."""

import os
import resource
import shutil
import stat
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.support.factories import answer
from tests.support.sites import settings_for
from tests.support.uploads import bring, brought, folder_of, grow_older
from webapp import create_app
from webapp.accounts.keys import service as api_keys
from webapp.extensions import db
from webapp.models import Feedback
from webapp.review import service as review
from webapp.storage import database

DEEP = {"[" * 30_000, '{"a":' * 10_000, "9" * 5_000, '{"names":' + "9" * 5_000 + "}"}


def test_the_addresses_of_one_network_are_one_asker(instance: Path) -> None:
    app = create_app(settings_for(instance, RATELIMIT_ENABLED=True, GUESSES_PER_MINUTE=3))
    asked = [
        app.test_client().get("/?name=Anna", environ_base={"REMOTE_ADDR": f"2001:db8::{number}"}).status_code
        for number in range(1, 6)
    ]
    other = app.test_client().get("/?name=Anna", environ_base={"REMOTE_ADDR": "2001:db8:1::1"})
    database.dispose(app)
    assert asked == [200] * 3 + [429] * 2 and other.status_code == 200


def test_a_forged_address_does_not_evade_a_limit(instance: Path) -> None:
    app = create_app(settings_for(instance, RATELIMIT_ENABLED=True, GUESSES_PER_MINUTE=3))
    asked = [
        app.test_client().get("/?name=Anna", headers={"X-Forwarded-For": f"10.0.0.{number}"}).status_code
        for number in range(5)
    ]
    database.dispose(app)
    assert asked == [200] * 3 + [429] * 2


def test_fifty_corrections_of_one_visitor_are_one(app: Flask) -> None:
    with app.app_context():
        for number in range(50):
            row = answer(says=("female", "both")[number % 2])
        assert db.session.query(Feedback).count() == 1
        assert review.accept(["zuleika"], by="ada").n == 1
        assert [(one.name, one.answer, one.visitors) for one in review.accepted()] == [
            ("zuleika", row.answer, 1)
        ]


@pytest.mark.parametrize("body", sorted(DEEP), ids=lambda body: body[:6])
def test_json_that_is_deep_or_holds_an_endless_number_is_refused(app: Flask, body: str) -> None:
    app.config["PROPAGATE_EXCEPTIONS"] = False
    began = time.thread_time()
    answer = app.test_client().post("/api/v1/guess", data=body, content_type="application/json")
    assert answer.status_code in (400, 413) and time.thread_time() - began < 1
    assert answer.content_type == "application/problem+json"


def test_a_session_opens_nothing_of_the_api(app: Flask, admin_client: FlaskClient) -> None:
    with app.app_context():
        key = api_keys.add("reader", ["read"], None, by="command line").secret
    for method, path in (("POST", "/runs"), ("POST", "/versions/1/promote"), ("GET", "/feedback")):
        body = {"kind": "fine-tune"} if path == "/runs" else {}
        plain = admin_client.open(f"/api/v1{path}", method=method, json=body)
        keyed = admin_client.open(f"/api/v1{path}", method=method, json=body, headers={"X-Api-Key": key})
        assert (plain.status_code, keyed.status_code) == (401, 403), path


def test_the_database_is_for_its_owner_alone(tmp_path: Path) -> None:
    before = os.umask(0)
    app = create_app(settings_for(tmp_path))
    os.umask(before)
    database.dispose(app)
    assert stat.S_IMODE((tmp_path / "nomen.db").stat().st_mode) == 0o600


def test_a_file_is_not_found_after_its_hour_even_if_nobody_has_swept(app: Flask, client: FlaskClient) -> None:
    where = brought(client)
    grow_older(app, where, seconds=3_700)
    assert client.get(where).status_code == 404


def test_a_file_that_is_gone_from_its_place_bars_nobody(app: Flask, client: FlaskClient) -> None:
    where = brought(client)
    shutil.rmtree(folder_of(app, where))
    assert client.get(where).status_code == 404
    assert brought(client)


@contextmanager
def full_disk() -> Iterator[None]:
    """Let no file grow beyond a few bytes inside the block."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (8, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_a_full_disk_takes_no_file_and_says_so(app: Flask, client: FlaskClient) -> None:
    where = brought(client)  # the database has the files that it needs
    with full_disk():
        page = bring(client)
    assert page.status_code == 503 and "no room" in page.text
    batches = Path(app.config["INSTANCE"]) / "batches"
    assert list(batches.iterdir()) == [folder_of(app, where)]
