"""Corpora that an admin brings: checked when they come, chosen in a run, told by what learned from them."""

import json
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from tests.support.runs import as_it_is
from tests.support.visits import post
from webapp.errors import Conflict, Invalid
from webapp.extensions import db
from webapp.models import AuditEntry
from webapp.records import custom_corpora
from webapp.runs import lifecycle
from webapp.runs import service as runs
from webapp.runs.worker import run_folder


@pytest.fixture(autouse=True)
def _in_the_app(app: Flask) -> Iterator[None]:
    with app.app_context():
        yield


@pytest.fixture
def islands(tmp_path: Path) -> Path:
    """A list of four names."""
    path = tmp_path / "Islands 2024.csv"
    path.write_text("name,label,count\nKai,m,12\nLeilani,f,30\nNoa,b,9\nKeanu,m,22\n", encoding="utf-8")
    return path


@pytest.fixture
def brought(app: Flask) -> str:
    """A corpus that is here already, by its name."""
    from training.data import corpus

    counts = {"leilani": (30.0, 30), "keanu": (0.0, 22)}
    folder = Path(app.config["INSTANCE"]) / "corpora"
    corpus.write_corpus(corpus.from_counts(counts, "islands.csv"), folder / "islands.db")
    assert custom_corpora.adopt(by="ada") == ["islands"]  # as set-up does with what an earlier release kept
    return "islands"


def call(app: Flask, *words: object) -> str:
    """Call a flask command; return what it says."""
    return app.test_cli_runner().invoke(args=["corpus", *map(str, words)]).output


@pytest.mark.process
def test_a_list_is_added_from_the_terminal_and_told_in_the_audit(app: Flask, islands: Path) -> None:
    assert "islands-2024 holds 4 names" in call(app, "add", islands)
    assert "islands-2024" in call(app, "list")
    [entry] = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "corpus.add"))
    assert entry.subject == "islands-2024" and entry.detail["file"] == "Islands 2024.csv"


def test_a_list_of_no_corpora_says_so(app: Flask) -> None:
    assert call(app, "list") == "No corpus was added yet: flask corpus add FILE.\n"


@pytest.fixture
def workbook(tmp_path: Path) -> Path:
    """The same names in the second sheet of a workbook, below a title."""
    book = openpyxl.Workbook()
    book.active.append(["About", "this list"])
    sheet = book.create_sheet("Names 2024")
    for row in (["Islands"], [], ["First name", "Sex", "People"], ["Kai", "m", 12], ["Leilani", "f", 30.0]):
        sheet.append(row)
    book.save(tmp_path / "Islands.xlsx")
    return tmp_path / "Islands.xlsx"


@pytest.mark.process
def test_a_workbook_is_added_like_a_list(app: Flask, workbook: Path) -> None:
    assert "islands holds 2 names" in call(app, "add", workbook)
    [entry] = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "corpus.add"))
    assert entry.detail["file"] == "Islands.xlsx"


@pytest.mark.process
def test_a_wrong_cell_of_a_workbook_is_told_with_its_row(app: Flask, workbook: Path) -> None:
    book = openpyxl.load_workbook(workbook)
    book["Names 2024"]["C5"] = "many"
    book.save(workbook)
    said = call(app, "add", workbook, "--sheet", "Names 2024")
    assert f"{workbook}, line 5: the count must be a whole number of at least 1, not 'many'." in said
    assert "There is no sheet 'nope' in this workbook" in call(app, "add", workbook, "--sheet", "nope")


@pytest.mark.process
def test_a_list_with_a_bad_line_is_refused_with_the_line(app: Flask, islands: Path) -> None:
    islands.write_text("name,label\nKai,m\nLeilani,perhaps\n")
    assert "line 3: the label must be female, male or both" in call(app, "add", islands)
    assert custom_corpora.listing() == []


@pytest.mark.process
def test_its_encoding_is_found_or_said(app: Flask, islands: Path) -> None:
    text = "Vorname;Geschlecht;Anzahl\nJürgen;m;12\nZoë;w;30\nBjörn;m;5\nFrançois;m;3\n"
    islands.write_bytes(text.encode("cp1252"))
    told = call(app, "add", islands, "--name", "found")
    assert "found holds 4 names (read as Windows-1252 (Western European))" in told
    assert "said holds 4 names (read as Latin-1)" in call(
        app, "add", islands, "--name", "said", "--encoding", "latin-1"
    )
    assert "There is no encoding 'klingon'" in call(app, "add", islands, "--encoding", "klingon")


