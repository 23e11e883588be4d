"""What the corpus knows."""

import os
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from flask import Flask

from tests.support.factories import answer
from tests.support.sites import write_corpus
from webapp.errors import Unavailable
from webapp.records import lookup
from webapp.records.lookup import Borne, Known


@pytest.fixture(autouse=True)
def _inside(app: Flask):
    with app.app_context():
        yield


def test_a_known_name_has_bearers_a_share_and_a_part() -> None:
    assert lookup.known("giovanna") == Known(12_846, 0.996, "train")


def test_a_name_the_records_never_met_is_not_known() -> None:
    assert lookup.known("xyzzy") is None


def test_more_names_than_one_query_holds_are_looked_up() -> None:
    assert set(lookup.known_many([f"no{n}" for n in range(2_000)] + ["anna", "john"])) == {"anna", "john"}


def test_a_surprise_is_a_borne_name_of_the_holdout() -> None:
    assert {lookup.holdout_name() for _ in range(60)} == {"torbern", "zuleika", "amparo"}


def test_quotes_in_a_name_are_data() -> None:
    assert lookup.known("' OR 1=1 --") is None


def test_strangers_names_are_not_published() -> None:
    assert lookup.publishable(["anna", "xyzzy"]) == {"anna"}


def test_an_accepted_name_may_be_published(app: Flask) -> None:
    from webapp.storage.database import writing

    row = answer("xyzzy")
    with writing():
        row.status = "accepted"
    assert lookup.is_publishable("xyzzy")


def test_a_missing_corpus_is_said(instance: Path) -> None:
    (instance / "corpus.db").unlink()
    with pytest.raises(Unavailable, match="flask setup"):
        lookup.known("anna")


@pytest.mark.parametrize(
    ("change", "borne"),
    [
        ("UPDATE origins SET is_estimate = 0", {"DE": Borne(704_000, False)}),
        ("UPDATE origins SET is_estimate = 1", {"DE": Borne(704_000, True)}),
        # Release 1.1.0 marked nothing, and all it knew were estimates.
        ("ALTER TABLE origins DROP COLUMN is_estimate", {"DE": Borne(704_000, True)}),
        ("DROP TABLE origins", {}),
    ],
)
def test_what_a_country_bears_is_a_count_or_an_estimate(
    instance: Path, change: str, borne: dict[str, Borne]
) -> None:
    with closing(sqlite3.connect(instance / "corpus.db")) as corpus, corpus:
        corpus.execute("DELETE FROM origins WHERE name = 'anna' AND country != 'DE'")
        corpus.execute(change)
    assert lookup.borne_by_country("anna") == borne


def test_a_new_corpus_file_is_taken_up_at_once(instance: Path, tmp_path: Path) -> None:
    lookup.known("anna")
    write_corpus(tmp_path / "new.db")
    with sqlite3.connect(tmp_path / "new.db") as corpus:
        corpus.execute("UPDATE names SET people = 1 WHERE name = 'anna'")
    corpus.close()
    os.replace(tmp_path / "new.db", instance / "corpus.db")
    assert lookup.known("anna").people == 1
