"""Quotas that all processes of a machine share."""

import subprocess
import sys
from pathlib import Path

import pytest
from flask import Flask

from webapp.config import ROOT
from webapp.storage import quotas
from webapp.storage.quota_storage import QuotaFile


@pytest.fixture
def file(tmp_path: Path) -> QuotaFile:
    return QuotaFile(f"nomen-file://{tmp_path / 'quota.db'}")


def test_what_is_spent_adds_up(file: QuotaFile) -> None:
    assert [file.incr("a", 60), file.incr("a", 60, 5), file.incr("b", 60), file.get("a")] == [1, 6, 1, 6]


def test_a_window_ends(file: QuotaFile) -> None:
    file.incr("a", 0, 5)
    assert file.get("a") == 0
    assert file.incr("a", 60) == 1


@pytest.mark.process
def test_two_processes_count_together(file: QuotaFile) -> None:
    file.incr("a", 60)
    load = "from webapp.storage.quota_storage import QuotaFile"
    count = f"QuotaFile('nomen-file://{file.path}').incr('a', 60)"
    subprocess.run([sys.executable, "-c", f"{load}; {count}"], check=True, cwd=ROOT)
    assert file.get("a") == 2


def test_counts_can_be_forgotten(file: QuotaFile) -> None:
    file.incr("a", 60)
    file.incr("b", 60)
    file.clear("a")
    assert file.check() and (file.get("a"), file.reset()) == (0, 1)


def test_ended_counts_are_swept(file: QuotaFile, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("webapp.storage.quota_storage.SWEEP_EACH", 1)
    file.incr("a", 0)
    file.incr("b", 60)
    assert file.reset() == 1


def test_a_refused_cost_is_not_spent(app: Flask) -> None:
    with app.app_context():
        assert quotas.spend("test", "ann", 4, limit=5, seconds=60).granted
        refused = quotas.spend("test", "ann", 2, limit=5, seconds=60)
        assert (refused.granted, refused.remaining) == (False, 1)
        assert quotas.look("test", "bob", limit=5, seconds=60).remaining == 5


def test_an_address_is_only_kept_as_a_keyed_hash(app: Flask) -> None:
    with app.app_context():
        who = quotas.asker(None, "192.0.2.7")
    assert "192" not in who and len(who) > 40
