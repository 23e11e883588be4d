"""The database of a site's folder, from outside: opened, damaged, away. SQLite's file, or one on a server."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from psycopg import sql
from sqlalchemy import Connection, create_engine, text
from sqlalchemy.exc import OperationalError

from webapp.storage.database import WRITERS_LOCK, driver_url

ELSEWHERE = "elsewhere.json"
"""A file of the folder that says where its database and its queue are, if not in it."""


def put_elsewhere(folder: Path, **where: str) -> None:
    """Let all sites over a folder that are started from now on have their database and queue elsewhere."""
    (folder / ELSEWHERE).write_text(json.dumps(where))


def where_is(folder: Path) -> dict[str, str]:
    """Return the settings that say where the database and the queue of a folder are."""
    file = folder / ELSEWHERE
    said: dict[str, str] = json.loads(file.read_text()) if file.exists() else {}
    return {"DATABASE_URL": "", "REDIS_URL": ""} | said


@contextmanager
def opened(folder: Path) -> Iterator[Connection]:
    """Give a connection to the database of a folder, in one transaction, whether a site runs or not."""
    engine = create_engine(driver_url(where_is(folder)["DATABASE_URL"]) or f"sqlite:///{folder / 'nomen.db'}")
    try:
        with engine.begin() as connection:
            yield connection
    finally:
        engine.dispose()


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Hold the database of a folder inside the block as somebody who writes does."""
    with opened(folder) as database:
        assert _takes_the_lock(database)
        yield


def is_locked(folder: Path) -> bool:
    """Say whether somebody else has begun to write."""
    with opened(folder) as database:
        return not _takes_the_lock(database)


def _takes_the_lock(database: Connection) -> bool:
    if database.dialect.name != "sqlite":
        return bool(database.scalar(text(f"SELECT pg_try_advisory_xact_lock({WRITERS_LOCK})")))
    try:
        database.execute(text("PRAGMA busy_timeout=0"))
        database.execute(text("BEGIN IMMEDIATE"))
    except OperationalError:
        return False
    return True


def count(folder: Path, table: str) -> int:
    """Return how many rows a table of a folder's database has."""
    with opened(folder) as database:
        return int(database.scalar(text(f'SELECT count(*) FROM "{table}"')) or 0)


def damage(folder: Path, version_id: int) -> None:
    """Flip a bit in the middle of a version's weights."""
    with opened(folder) as database:
        found = database.scalar(text("SELECT weights FROM version WHERE id = :id"), {"id": version_id})
        flipped = bytearray(found or b"")
        flipped[-9] ^= 1
        changed = text("UPDATE version SET weights = :weights WHERE id = :id")
        database.execute(changed, {"weights": bytes(flipped), "id": version_id})


@contextmanager
def away(folder: Path, table: str) -> Iterator[None]:
    """Let a database be away inside the block; of SQLite's file, only a table."""
    url = where_is(folder)["DATABASE_URL"]
    if url:
        _let_in(url, False)
        yield
        _let_in(url, True)
        return
    with opened(folder) as database:
        database.execute(text(f'ALTER TABLE "{table}" RENAME TO away'))
    yield
    with opened(folder) as database:
        database.execute(text(f'ALTER TABLE away RENAME TO "{table}"'))


def _let_in(url: str, allowed: bool) -> None:
    server, _, name = url.rpartition("/")
    with psycopg.connect(f"{server}/postgres", autocommit=True) as connection:
        change = sql.SQL("ALTER DATABASE {} ALLOW_CONNECTIONS {}")
        connection.execute(change.format(sql.Identifier(name), sql.Literal(allowed)))
        end = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s"
        connection.execute(end, [name])
