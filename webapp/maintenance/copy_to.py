"""The whole database copied to PostgreSQL: in steps that can be gone on from, then compared row by row.

No site may run meanwhile (`instance_lock.alone`). The target notes how far the copy is, in the transaction of
each step; when everything was compared, the note goes.
"""

import hashlib
import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from sqlalchemy import (
    Column,
    Connection,
    Engine,
    Integer,
    LargeBinary,
    MetaData,
    RowMapping,
    String,
    Table,
    create_engine,
    func,
    select,
    text,
    tuple_,
)

from webapp.config import ROOT
from webapp.errors import Conflict, Invalid
from webapp.extensions import Base, db
from webapp.storage import database

STEP, STEP_OF_FILES = 2_000, 4
"""Rows of one step; of tables whose rows hold megabytes."""
SEEDED = ("revision",)
"""Tables in which the migrations leave a row."""
Progress = Callable[[str, int, int], None]
"""Called with what is done, how many rows of it are done, and how many there are."""
Row = RowMapping
_NOTES = Table(
    "copy_progress",
    MetaData(),
    Column("name", String(64), primary_key=True),
    Column("source", String(64), nullable=False),
    Column("rows", Integer, nullable=False),
)


def copy(url: str, progress: Progress) -> int:
    """Copy every row to the PostgreSQL at `url`; return how many there are.

    A copy that was broken off is gone on with. Raises Conflict for a target that holds anything else, Invalid
    where a row over there is another.
    """
    _migrate(url)
    target = create_engine(database.driver_url(url), connect_args=database.POSTGRESQL)
    try:
        source = _fingerprint()
        _begin(target, source)
        n = sum(_copy_table(target, source, table, progress) for table in tables())
        for table in tables():
            _compare(target, table, progress)
        _finish(target)
    finally:
        target.dispose()
    return n


def tables() -> Sequence[Table]:
    """Return all tables, each after those that its rows refer to."""
    return Base.metadata.sorted_tables


def _migrate(url: str) -> None:
    # In a process of its own: migrations work on the database of the settings.
    command = [sys.executable, "-m", "flask", "--app", "wsgi", "db", "upgrade"]
    environment = os.environ | {"DATABASE_URL": url}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)
    if done.returncode:
        raise Invalid(f"The tables could not be made: {(done.stderr.strip().splitlines() or ['?'])[-1]}")


def _fingerprint() -> str:
    """Return what tells this database from others: its users' secrets and its networks, hashed."""
    users, versions = (Base.metadata.tables[name] for name in ("user", "version"))
    secrets = db.session.scalars(select(users.c.fs_uniquifier).order_by(users.c.id)).all()
    networks = db.session.scalars(select(versions.c.sha256).order_by(versions.c.id)).all()
    return hashlib.sha256("\n".join([*secrets, *networks]).encode()).hexdigest()


def _begin(target: Engine, source: str) -> None:
    """Say in the target that the copy begins, or find that it goes on; raise Conflict for anything else."""
    with target.begin() as there:
        if target.dialect.has_table(there, _NOTES.name):
            if there.scalar(select(_NOTES.c.source).limit(1)) not in (source, None):
                raise Conflict("Another database is being copied there.")
            return
        full = [table.name for table in tables() if there.scalar(select(func.count()).select_from(table))]
        if others := sorted(set(full) - set(SEEDED)):
            raise Conflict(f"That database is not empty: there are rows in {', '.join(others)}.")
        for name in SEEDED:
            there.execute(Base.metadata.tables[name].delete())
        _NOTES.create(there)


def _copy_table(target: Engine, source: str, table: Table, progress: Progress) -> int:
    total = db.session.scalar(select(func.count()).select_from(table)) or 0
    with target.connect() as there:
        done = there.scalar(select(_NOTES.c.rows).where(_NOTES.c.name == table.name)) or 0
    progress(table.name, done, total)
    for rows in _steps(table, done):
        with target.begin() as there:
            there.execute(table.insert(), [dict(row) for row in rows])
            done += len(rows)
            _note(there, table.name, source, done)
        progress(table.name, done, total)
    return done


def _note(there: Connection, name: str, source: str, done: int) -> None:
    there.execute(_NOTES.delete().where(_NOTES.c.name == name))
    there.execute(_NOTES.insert().values(name=name, source=source, rows=done))


def _steps(table: Table, skipped: int = 0) -> Iterator[list[Row]]:
    """Yield the rows of a table here, in the order of its key, some at a time."""
    key = _key(table)
    query = select(table).order_by(*key).limit(_step_of(table))
    # Nobody writes here meanwhile, so what was copied is the first `skipped` rows.
    rows = [row._mapping for row in db.session.execute(query.offset(skipped))]
    while rows:
        yield rows
        after = tuple_(*key) > tuple_(*(rows[-1][column.name] for column in key))
        rows = [row._mapping for row in db.session.execute(query.where(after))]


def _step_of(table: Table) -> int:
    return STEP_OF_FILES if any(isinstance(column.type, LargeBinary) for column in table.c) else STEP


def _compare(target: Engine, table: Table, progress: Progress) -> None:
    """Raise Invalid unless the target holds the same rows."""
    total, done = db.session.scalar(select(func.count()).select_from(table)) or 0, 0
    key = _key(table)
    with target.connect() as there:
        if there.scalar(select(func.count()).select_from(table)) != total:
            raise Invalid(f"There are more or fewer rows in {table.name} over there.")
        for rows in _steps(table):
            keys = [_key_of(table, row) for row in rows]
            found = there.execute(select(table).where(tuple_(*key).in_(keys)))
            hashes = {_key_of(table, row): hash_of(row) for row in (each._mapping for each in found)}
            for row in rows:
                if hashes.get(_key_of(table, row)) != hash_of(row):
                    raise Invalid(f"A row of {table.name} is another over there: {_key_of(table, row)}.")
            done += len(rows)
            progress(f"{table.name}, compared", done, total)


def _key(table: Table) -> list[Column[Any]]:
    # Who has which role is a table without a key: its columns are one together.
    return list(table.primary_key) or list(table.c)


def _key_of(table: Table, row: Row) -> tuple[Any, ...]:
    return tuple(row[column.name] for column in _key(table))


def hash_of(row: Row) -> str:
    """Return a hash of all values of a row, the same on both databases."""
    # PostgreSQL holds no NUL: the site sends another sign in its place.
    values = [value.replace("\0", "\ufffd") if isinstance(value, str) else value for value in row.values()]
    return hashlib.sha256(repr(values).encode()).hexdigest()


def _finish(target: Engine) -> None:
    """Let new rows have the next numbers, and forget how far the copy was."""
    with target.begin() as there:
        for table in tables():
            column = table.autoincrement_column
            if column is None:
                continue
            # The name of a table in quotes: `user` is a word of SQL.
            sequence = text("SELECT pg_get_serial_sequence(:name, :column)")
            found = there.scalar(sequence, {"name": f'"{table.name}"', "column": column.name})
            highest = there.scalar(select(func.max(column)))
            if found and highest:
                there.execute(text("SELECT setval(:sequence, :n)"), {"sequence": found, "n": highest})
        _NOTES.drop(there)
