"""The script that parts the table of answers by month: the site works on with it, no row is another."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg
import pytest
from flask import Flask

from tests.support import sites
from tests.support.factories import answer, correct
from tests.support.servers import new_database
from tests.support.visits import log_in
from webapp.config import ROOT
from webapp.extensions import db
from webapp.feedback import import_export
from webapp.feedback import service as feedback
from webapp.models import Feedback
from webapp.review import service as review
from webapp.storage.database import writing

pytestmark = pytest.mark.process
SCRIPT = ROOT / "deploy" / "partitions.sql"
MONTHS = 6
ROWS = "SELECT * FROM feedback ORDER BY id"


def part(url: str) -> None:
    with psycopg.connect(url) as connection:
        connection.execute(SCRIPT.read_bytes())


def fetch(url: str, query: str) -> list[tuple[object, ...]]:
    with psycopg.connect(url) as connection:
        return connection.execute(query).fetchall()  # type: ignore[arg-type]


@pytest.fixture
def url(postgresql: str, blank_database: str, instance: Path) -> str:
    """A site's database with answers of some months, and one that waits for review."""
    url = new_database(postgresql, "parted", blank_database)
    with sites.open_site(instance, DATABASE_URL=url) as app, app.app_context():
        for n in range(30):
            correct(f"name {n}", "female", visitor=f"v{n}")
        with writing() as session:
            for n, row in enumerate(session.query(Feedback)):
                row.created_at = datetime.now(UTC) - timedelta(days=31 * (n % MONTHS))
        answer("zuleika", visitor="bob")
        feedback.recount(check=False)
    return url


@pytest.fixture
def parted(url: str, instance: Path) -> Iterator[Flask]:
    """The same site after the script."""
    part(url)
    with sites.open_site(instance, DATABASE_URL=url) as app, app.app_context():
        yield app


def test_every_row_is_in_the_partition_of_its_month(url: str) -> None:
    before = fetch(url, ROWS)
    part(url)
    assert fetch(url, ROWS) == before
    months = "SELECT DISTINCT tableoid::regclass::text, to_char(created_at, 'YYYY_MM') FROM feedback"
    places = fetch(url, months)
    assert len(places) >= MONTHS and all(table == f"feedback_{month}" for table, month in places)


def test_the_same_keys_and_indexes_are_there(url: str) -> None:
    indexes = "SELECT indexname FROM pg_indexes WHERE tablename = 'feedback' ORDER BY 1"
    rules = "SELECT conname, contype FROM pg_constraint WHERE conrelid = 'feedback'::regclass ORDER BY 1"
    before = fetch(url, indexes), fetch(url, rules)
    part(url)
    assert (fetch(url, indexes), fetch(url, rules)) == before
    part(url)  # once more, for new months
    assert len(fetch(url, ROWS)) == 31


@pytest.mark.usefixtures("parted")
def test_a_visitor_has_one_answer_a_name_and_version_over_all_months() -> None:
    first = answer("name 7", "male", visitor="v7")
    assert first.answer == "male" and db.session.query(Feedback).filter_by(visitor="v7").count() == 1
    newer = answer("amparo", visitor="new")
    assert newer.id == 32


@pytest.mark.usefixtures("parted")
def test_what_was_exported_is_not_imported_twice() -> None:
    rows = [
        dict(zip(import_export.COLUMNS, row, strict=True))
        for row in import_export.rows(db.session.query(Feedback))
    ]
    for row in rows:  # another month and another link, so that no key holds it back
        row |= {"created_at": row["created_at"] - timedelta(days=31), "link": row["link"][::-1]}
        row |= {"version_id": int(row.pop("version")[1:]), "learned_id": row.pop("learned_in")}
    assert import_export.store(rows) == (0, 31)


def test_counts_review_and_pages_go_on(parted: Flask) -> None:
    review.accept(["zuleika"], by="admin@example.org")
    before = feedback.recount(check=True)
    assert feedback.undo("bob", answer("zuleika", "male", visitor="bob").id)
    assert feedback.recount(check=True) == before
    client = log_in(parted, "admin@example.org")
    for path in ("/review", "/review?status=any", "/scoreboard/time", "/history", "/review/name/zuleika"):
        assert client.get(path).status_code == 200, path
