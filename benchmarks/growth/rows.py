"""Answers and audit entries, written straight into the tables as fast as SQLite and PostgreSQL take them."""

import random
import sqlite3
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql
from tqdm import tqdm

DAYS, VERSIONS = 365, 5
ANSWERS_AN_ENTRY = 10
COLUMNS = (
    "created_at, updated_at, day, visitor, source, name, typed, version_id, guessed, p_female, answer, "
    "status, taught, link, reason"
)
ENTRY_COLUMNS = "at, actor, action, subject, detail"
Row = tuple[Any, ...]


def fill_sqlite(path: Path, rows: int, names: Sequence[str]) -> None:
    """Write answers and entries into a database without any."""
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA synchronous=OFF")
    connection.execute("PRAGMA cache_size=-500000")
    indexes = connection.execute(
        "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND tbl_name = 'feedback' AND sql > ''"
    ).fetchall()
    for name, _ in indexes:
        connection.execute(f"DROP INDEX {name}")
    for table, columns, made in _tables(rows, names):
        marks = ",".join("?" * len(columns.split(", ")))
        with connection:
            connection.executemany(f"INSERT INTO {table} ({columns}) VALUES ({marks})", made)
    for _, made_by in indexes:  # at the end: ten times as fast
        connection.execute(made_by)
    connection.execute("ANALYZE")
    connection.close()


def fill_postgresql(url: str, rows: int, names: Sequence[str]) -> None:
    """Write answers and entries into a database without any."""
    with psycopg.connect(url, autocommit=True) as connection:
        indexes = connection.execute(
            "SELECT indexname, indexdef FROM pg_indexes WHERE tablename = 'feedback' "
            "AND indexname NOT IN (SELECT conname FROM pg_constraint)"
        ).fetchall()
        for name, _ in indexes:
            connection.execute(sql.SQL("DROP INDEX {}").format(sql.Identifier(name)))
        for table, columns, made in _tables(rows, names):
            with connection.cursor().copy(f"COPY {table} ({columns}) FROM STDIN") as copy:
                for row in made:
                    copy.write_row(row)
        for _, made_by in indexes:
            connection.execute(made_by)
        connection.execute("VACUUM ANALYZE")


def _tables(rows: int, names: Sequence[str]) -> Iterator[tuple[str, str, Iterator[Row]]]:
    made = tqdm(_answers(rows, names), total=rows, unit="answer", leave=False)
    yield "feedback", COLUMNS, iter(made)
    yield "audit_entry", ENTRY_COLUMNS, _entries(rows // ANSWERS_AN_ENTRY, names)


def _answers(rows: int, names: Sequence[str]) -> Iterator[Row]:
    """Yield answers as the table holds them: nine in ten right, few names rated by many visitors."""
    chance = random.Random(0)
    for number in range(rows):
        at = _moment(number / rows)
        name = names[int(len(names) * chance.random() ** 3)]
        guessed = chance.choice(("female", "male"))
        answer, status = guessed, "right"
        if chance.random() < 0.1:
            answer = chance.choice(("male" if guessed == "female" else "female", "both"))
            status = chance.choices(("pending", "accepted", "rejected"), (3, 6, 1))[0]
        source = "api" if chance.random() < 0.1 else "guess"
        version = 1 + VERSIONS * number // rows
        p_female = 0.9 if guessed == "female" else 0.1
        facts = (at, at, at[:10], f"visitor {number}", source, name, name, version)
        yield (*facts, guessed, p_female, answer, status, "0", f"link {number}", "")


def _entries(rows: int, names: Sequence[str]) -> Iterator[Row]:
    """Yield what reviewers did, as the audit trail holds it."""
    for number in range(rows):
        detail = '{"accepted": {"female": 1}, "rejected": 0, "reason": ""}'
        yield (_moment(number / rows), "ann", "feedback.accept", names[number % len(names)], detail)


def _moment(part: float) -> str:
    """Return a moment of the year until now, as both databases take it."""
    start = datetime.now(UTC).replace(tzinfo=None) - timedelta(days=DAYS - 1)
    return (start + timedelta(days=(DAYS - 1) * part)).isoformat(" ", "microseconds")
