"""The write-ahead log starts anew while everything runs: nobody reads without ever ending."""

from pathlib import Path

import pytest
from flask import Flask

from tests.support.runs import Start, has_worker
from tests.support.waiting import eventually
from webapp.extensions import db
from webapp.models import AuditEntry
from webapp.runs import lifecycle
from webapp.storage import database, revision
from webapp.storage.database import writing

TRANSACTIONS, TEXT = 500, "x" * 255
"""Together they write twice as much as the log may hold."""
MOST = 8 * 2**20
of_sqlite = pytest.mark.sqlite(reason="the write-ahead log is SQLite's")


@of_sqlite
@pytest.mark.process
def test_the_log_stays_small_beside_a_worker(app: Flask, instance: Path, start_worker: Start) -> None:
    start_worker()
    assert eventually(has_worker)
    for _ in range(TRANSACTIONS):
        with writing() as session:
            revision.bump(answered=True)
            session.add_all(AuditEntry(actor="ann", action="test", subject=TEXT) for _row in range(50))
    assert (database.log_bytes(app) or 0) < MOST


def test_the_sweep_leaves_no_transaction_open(app: Flask) -> None:
    with app.app_context():
        lifecycle.sweep()
        assert not db.session().in_transaction()


def test_a_look_at_a_run_leaves_no_transaction_open(app: Flask) -> None:
    with app.app_context():
        lifecycle.is_cancel_asked(1)
        assert not db.session().in_transaction()


@of_sqlite
def test_the_metrics_tell_its_size(app: Flask, client: object) -> None:
    app.config["METRICS"] = True
    assert "nomen_database_log_bytes" in app.test_client().get("/metrics").text
