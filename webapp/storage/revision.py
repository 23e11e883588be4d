"""What the database is at: the row that says whether anything public has changed, and the migration."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from flask import current_app
from sqlalchemy import Engine, inspect, select, text, update

from webapp.extensions import db
from webapp.models import Revision, now

SETUP_LOCK = 0x6E6F6D656F  # the number of an advisory lock on PostgreSQL; the one before it is the writers'


def current() -> Revision:
    """Return the row as it is now."""
    return db.session.scalars(select(Revision)).one()


def bump(answered: bool = False) -> None:
    """Count one change, inside the caller's writing transaction."""
    # Added by the database, not written from what was read.
    values = {"n": Revision.n + 1, "changed_at": now()} | ({"answered_at": now()} if answered else {})
    db.session.execute(update(Revision).values(values))


def of_schema() -> str | None:
    """Return the migration that the tables are at; None where there are none yet."""
    with db.engine.connect() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return None
        version: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
        return version


@contextmanager
def changing_alone() -> Iterator[None]:
    """Let one process at a time, on all machines of the site, change tables in the block; the others wait."""
    engine: Engine = db.engine
    if engine.dialect.name == "sqlite":
        with open(Path(current_app.config["INSTANCE"]) / "setup.lock", "w") as file:
            fcntl.flock(file, fcntl.LOCK_EX)  # ends with the file, however this process ends
            yield
        return
    # The lock is a transaction's, which ends with its connection: a pool of transactions keeps it, too, where
    # one of a connection would be left to whoever comes next. No table is needed, for there may be none yet.
    with engine.begin() as connection:
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({SETUP_LOCK})")
        yield
