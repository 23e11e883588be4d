"""With a million answers every list and chart reads what an index leads to, on SQLite and on PostgreSQL.

Counted are rows, not seconds: the same on every machine.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event, text

from tests.support import sites
from tests.support.servers import new_database
from tests.support.visits import log_in
from webapp.extensions import db
from webapp.storage.database import writing

pytestmark = [pytest.mark.process, pytest.mark.million]
ROWS, NAMES = 1_000_000, 100_000
MOST = 30_000
"""Rows of a large table that one query may read; what has one row a name may be read whole."""
LARGE = ("feedback", "audit_entry")
PAGES = (
    "/",
    "/admin",
    "/history",
    "/scoreboard",
    "/scoreboard?version=v1",
    "/scoreboard/time",
    "/scoreboard/time?version=v1",
    "/scoreboard/time?version=v1&window=30",
    "/scoreboard/names?guessed=female&answer=male",
    "/scoreboard/names?version=v1&guessed=female&answer=male",
    "/scoreboard/again",
    "/scoreboard/versions",
    "/review",
    "/review?sort=surest",
    "/review?sort=newest",
    "/review?sort=conflicts",
    "/review?text=name1",
    "/review?version=v1",
    "/review?status=any",
    "/review?status=right",
    "/review?status=accepted&version=v1",
    "/review?text=name12&status=any",
    "/review?label=both&status=any",
    "/review/name/name1",
    "/audit",
    "/audit?action=feedback.accept",
    "/retraining",
    "/users",
    "/api/v1/scoreboard",
)

# The same answers on both databases: `n` is the number of a row, from 0.
ANSWERS = """
INSERT INTO feedback (created_at, updated_at, day, visitor, source, name, typed, version_id, guessed,
  p_female, answer, status, taught, link, reason)
SELECT {moment}, {moment}, {day}, 'visitor ' || (n / 7), 'guess', 'name' || (n % {names}), 'Name', 1,
  CASE n % 2 WHEN 0 THEN 'female' ELSE 'male' END, 0.5, CASE n % 3 WHEN 0 THEN 'female' ELSE 'male' END,
  CASE n % 100 WHEN 0 THEN 'pending' WHEN 1 THEN 'accepted' WHEN 2 THEN 'rejected' ELSE 'right' END,
  {no}, 'link ' || n, '' FROM {numbers}
"""
CASES = """
INSERT INTO review_case (name, women, men, "both", votes, surest, p_female, first_at, last_at, people,
  is_contested)
SELECT 'name' || n, n % 7, 1, 0, n % 7 + 1, 0.9, 0.9, {moment}, {moment}, 0, {no} FROM {numbers}
"""
TALLIES = """
INSERT INTO name_tally (name, women, men, "both", missed, against)
SELECT 'name' || n, n % 7, 1, 0, n % 11, n % 5 FROM {numbers}
"""
COUNTS = """
INSERT INTO tally (version_id, day, source, guessed, answer, status, taught, n)
SELECT version_id, day, source, guessed, answer, status, taught, count(*) FROM feedback
GROUP BY version_id, day, source, guessed, answer, status, taught
"""
ENTRIES = """
INSERT INTO audit_entry (at, actor, action, subject, detail)
SELECT {moment}, 'ann', 'feedback.accept', 'name' || (n % {names}),
  '{{"accepted": {{"female": 1}}, "rejected": 0, "reason": ""}}' FROM {numbers}
"""
SQLITE = {
    "moment": "strftime('%Y-%m-%d %H:%M:%f000', 1700000000 + n * 20, 'unixepoch')",
    "day": "date(1700000000 + n * 20, 'unixepoch')",
    "no": "0",
    "numbers": "(WITH RECURSIVE t(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM t WHERE n < {last}) "
    "SELECT n FROM t)",
}
POSTGRESQL = {
    "moment": "to_timestamp(1700000000 + n * 20)",
    "day": "to_timestamp(1700000000 + n * 20)::date",
    "no": "false",
    "numbers": "generate_series(0, {last}) AS n",
}


def fill(is_sqlite: bool) -> None:
    own = SQLITE if is_sqlite else POSTGRESQL
    for statement, rows in (
        (ANSWERS, ROWS),
        (COUNTS, 1),
        (CASES, NAMES),
        (TALLIES, NAMES),
        (ENTRIES, 200_000),
    ):
        words = {**own, "numbers": own["numbers"].format(last=rows - 1), "names": NAMES}
        with writing() as session:
            session.execute(text(statement.format(**words)))
    with writing() as session:
        session.connection().exec_driver_sql("ANALYZE")


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def full(
    request: pytest.FixtureRequest, blank_instance: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Flask]:
    """A site with a million answers."""
    is_sqlite = request.param == "sqlite"
    url = ""
    if not is_sqlite:
        template = request.getfixturevalue("blank_database")
        url = new_database(request.getfixturevalue("postgresql"), "full", template)
    folder = sites.copy_instance(blank_instance, tmp_path_factory.mktemp("full") / "instance")
    with sites.open_site(folder, DATABASE_URL=url) as app:
        with app.app_context():
            fill(is_sqlite)
        yield app


def asked_by(app: Flask, path: str) -> list[tuple[str, Any]]:
    """Return the queries that a page asks, with their values."""
    client = log_in(app, "admin@example.org")
    asked: list[tuple[str, Any]] = []

    def note(_connection: Any, _cursor: Any, statement: str, values: Any, *_: Any) -> None:
        if statement.lstrip().upper().startswith(("SELECT", "WITH")):
            asked.append((statement, values))

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        answer = client.get(path)
        assert answer.status_code in (200, 303), f"{path}: {answer.status_code}"
    finally:
        event.remove(engine, "before_cursor_execute", note)
    return list({(statement, str(values)): (statement, values) for statement, values in asked}.values())


def rows_read(plan: dict[str, Any]) -> int:
    """Return how many rows of a large table PostgreSQL read, at the node that read most."""
    mine = 0
    if plan.get("Relation Name") in LARGE:
        removed = plan.get("Rows Removed by Filter", 0) + plan.get("Rows Removed by Index Recheck", 0)
        mine = int((plan["Actual Rows"] + removed) * plan["Actual Loops"])
    return max([mine, *(rows_read(part) for part in plan.get("Plans", ()))])


def trouble(app: Flask, statement: str, values: Any) -> str:
    """Return what is wrong with a query's plan, or nothing."""
    with app.app_context():
        connection = db.session.connection()
        if connection.dialect.name == "sqlite":
            steps = [row[3] for row in connection.exec_driver_sql("EXPLAIN QUERY PLAN " + statement, values)]
            found = [step for step in steps if reads_all(step)]
            return "; ".join(found)
        explained = connection.exec_driver_sql(
            "EXPLAIN (ANALYZE, TIMING OFF, FORMAT JSON) " + statement, values
        ).scalar()
        plan = (explained if isinstance(explained, list) else json.loads(explained))[0]["Plan"]
        n = rows_read(plan)
        return f"{n:,} rows are read: {json.dumps(plan)[:1500]}" if n > MOST else ""


def reads_all(step: str) -> bool:
    return step.startswith("SCAN") and step.split()[1] in LARGE and "INDEX" not in step


@pytest.mark.parametrize("path", PAGES)
def test_a_page_reads_what_an_index_leads_to(full: Flask, path: str) -> None:
    troubles = {
        statement: found
        for statement, values in asked_by(full, path)
        if any(table in statement for table in LARGE) and (found := trouble(full, statement, values))
    }
    assert not troubles
