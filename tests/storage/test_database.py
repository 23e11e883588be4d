"""How the database is opened: what is committed is on the disk, and writers wait their turn."""

import sqlite3
import threading
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import Connection, event, select, text
from sqlalchemy.exc import IntegrityError

from tests.support.databases import is_locked
from tests.support.factories import answer
from tests.support.sites import open_site
from tests.support.visits import log_in
from training.model.artifact import SHIPPED
from webapp.extensions import db
from webapp.models import Feedback, Promotion
from webapp.models.enums import Origin
from webapp.storage.database import empty_log, writing
from webapp.versions import service as versions

FULL = 2  # SQLite's number for synchronous=FULL: a commit returns when it is on the disk


@pytest.fixture
def careless(instance: Path, app: Flask) -> Flask:
    """A site on an SQLite that was built to leave commits in the system's memory."""

    def leave(made: sqlite3.Connection, _record: object) -> None:
        made.execute("PRAGMA synchronous=OFF")

    with app.app_context():
        event.listen(db.engine, "connect", leave, insert=True)
        db.engine.dispose()
    return app


def commits(app: Flask) -> list[int]:
    """Return how careful SQLite is at each commit from now on; the list grows with them."""
    seen: list[int] = []

    def look(connection: Connection) -> None:
        seen.append(connection.exec_driver_sql("PRAGMA synchronous").scalar_one())

    with app.app_context():
        event.listen(db.engine, "commit", look)
    return seen


@pytest.mark.sqlite(reason="how careful PostgreSQL is with a commit is a setting of its own")
def test_every_commit_of_every_connection_waits_for_the_disk(careless: Flask) -> None:
    seen = commits(careless)
    together = threading.Barrier(4)

    def visit() -> None:
        with careless.app_context():
            db.session.execute(text("SELECT 1"))  # holds a connection, so that each has its own
            together.wait()
            answer(visitor=threading.current_thread().name)

    threads = [threading.Thread(target=visit) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    log_in(careless, "admin@example.org")
    assert len(seen) >= 5 and set(seen) == {FULL}


def test_who_writes_holds_the_lock_before_anything_is_read(app: Flask, instance: Path) -> None:
    with app.app_context(), writing():
        assert is_locked(instance)
    assert not is_locked(instance)


def test_who_reads_holds_nobody_up(app: Flask, instance: Path) -> None:
    with app.app_context():
        db.session.scalars(select(Feedback)).all()
        assert not is_locked(instance)


def log_of(instance: Path) -> int:
    return (instance / "nomen.db-wal").stat().st_size


@pytest.mark.sqlite(reason="PostgreSQL keeps its own log")
def test_a_whole_version_leaves_the_log_below_eight_megabytes(app: Flask, instance: Path) -> None:
    with app.app_context():
        with writing() as session:  # as much as stands in it before SQLite empties it by itself
            session.execute(text("CREATE TABLE filler (bytes BLOB)"))
            session.execute(text("INSERT INTO filler VALUES (zeroblob(1900000))"))
        assert log_of(instance) > 1_900_000
        versions.add(SHIPPED.read_bytes(), origin=Origin.IMPORT, by="test")
    assert SHIPPED.stat().st_size < log_of(instance) < 8 * 2**20


@pytest.mark.sqlite(reason="PostgreSQL keeps its own log")
def test_a_log_that_somebody_reads_is_left_as_it_is(app: Flask, instance: Path) -> None:
    with app.app_context(), sqlite3.connect(instance / "nomen.db") as reader:
        reader.execute("BEGIN").execute("SELECT count(*) FROM version").fetchone()
        with writing() as session:
            session.execute(text("CREATE TABLE filler (bytes BLOB)"))
        held = log_of(instance)
        empty_log()
        assert log_of(instance) == held > 0
        reader.rollback()
        empty_log()
        assert log_of(instance) == 0


def test_what_fails_half_way_is_not_written(app: Flask) -> None:
    with app.app_context():
        row = answer()
        with pytest.raises(ZeroDivisionError), writing():
            row.status = "accepted"
            db.session.flush()
            raise ZeroDivisionError
        assert db.session.scalars(select(Feedback.status)).one() == "pending"


def test_a_reference_to_nothing_is_refused(app: Flask) -> None:
    with app.app_context(), pytest.raises(IntegrityError, match="(?i)foreign key"), writing() as session:
        session.add(Promotion(version_id=99, by="ada", kind="promote"))


def test_an_address_as_hosts_hand_them_out_is_one_for_our_driver(tmp_path: Path) -> None:
    address = "postgres://nomen@192.0.2.1/nomen"
    with open_site(tmp_path, DATABASE_URL=address) as app:
        assert app.config["SQLALCHEMY_DATABASE_URI"] == "postgresql+psycopg://nomen@192.0.2.1/nomen"
