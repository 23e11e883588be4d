"""The migrations make exactly the tables that the models describe, and can be undone."""

import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import flask_migrate
import pytest
from flask import Flask
from sqlalchemy import text

from tests.support.old_actions import OLD_ACTIONS
from tests.support.sites import settings_for
from webapp import create_app
from webapp.config import ROOT
from webapp.extensions import db
from webapp.models.enums import Action
from webapp.storage import database


def flask_db(folder: Path, *command: str) -> str:
    """Run `flask db` over the instance in `folder`; return what it said."""
    environment = os.environ | {"INSTANCE": str(folder), "DATABASE_URL": ""}
    done = subprocess.run(
        [sys.executable, "-m", "flask", "--app", "wsgi", "db", *command],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr


def tables(folder: Path) -> set[str]:
    with closing(sqlite3.connect(folder / "nomen.db")) as database:
        rows = database.execute("SELECT name FROM sqlite_master WHERE name NOT LIKE 'sqlite_%'")
        return {name for (name,) in rows}


def actions(folder: Path) -> list[str]:
    with closing(sqlite3.connect(folder / "nomen.db")) as database:
        return [action for (action,) in database.execute("SELECT action FROM audit_entry ORDER BY id")]


def triggers(folder: Path) -> set[tuple[str, str]]:
    with closing(sqlite3.connect(folder / "nomen.db")) as database:
        return set(database.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"))


@pytest.fixture
def old(tmp_path: Path) -> Iterator[Flask]:
    """A site over a database of release 1.0.0, with an entry of each action that had another name then."""
    app = create_app(settings_for(tmp_path))
    with app.app_context():
        flask_migrate.upgrade(revision="0001")
        entries = [{"action": action} for action in OLD_ACTIONS]
        with db.engine.begin() as connection:
            connection.execute(
                text(
                    "INSERT INTO audit_entry (at, actor, action, subject, detail)"
                    " VALUES ('2026-01-31 12:00:00', 'ada', :action, 'zuleika', '{}')"
                ),
                entries,
            )
        yield app
    database.dispose(app)


def test_old_actions_are_renamed_and_back(old: Flask, tmp_path: Path) -> None:
    before = triggers(tmp_path)
    flask_migrate.upgrade()
    assert actions(tmp_path) == list(OLD_ACTIONS.values()) and set(OLD_ACTIONS.values()) <= set(Action)
    assert triggers(tmp_path) == before
    flask_migrate.downgrade(revision="0001")
    assert actions(tmp_path) == list(OLD_ACTIONS) and triggers(tmp_path) == before


def test_a_renamed_trail_is_append_only_as_before(old: Flask, tmp_path: Path) -> None:
    flask_migrate.upgrade()
    with closing(sqlite3.connect(tmp_path / "nomen.db")) as opened:
        for change in ("UPDATE audit_entry SET actor = 'x'", "DELETE FROM audit_entry"):
            with pytest.raises(sqlite3.IntegrityError, match="append-only"):
                opened.execute(change)


def test_users_and_runs_of_before_are_kept_on_the_way_up_and_down(old: Flask, tmp_path: Path) -> None:
    flask_migrate.upgrade(revision="0002")
    with db.engine.begin() as connection:
        for statement in BEFORE_SECOND_FACTORS:
            connection.execute(text(statement))
    before = people_and_runs(tmp_path)
    flask_migrate.upgrade()
    assert people_and_runs(tmp_path) == before
    with closing(sqlite3.connect(tmp_path / "nomen.db")) as opened:
        (filled,) = opened.execute('SELECT totp_counter, request_id FROM "user", run').fetchall()
    assert filled == (None, "")
    flask_migrate.downgrade(revision="0002")
    assert people_and_runs(tmp_path) == before


BEFORE_SECOND_FACTORS = (
    'INSERT INTO "user" (id, email, password, active, fs_uniquifier, must_change)'
    " VALUES (1, 'ada@example.org', 'hash', 1, 'u', 0)",
    "INSERT INTO role (id, name) VALUES (1, 'admin')",
    "INSERT INTO roles_users (user_id, role_id) VALUES (1, 1)",
    "INSERT INTO run (id, created_at, created_by, kind, settings, promote_if_passed, state, cancel_asked,"
    " snapshot, corrections, device, progress, error)"
    " VALUES (1, '2026-01-31 12:00:00', 'ada', 'fine-tune', '{}', 0, 'failed', 0, '', 3, 'cpu', '{}', 'why')",
)


def people_and_runs(folder: Path) -> list[list[tuple]]:
    queries = (
        'SELECT id, email, password, active, must_change FROM "user"',
        "SELECT * FROM roles_users",
        "SELECT id, created_by, kind, state, corrections, error FROM run",
    )
    with closing(sqlite3.connect(folder / "nomen.db")) as opened:
        return [opened.execute(query).fetchall() for query in queries]


ANSWERS = [
    # visitor, name then, typed, status, name now
    ("ann", "ol'ga", "Ольга", "accepted", "RU:olga"),
    ("ann", "ly", "علي", "accepted", "علي"),
    ("bob", "ly", "Ly", "accepted", "ly"),
    ("ann", "ms kim", "Ms. Kim", "pending", "kim"),
    ("bob", "ms kim", "Ms. Kim", "accepted", "ms kim"),
    ("cleo", "ms kim", "Ms. Kim", "right", "ms kim"),  # who has answered for Kim, too
    ("cleo", "kim", "Kim", "right", "kim"),
    ("ann", "na", "N/A", "pending", "na"),
    ("ann", "anna", "Anna", "right", "anna"),
]


def test_answers_move_to_the_name_as_it_is_read_now_and_none_is_lost(tmp_path: Path) -> None:
    app = create_app(settings_for(tmp_path))
    with app.app_context():
        flask_migrate.upgrade(revision="0004")
        with db.engine.begin() as connection:
            connection.execute(text(VERSION))
            for number, (visitor, name, typed, status, _) in enumerate(ANSWERS, 1):
                row = {"id": number, "visitor": visitor, "name": name, "typed": typed, "status": status}
                connection.execute(text(ANSWER), row | {"link": f"link{number}"})
            for name in ("ol'ga", "ly"):
                connection.execute(
                    text("INSERT INTO lesson (version_id, name, answer) VALUES (1, :name, 'female')"),
                    {"name": name},
                )
        flask_migrate.upgrade()
    database.dispose(app)
    with closing(sqlite3.connect(tmp_path / "nomen.db")) as opened:
        names = [name for (name,) in opened.execute("SELECT name FROM feedback ORDER BY id")]
        taught = [name for (name,) in opened.execute("SELECT name FROM lesson ORDER BY name")]
    assert names == [now for *_, now in ANSWERS]
    assert taught == ["RU:olga", "ly"]


VERSION = (
    "INSERT INTO version (id, created_at, created_by, origin, note, sha256, weights, card, summary)"
    " VALUES (1, '2026-01-31 12:00:00', 'ada', 'import', '', 'x', 'x', '{}', '{}')"
)
ANSWER = (
    "INSERT INTO feedback (id, created_at, updated_at, day, visitor, source, name, typed, version_id,"
    " guessed, p_female, answer, status, taught, link, reason)"
    " VALUES (:id, '2026-01-31 12:00', '2026-01-31 12:00', '2026-01-31', :visitor, 'guess', :name, :typed, 1,"
    " 'male', 0.2, 'female', :status, 0, :link, '')"
)


def test_a_version_is_dated_by_its_card_and_what_it_was_taught_stays(tmp_path: Path) -> None:
    cards = ('{"created": "2025-11-30T08:00:00+00:00"}', '{"created": "yesterday"}', "x")
    app = create_app(settings_for(tmp_path))
    with app.app_context():
        flask_migrate.upgrade(revision="0005")
        with db.engine.begin() as connection:
            for number, card in enumerate(cards, 1):
                row = VERSION.replace("(1, ", f"({number}, ").replace(
                    "'x', 'x', '{}'", f"'{number}', 'x', :card"
                )
                connection.execute(text(row), {"card": card})
            connection.execute(
                text("INSERT INTO lesson (version_id, name, answer) VALUES (1, 'kim', 'male')")
            )
        flask_migrate.upgrade()
        flask_migrate.downgrade(revision="0005")
        flask_migrate.upgrade()
    database.dispose(app)
    with closing(sqlite3.connect(tmp_path / "nomen.db")) as opened:
        made = [row[0][:16] for row in opened.execute("SELECT made_at FROM version ORDER BY id")]
        taught = opened.execute("SELECT count(*) FROM lesson").fetchone()
    assert made == ["2025-11-30 08:00", "2026-01-31 12:00", "2026-01-31 12:00"] and taught == (1,)


WORDS = [
    # name, answer, visitor, status, by, at, kept
    ("andrea", "male", "ann", "rejected", "eve@x", "2026-01-01", False),
    ("andrea", "male", "bob", "accepted", "eve@x", "2026-01-02", True),
    ("andrea", "male", "cleo", "rejected", "dan@x", "2026-01-01", True),
    ("kim", "both", "ann", "rejected", "eve@x", "2026-01-03", False),  # in a flood: no entry has its name
    ("zoe", "male", "ann", "pending", None, None, False),
]


def test_what_reviewers_decided_before_is_each_ones_word(tmp_path: Path) -> None:
    app = create_app(settings_for(tmp_path))
    with app.app_context():
        flask_migrate.upgrade(revision="0006")
        with db.engine.begin() as connection:
            connection.execute(text(VERSION))
            for number, (name, answer, visitor, status, by, at, _) in enumerate(WORDS, 1):
                row = {"id": number, "visitor": visitor, "name": name, "typed": name, "status": status}
                connection.execute(text(ANSWER), row | {"link": f"link{number}"})
                decided = {"id": number, "answer": answer, "by": by, "at": at}
                connection.execute(text(DECIDED), decided)
            for by in ("eve@x", "dan@x"):
                connection.execute(text(ENTRY), {"by": by})
        flask_migrate.upgrade()
        flask_migrate.downgrade(revision="0006")
        flask_migrate.upgrade()
    database.dispose(app)
    with closing(sqlite3.connect(tmp_path / "nomen.db")) as opened:
        rows = set(opened.execute('SELECT name, answer, "by", status, is_opinion, at FROM verdict'))
        n_answers = opened.execute("SELECT count(*) FROM feedback").fetchone()
    assert rows == {(name, says, by, status, 0, at) for name, says, _, status, by, at, kept in WORDS if kept}
    assert n_answers == (len(WORDS),)


DECIDED = "UPDATE feedback SET answer = :answer, decided_by = :by, decided_at = :at WHERE id = :id"
ENTRY = (
    "INSERT INTO audit_entry (at, actor, action, subject, detail)"
    " VALUES ('2026-01-31 12:00:00', :by, 'feedback.accept', 'andrea', '{}')"
)


@pytest.mark.process
def test_the_migrations_match_the_models(instance: Path) -> None:
    assert "No new upgrade operations detected" in flask_db(instance, "check")


@pytest.mark.process
def test_the_migrations_go_down_and_up_again(instance: Path) -> None:
    before = tables(instance)
    flask_db(instance, "downgrade", "base")
    assert tables(instance) == {"alembic_version"}
    flask_db(instance, "upgrade")
    assert tables(instance) == before
