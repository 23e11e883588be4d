"""The database: how it is opened, and the one construct that writes to it."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import Connection, Engine, event
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from webapp.config import ROOT, BadSetting
from webapp.extensions import db, migrate

BUSY_SECONDS = 10  # how long a transaction waits for a lock, unless the settings say otherwise


def configure(app: Flask) -> None:
    """Open the database that the settings name."""
    app.config["SQLALCHEMY_DATABASE_URI"] = _driver(app.config["DATABASE_URL"]) or _own_file(app)
    db.init_app(app)
    migrate.init_app(app, db, directory=str(ROOT / "migrations"), render_as_batch=True)
    with app.app_context():
        if db.engine.dialect.name == "sqlite":
            busy = app.config.setdefault("BUSY_SECONDS", BUSY_SECONDS)
            event.listen(db.engine, "connect", partial(_on_connect, busy))
            event.listen(db.engine, "begin", _on_begin)


def _own_file(app: Flask) -> str:
    path = Path(app.config["INSTANCE"]).resolve() / "nomen.db"
    # For its owner alone, as are the files that SQLite puts beside it.
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
    except OSError as error:
        raise BadSetting(f"INSTANCE={path.parent} cannot be written to ({error.strerror}).") from error
    return f"sqlite:///{path}"


def _driver(url: str) -> str:
    # Addresses as hosts hand them out name no driver; ours is psycopg 3.
    for scheme in ("postgres://", "postgresql://"):
        if url.startswith(scheme):
            return "postgresql+psycopg://" + url.removeprefix(scheme)
    return url


def _on_connect(busy_seconds: float, connection: sqlite3.Connection, _record: Any) -> None:
    # The driver must not open transactions by itself: `_on_begin` chooses their kind.
    connection.isolation_level = None
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        f"busy_timeout={int(busy_seconds * 1000)}",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _on_begin(connection: Connection) -> None:
    # A deferred transaction that turns out to write fails if another wrote meanwhile: writers wait first.
    is_writing = connection.get_execution_options().get("is_writing", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if is_writing else "BEGIN DEFERRED")


@contextmanager
def writing() -> Iterator[Session]:
    """Give the session inside one writing transaction: committed at the end, rolled back if anything raises.

    Nothing may be pending in the session before; what it has read is read again inside.
    """
    session: Session = db.session()
    session.rollback()
    session.connection(execution_options={"is_writing": True})
    try:
        yield session
        session.commit()
    except BaseException:
        session.rollback()
        raise


@contextmanager
def reading() -> Iterator[Session]:
    """Give the session inside a transaction that reads the database as it is now and ends with the block.

    For loops: a transaction that stays open while one waits keeps the write-ahead log from starting anew.
    """
    session: Session = db.session()
    session.rollback()
    try:
        yield session
    finally:
        session.rollback()


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
