"""The database: how it is opened, and the one construct that writes to it."""

import logging
import os
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

import psycopg
from flask import Flask, current_app
from psycopg.types.string import StrDumperUnknown
from sqlalchemy import Connection, Engine, event, func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.orm import Session

from webapp.config import ROOT, BadSetting
from webapp.errors import Busy
from webapp.extensions import db, migrate
from webapp.models import now

T = TypeVar("T")
log = logging.getLogger(__name__)
BUSY_SECONDS = 10  # how long a transaction waits for a lock, unless the settings say otherwise
PRAGMAS = (
    "journal_mode=WAL",
    "synchronous=FULL",
    "foreign_keys=ON",
    "cache_size=-512",  # KiB of each thread's connection; beyond it the system has the file in memory anyway
    "wal_autocheckpoint=500",  # pages, 2 MB
)
AWAY = (OperationalError, InterfaceError)
"""What is raised while the database cannot be reached, or cannot be written to."""
RETRY_SECONDS = 1.0  # between two attempts of `patiently`
POSTGRESQL = {
    "connect_timeout": 3,  # seconds; without, a machine that is gone holds up a request for two minutes
    "tcp_user_timeout": 10_000,  # milliseconds that a sent query may go unacknowledged
    "keepalives_idle": 30,
}
WRITERS_LOCK = 0x6E6F6D656E  # "nomen": the number of an advisory lock on PostgreSQL
LOG_MILLISECONDS = 300  # that emptying the log may wait for those who read; writers wait meanwhile
STUCK_SECONDS = 0.5  # without any write that begins, after which no more writers are let wait


class Writers:
    """Bounds how many threads of a process wait for the database to write: the others go on answering.

    While all places are taken, who comes waits for one as long as writes begin: each takes milliseconds. Once
    none has begun for STUCK_SECONDS, somebody else holds the database, and the rest are refused at once.
    """

    def __init__(self, places: int) -> None:
        self.places = places
        self._taken = 0
        self._moved = 0.0  # when a write last began, or the first came to wait, on the monotonic clock
        self._changed = threading.Condition()

    @contextmanager
    def place(self, waits: bool) -> Iterator[None]:
        """Hold a place inside the block; raise Busy if there is none to be had."""
        with self._changed:
            # Nobody holds a place: the clock starts now, whenever the last write was.
            self._moved = self._moved if self._taken else time.monotonic()
            while self._taken >= self.places:
                left = self._moved + STUCK_SECONDS - time.monotonic()
                if not waits or left <= 0:
                    raise Busy("The site is busy writing things down. Try again in a few seconds.")
                # Woken when a place is free; the loop looks again, for another may have been quicker.
                self._changed.wait(left)
            self._taken += 1
        try:
            yield
        finally:
            with self._changed:
                self._taken -= 1
                self._changed.notify()

    def has_begun(self) -> None:
        """Note that a write has begun: the database is not held by somebody else."""
        with self._changed:
            self._moved = time.monotonic()


def configure(app: Flask) -> None:
    """Open the database that the settings name."""
    app.config["SQLALCHEMY_DATABASE_URI"] = driver_url(app.config["DATABASE_URL"]) or _own_file(app)
    threads = app.config["WEB_THREADS"]
    options: dict[str, Any] = {"max_overflow": threads}  # a connection for each thread
    if app.config["DATABASE_URL"]:
        # Asked before each use: after a restart of the server every connection of the pool is dead.
        options |= {"pool_pre_ping": True, "connect_args": POSTGRESQL | _prepared(app)}
    app.config["SQLALCHEMY_ENGINE_OPTIONS"] = options
    app.extensions["writers"] = Writers(max(1, threads - 2))
    busy = app.config.setdefault("BUSY_SECONDS", BUSY_SECONDS)
    db.init_app(app)
    # SQLite cannot change most of a column; Alembic then makes the table anew.
    migrate.init_app(app, db, directory=str(ROOT / "migrations"), render_as_batch=True)
    with app.app_context():
        is_sqlite = db.engine.dialect.name == "sqlite"
        if is_sqlite:
            event.listen(db.engine, "connect", _on_connect)
        event.listen(db.engine, "begin", partial(_begin_sqlite if is_sqlite else _begin_postgresql, busy))


def _prepared(app: Flask) -> dict[str, None]:
    # Unless told otherwise, psycopg prepares what it sends often: with the connection, not the transaction.
    return {} if app.config["PREPARED_STATEMENTS"] else {"prepare_threshold": None}


def _own_file(app: Flask) -> str:
    path = Path(app.config["INSTANCE"]).resolve() / "nomen.db"
    # For its owner alone, as are the files that SQLite puts beside it.
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
    except OSError as error:
        raise BadSetting(f"INSTANCE={path.parent} cannot be written to ({error.strerror}).") from error
    return f"sqlite:///{path}"


def driver_url(url: str) -> str:
    """Return the address of a database as SQLAlchemy wants it."""
    # Addresses as hosts hand them out name no driver; ours is psycopg 3.
    for scheme in ("postgres://", "postgresql://"):
        if url.startswith(scheme):
            return "postgresql+psycopg://" + url.removeprefix(scheme)
    return url


