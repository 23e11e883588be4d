"""Answers leave as files and come back unharmed; commands of the terminal."""

import json
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select, update

from tests.support.factories import answer
from webapp.extensions import db
from webapp.feedback import import_export, name_tallies, review_cases, tallies
from webapp.models import Case, Feedback, Tally
from webapp.review import service as review
from webapp.storage.database import writing

RUNS = [
    "=1+1",
    "+anna",
    "-anna",
    "@anna",
    "'anna",
    "''=anna",
    "'",
    '"anna"',
    "a,b",
    "a;b",
    "\u202eanna",
    "ñandú",
]


@pytest.fixture
def site(app: Flask) -> Flask:
    """A site with answers of every kind, some typed as a spreadsheet would run them."""
    with app.app_context():
        for n, typed in enumerate(RUNS):
            answer("anna", ("right", "female", "both")[n % 3], typed=typed, visitor=f"=visitor {n}")
        answer("zuleika"), answer("amparo", "right", p_female=0.1 + 0.2)
        review.accept(["zuleika"], by="eve", reason="-1")
    return app


def run(app: Flask, *arguments: str):
    return app.test_cli_runner().invoke(args=["feedback", *arguments])


def everything(app: Flask) -> list[dict]:
    with app.app_context():
        rows = db.session.scalars(select(Feedback).order_by(Feedback.link))
        names = [
            column.key
            for column in Feedback.__table__.columns
            if column.key not in ("id", "seen_at", "previous")
        ]
        return [{name: getattr(row, name) for name in names} for row in rows]


def empty(app: Flask) -> None:
    with app.app_context(), writing() as session:
        for row in session.scalars(select(Feedback)):
            tallies.count(session, row, -1)
            session.delete(row)
        review_cases.recount_all(session)


@pytest.mark.parametrize("format", ["csv", "jsonl"])
def test_what_is_exported_is_imported_unharmed(site: Flask, tmp_path: Path, format: str) -> None:
    before, path = everything(site), str(tmp_path / f"answers.{format}")
    assert run(site, "export", path).exit_code == 0
    empty(site)
    assert run(site, "import", path).output == "14 new, 0 here already.\n"
    assert everything(site) == before
    assert run(site, "recount", "--check").output == "All counts are right.\n"


def test_importing_twice_changes_nothing(site: Flask, tmp_path: Path) -> None:
    path = str(tmp_path / "answers.csv")
    run(site, "export", path)
    assert run(site, "import", path).output == "0 new, 14 here already.\n"


def test_export_takes_the_filters_of_review(site: Flask) -> None:
    lines = run(
        site, "export", "--format", "jsonl", "--status", "accepted", "--version", "v1"
    ).output.splitlines()
    assert [json.loads(line)["name"] for line in lines] == ["zuleika"]


BAD = (
    ("name", "Anna", "normalised it is 'anna'"),
    ("status", "accepted", "the status is right where"),
    ("p_female", "1.5", "between 0 and 1"),
    ("p_female", "nan", "between 0 and 1"),
    ("guessed", "girl", "one of female, male"),
    ("version", "9", "written as v7"),
    ("version", "v99", "not here"),
    ("created_at", "2026-01-01T00:00:00", "no time zone"),
    ("created_at", "yesterday", "created_at 'yesterday' cannot be used"),
    ("visitor", "", "1 to 64"),
    ("typed", "a\tb", "printed"),
    ("link", "x", "16 to 32"),
    ("extra", "1", "exactly these keys"),
    ("taught", "maybe", "True, False"),
)
"""What stands in a column of a line, and what is said of it."""


def test_a_bad_line_is_named_and_nothing_is_stored(site: Flask, tmp_path: Path) -> None:
    exported = run(site, "export", "--format", "jsonl").output.splitlines()
    empty(site)
    path, wrong = tmp_path / "bad.jsonl", []
    for column, value, says in BAD:
        lines = [json.loads(line) for line in exported]
        lines[3][column] = value
        path.write_text("\n".join(map(json.dumps, lines)))
        told = run(site, "import", str(path))
        if not (told.exit_code == 1 and "4" in told.output and says in told.output and not everything(site)):
            wrong.append(f"{column} = {value!r}: {told.output}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize(
    "text", ["", "name\nanna\n", "\x00", '"', "x" * 200_000, ",".join(import_export.COLUMNS) + "\n1,2\n"]
)
def test_a_file_that_is_no_export_is_refused(app: Flask, tmp_path: Path, text: str) -> None:
    path = tmp_path / "bad.csv"
    path.write_text(text)
    told = run(app, "import", str(path))
    assert told.exit_code == 1 and told.output.startswith("Error: Line ")


def test_a_file_that_is_not_text_is_refused(app: Flask, tmp_path: Path) -> None:
    path = tmp_path / "bad.csv"
    path.write_bytes(b"\xff\xfe\x00")
    assert "Error: Line 1" in run(app, "import", str(path)).output


def test_names_are_accepted_and_rejected_from_the_terminal(site: Flask) -> None:
    with site.app_context():
        answer("torbern", "female", visitor="dan"), answer("kim", "both", visitor="dan", guessed="female")
    assert run(site, "accept", "Torbern", "anna").output == (
        "Decided: Torbern (1 answer). Anna is contested: decide one by one.\n"
    )
    assert run(site, "reject", "Kim", "--reason", "No.").output == "Decided: Kim (1 answer).\n"
    assert run(site, "accept", "Anna", "--answer", "both").exit_code == 0


def test_recount_finds_and_mends_what_is_wrong(site: Flask) -> None:
    with site.app_context(), writing() as session:
        session.execute(update(Tally).values(n=Tally.n + 1))
        session.execute(update(Case).values(votes=99))
    assert run(site, "recount", "--check").exit_code == 1
    assert run(site, "recount").output.endswith("They are right now.\n")
    with site.app_context():
        assert tallies.compare(db.session) == [] == review_cases.compare(db.session)
        assert name_tallies.compare(db.session) == []
