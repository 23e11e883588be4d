"""Quotas that all processes of a machine share."""

import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from flask import Flask

from tests.support.sites import settings_for
from tests.support.waiting import eventually
from webapp import create_app
from webapp.config import ROOT
from webapp.storage import database, quotas
from webapp.storage.quota_storage import QuotaFile


@pytest.fixture
def file(tmp_path: Path) -> QuotaFile:
    return QuotaFile(f"nomen-file://{tmp_path / 'quota.db'}")


def test_what_is_spent_adds_up(file: QuotaFile) -> None:
    assert [file.incr("a", 60), file.incr("a", 60, 5), file.incr("b", 60), file.get("a")] == [1, 6, 1, 6]


def test_a_window_ends(file: QuotaFile) -> None:
    file.incr("a", 0, 5)
    assert file.get("a") == 0
    assert file.incr("a", 60) == 1


@pytest.mark.process
def test_two_processes_count_together(file: QuotaFile) -> None:
    file.incr("a", 60)
    load = "from webapp.storage.quota_storage import QuotaFile"
    count = f"QuotaFile('nomen-file://{file.path}').incr('a', 60)"
    subprocess.run([sys.executable, "-c", f"{load}; {count}"], check=True, cwd=ROOT)
    assert file.get("a") == 2


def test_counts_can_be_forgotten(file: QuotaFile) -> None:
    file.incr("a", 60)
    file.incr("b", 60)
    file.clear("a")
    assert file.check() and (file.get("a"), file.reset()) == (0, 1)


def test_ended_counts_are_swept(file: QuotaFile, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("webapp.storage.quota_storage.SWEEP_EACH", 1)
    file.incr("a", 0)
    file.incr("b", 60)
    assert file.reset() == 1


def test_a_file_that_cannot_be_written_is_not_called_usable(tmp_path: Path) -> None:
    assert QuotaFile(f"nomen-file://{tmp_path / 'gone' / 'quota.db'}").check() is False


of_a_file = pytest.mark.sqlite(reason="counts in Redis have no file; see tests/storage/test_redis_away.py")


@pytest.fixture
def full(instance: Path) -> Iterator[Flask]:
    """A site with limits whose quotas cannot be written down: a folder stands where their file should be."""
    (instance / "quota.db").mkdir()
    app = create_app(settings_for(instance, RATELIMIT_ENABLED=True, GUESSES_PER_MINUTE=3))
    yield app
    # One limiter is bound to all sites of this process: it goes back to its file once that can be written.
    (instance / "quota.db").rmdir()
    assert eventually(lambda: is_counted(app, instance))
    database.dispose(app)


def is_counted(app: Flask, instance: Path) -> bool:
    """Ask once more; say whether it was counted in the file."""
    app.test_client().get("/guess?name=Anna")
    return (instance / "quota.db").exists()


@of_a_file
def test_guesses_go_on_and_are_limited_while_no_count_can_be_written(full: Flask) -> None:
    asked = [full.test_client().get("/guess?name=Anna").status_code for _ in range(5)]
    assert asked == [200] * 3 + [429] * 2


@of_a_file
def test_programs_are_answered_while_no_count_can_be_written(full: Flask) -> None:
    answer = full.test_client().get("/api/v1/guess?name=Anna")
    assert answer.status_code == 200 and int(answer.headers["RateLimit-Remaining"]) >= 0


@of_a_file
def test_pages_and_programs_are_counted_in_one_file_without_an_address(instance: Path) -> None:
    app = create_app(settings_for(instance, RATELIMIT_ENABLED=True))
    asked = {"environ_base": {"REMOTE_ADDR": "192.0.2.7"}}
    app.test_client().get("/guess?name=Anna", **asked)
    app.test_client().get("/api/v1/guess?name=Anna", **asked)
    database.dispose(app)
    with closing(sqlite3.connect(instance / "quota.db")) as file:
        keys = [key for (key,) in file.execute("SELECT key FROM counts ORDER BY key")]
    assert len(keys) == 2 and not any("192" in key.partition("address:")[0] for key in keys)
    assert len({key.partition("address:")[2][:40] for key in keys}) == 1


def test_a_refused_cost_is_not_spent(app: Flask) -> None:
    with app.app_context():
        assert quotas.spend("test", "ann", 4, limit=5, seconds=60).granted
        refused = quotas.spend("test", "ann", 2, limit=5, seconds=60)
        assert (refused.granted, refused.remaining) == (False, 1)
        assert quotas.look("test", "bob", limit=5, seconds=60).remaining == 5


def test_an_address_is_only_kept_as_a_keyed_hash(app: Flask) -> None:
    with app.app_context():
        who = quotas.asker(None, "192.0.2.7")
    assert "192" not in who and len(who) > 40