def _on_connect(connection: sqlite3.Connection, _record: Any) -> None:
    # The driver must not open transactions by itself: `_begin_sqlite` chooses their kind.
    connection.isolation_level = None
    for pragma in PRAGMAS:
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(busy_seconds: float, connection: Connection) -> None:
    # A deferred transaction that turns out to write fails if another wrote meanwhile: writers wait first.
    options = connection.get_execution_options()
    seconds = busy_seconds if options.get("waits", True) else 0
    connection.exec_driver_sql(f"PRAGMA busy_timeout={int(seconds * 1000)}")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if options.get("is_writing", False) else "BEGIN DEFERRED")


def _begin_postgresql(busy_seconds: float, connection: Connection) -> None:
    # Its reads wait for no lock that this site takes. Its writers take turns, as SQLite's do: each reads,
    # decides and writes, and two at once would decide on the same. The lock ends with the transaction.
    options = connection.get_execution_options()
    if options.get("is_writing", False):
        seconds = busy_seconds if options.get("waits", True) else 0.001  # 0 would be for ever
        connection.exec_driver_sql(f"SET LOCAL lock_timeout = {int(seconds * 1000)}")
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({WRITERS_LOCK})")


@contextmanager
def writing(waits: bool = True) -> Iterator[Session]:
    """Give the session inside one writing transaction: committed at the end, rolled back if anything raises.

    Nothing may be pending in the session before; what it has read is read again inside. Raises Busy if too
    many wait to write already, and, with `waits` off, OperationalError if the database cannot be had at once.
    """
    session: Session = db.session()
    # Ends a read that the caller left open: what is written must rest on what is so now.
    session.rollback()
    writers: Writers = current_app.extensions["writers"]
    with writers.place(waits):
        try:
            session.connection(execution_options={"is_writing": True, "waits": waits})
            writers.has_begun()
            yield session
            session.commit()
        # Whatever it is, a worker's end included: half of a change is never kept.
        except BaseException:
            session.rollback()
            raise


def empty_log() -> None:
    """Empty SQLite's write-ahead log before a whole version is written, or it would grow beyond 8 MB.

    Nothing may be pending in the session. Others' reads are waited for a moment, and no more.
    """
    session: Session = db.session()
    session.rollback()
    if session.get_bind().dialect.name == "sqlite":
        # Below SQLAlchemy, which begins a transaction before every statement.
        with closing(db.engine.raw_connection()) as connection:
            connection.cursor().execute(f"PRAGMA busy_timeout={LOG_MILLISECONDS}")
            connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()


@contextmanager
def reading(waits: bool = True) -> Iterator[Session]:
    """Give the session inside a transaction that reads the database as it is now and ends with the block.

    For loops: a transaction that stays open while one waits keeps the write-ahead log from starting anew.
    With `waits` off, for what must not be held up: raises OperationalError if it cannot be read at once.
    """
    session: Session = db.session()
    session.rollback()
    try:
        session.connection(execution_options={"waits": waits})
        yield session
    finally:
        session.rollback()


def patiently(do: Callable[[], T], stopping: threading.Event) -> T:
    """Return what `do` returns, tried again while the database is away, until `stopping` is set.

    For the worker. `do` must come to the same if it is done twice: the answer to a commit may have been lost.
    """
    while True:
        try:
            return do()
        except AWAY as error:
            log.warning("the database is away; trying again: %s", error.orig)
            if stopping.wait(RETRY_SECONDS):
                raise


def has_just_started(session: Session, seconds: float) -> bool:
    """Say whether the database's server came back less than `seconds` ago: until then nobody could write."""
    if session.get_bind().dialect.name == "sqlite":
        return False
    started = session.scalar(select(func.pg_postmaster_start_time()))
    return started is not None and bool(started > now() - timedelta(seconds=seconds))


class WithoutNul(StrDumperUnknown):
    """Sends a text to PostgreSQL, which cannot hold NUL: in its place stands the sign for what is lost."""

    def dump(self, obj: str) -> Any:
        """Return a text as it is sent."""
        return super().dump(obj.replace("\0", "\ufffd"))


psycopg.adapters.register_dumper(str, WithoutNul)


def insert(session: Session, table: Any) -> sqlite.Insert | postgresql.Insert:
    """Return an INSERT of the session's database, which knows `on_conflict_do_update`."""
    is_sqlite = session.get_bind().dialect.name == "sqlite"
    return sqlite.insert(table) if is_sqlite else postgresql.insert(table)


def dispose(app: Flask) -> None:
    """Close the connections, before a fork: no two processes may share one."""
    with app.app_context():
        engine: Engine = db.engine
        engine.dispose()


def log_bytes(app: Flask) -> int | None:
    """Return the size of SQLite's write-ahead log, or None for another database."""
    if app.config["DATABASE_URL"]:
        return None
    path = Path(app.config["INSTANCE"]).resolve() / "nomen.db-wal"
    return path.stat().st_size if path.exists() else 0