def test_an_encoding_that_is_doubtful_is_asked_for(app: Flask, islands: Path) -> None:
    islands.write_bytes("name;sex\nGuðrún;f\n".encode("cp1252"))
    told = call(app, "add", islands)
    assert "Guðrún: --encoding cp1252" in told and "Say which" in told
    assert custom_corpora.listing() == []


@pytest.mark.parametrize("name", ["../nomen", "a/b", "Islands", "", "..", "x" * 33, "a.db"])
def test_a_name_that_is_none_is_refused(islands: Path, name: str) -> None:
    with pytest.raises(Invalid):
        custom_corpora.check([name])
    if name:
        with pytest.raises(Invalid, match="small letters"):
            custom_corpora.add(islands, by="ada", name=name)


def test_a_file_that_is_too_large_is_refused(islands: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(custom_corpora, "LARGEST", 10)
    with pytest.raises(Invalid, match="may have up to"):
        custom_corpora.add(islands, by="ada")


def test_a_second_one_of_the_same_name_is_refused(brought: str, islands: Path) -> None:
    with pytest.raises(Conflict, match="There is a corpus islands already"):
        custom_corpora.add(islands, by="ada", name=brought)


def test_one_is_removed_unless_a_run_learns_from_it(app: Flask, brought: str) -> None:
    run = runs.start(runs.Plan("scratch", corpora=[brought]), by="ada")
    assert f"Run {run.id} learns from islands" in call(app, "remove", brought)
    runs.cancel(run.id, by="ada")
    assert "islands is removed" in call(app, "remove", brought) and custom_corpora.listing() == []
    assert "no corpus" in call(app, "remove", brought)


def test_a_form_chooses_one_and_the_trainer_is_given_it(admin_client: FlaskClient, brought: str) -> None:
    assert "<b>islands</b>" in admin_client.get("/retraining").text
    post(admin_client, "/retraining", kind="scratch", preset="tiny", corpus=brought)
    run = lifecycle.claim(1)
    assert run and run.settings["corpora"] == ["islands"]
    [path] = json.loads((run_folder.prepare(run) / "job.json").read_text())["files"]
    assert Path(path).name == "islands.db"
    assert "Taught on the base corpus and islands." in admin_client.get("/retraining/1").text


def test_a_corpus_that_is_not_here_is_refused_before_the_run(admin_client: FlaskClient) -> None:
    answer = post(admin_client, "/retraining", kind="scratch", corpus="atlantis")
    assert answer.status_code == 422 and "no corpus &#39;atlantis&#39; here" in answer.text


def test_starting_again_takes_the_same_corpora(brought: str) -> None:
    run = runs.start(runs.Plan("scratch", corpora=[brought]), by="ada")
    runs.cancel(run.id, by="ada")
    again = runs.again(run.id, by="ada")
    assert as_it_is(again).settings["corpora"] == [brought]


def test_a_run_is_started_with_one_from_the_terminal(app: Flask, brought: str) -> None:
    told = ["runs", "start", "--kind", "scratch", "--corpus", brought]
    assert "queued" in app.test_cli_runner().invoke(args=told).output
    assert runs.find_run(1).settings["corpora"] == [brought]


@pytest.mark.process
def test_where_and_when_names_were_counted_is_told(app: Flask, tmp_path: Path) -> None:
    (tmp_path / "states.csv").write_text("CA,F,1990,Leilani,30\nNY,M,1991,Keanu,22\n")
    assert "states holds 2 names from US, counted 1990 to 1991" in call(app, "add", tmp_path / "states.csv")


def test_a_corpus_from_before_says_nothing_of_where(app: Flask, brought: str) -> None:
    [one] = custom_corpora.listing()
    assert (one.name, one.countries, one.years) == (brought, (), None)


def test_what_was_brought_on_one_machine_is_there_on_another(
    app: Flask, brought: str, tmp_path: Path
) -> None:
    here = custom_corpora.paths([brought])[0].read_bytes()
    with app.app_context():
        app.config["INSTANCE"] = str(tmp_path / "elsewhere")
        [path] = custom_corpora.paths([brought])
        assert path.is_relative_to(tmp_path / "elsewhere") and path.read_bytes() == here
        path.write_bytes(b"of an earlier corpus of this name")
        assert custom_corpora.paths([brought])[0].read_bytes() == here
    assert custom_corpora.adopt(by="ada") == []
