"""Old and new code live with one database while machines are restarted in turn: a migration only adds."""

import os
import tarfile
from pathlib import Path

import flask_migrate
import pytest
from sqlalchemy import Inspector, inspect

from tests.support import sites
from webapp.config import ROOT
from webapp.extensions import db

RELEASE = ROOT / "tests" / "contract" / "instance-1.0.0.tar.gz"
Columns = dict[str, dict[str, bool]]


def columns(inspector: Inspector) -> Columns:
    """Return of every table its columns, and whether a row may be added that says nothing of them."""
    return {
        table: {
            column["name"]: column["nullable"] or column["default"] is not None
            for column in inspector.get_columns(table)
        }
        for table in inspector.get_table_names()
    }


@pytest.fixture
def schemas(tmp_path: Path) -> tuple[Columns, Columns]:
    """The tables as the last release has them, and as they are after all migrations."""
    with tarfile.open(RELEASE) as archive:
        archive.extractall(tmp_path, filter="data")
    [folder] = {path.parent for path in tmp_path.rglob("nomen.db")}
    with sites.open_site(Path(os.fspath(folder))) as app, app.app_context():
        before = columns(inspect(db.engine))
        flask_migrate.upgrade()
        return before, columns(inspect(db.engine))


def test_what_old_code_reads_is_there(schemas: tuple[Columns, Columns]) -> None:
    before, after = schemas
    missing = {
        f"{table}.{name}" for table in before for name in before[table] if name not in after.get(table, {})
    }
    assert missing == set()


def test_what_old_code_adds_is_taken(schemas: tuple[Columns, Columns]) -> None:
    before, after = schemas
    new = {
        f"{table}.{name}": may_be_left_out
        for table in before
        for name, may_be_left_out in after.get(table, {}).items()
        if name not in before[table]
    }
    assert [name for name, may_be_left_out in new.items() if not may_be_left_out] == []
