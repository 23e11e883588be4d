"""flask doctor: what is wrong is named, and what can be put back is."""

from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import text

from tests.support.databases import damage, opened
from tests.support.factories import answer
from training.model.artifact import SHIPPED
from webapp.maintenance import doctor
from webapp.versions import repair
from webapp.versions import service as versions


def findings(app: Flask) -> dict[str, doctor.Finding]:
    with app.app_context():
        return {finding.subject: finding for finding in doctor.examine()}


@pytest.mark.parametrize(
    "subject", ["database", "write-ahead log", "serving version", "weights", "counts", "records", "queue"]
)
def test_a_sound_site_is_well(app: Flask, subject: str) -> None:
    assert findings(app)[subject].is_well


def test_a_missing_worker_is_named(app: Flask) -> None:
    assert not findings(app)["worker"].is_well


def test_a_damaged_version_is_named(app: Flask, instance: Path) -> None:
    damage(instance, 1)
    found = findings(app)
    assert not found["weights"].is_well and "v1 damaged" in found["weights"].sentence
    assert not found["serving version"].is_well


def test_a_missing_corpus_is_named(app: Flask, instance: Path) -> None:
    (instance / "corpus.db").unlink()
    assert not findings(app)["records"].is_well


def test_a_wrong_count_is_named_and_put_right(app: Flask, instance: Path) -> None:
    with app.app_context():
        answer("zuleika")
    with opened(instance) as database:
        database.execute(text("UPDATE tally SET n = n + 5"))
    assert not findings(app)["counts"].is_well
    with app.app_context():
        assert any("Counted anew" in sentence for sentence in doctor.repair())
    assert findings(app)["counts"].is_well


def test_the_shipped_weights_are_put_back(app: Flask, instance: Path) -> None:
    with app.app_context():
        shipped = versions.add(SHIPPED.read_bytes(), origin="shipped", by="test").id
    damage(instance, shipped)
    with app.app_context():
        assert doctor.repair() == [f"v{shipped} has the weights again that came with Nomen."]
        assert repair.damaged() == []


def test_other_weights_are_not_made_up(app: Flask, instance: Path) -> None:
    damage(instance, 1)
    with app.app_context():
        assert "restore a backup" in doctor.repair()[0]


def test_the_command_ends_with_one_where_something_is_wrong(app: Flask) -> None:
    said = app.test_cli_runner().invoke(args=["doctor"])
    assert said.exit_code == 1 and "WRONG  worker" in said.output and "ok     database" in said.output
