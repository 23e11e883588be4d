"""The migrations make exactly the tables that the models describe, and can be undone."""

import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from webapp.config import ROOT

pytestmark = pytest.mark.process


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


def test_the_migrations_match_the_models(instance: Path) -> None:
    assert "No new upgrade operations detected" in flask_db(instance, "check")


def test_the_migrations_go_down_and_up_again(instance: Path) -> None:
    before = tables(instance)
    flask_db(instance, "downgrade", "base")
    assert tables(instance) == {"alembic_version"}
    flask_db(instance, "upgrade")
    assert tables(instance) == before
