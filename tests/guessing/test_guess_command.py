"""flask guess: a whole file, in the terminal."""

import itertools
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask

from tests.support.books import rows_of_names, write_book
from tests.support.waiting import eventually

ROOT = Path(__file__).parents[2]


@pytest.fixture
def people(tmp_path: Path) -> Path:
    (tmp_path / "people.csv").write_text("id,who,name\n1,Kim,Anna\n")
    return tmp_path / "people.csv"


def guess(app: Flask, file: Path, *more: str, output: str = "out.csv") -> Result:
    return app.test_cli_runner().invoke(args=["guess", str(file), "-o", str(file.parent / output), *more])


def read_as(file: Path) -> str:
    return (file.parent / "out.csv").read_text().splitlines()[-1].split(",")[5]


def test_a_file_is_guessed(app: Flask, people: Path) -> None:
    result = guess(app, people)
    assert result.exit_code == 0, result.output
    assert (
        "The names are in “name” (column 3, headings in row 1); each is read as a given name."
        in result.output
        and read_as(people) == "anna"
    )


@pytest.mark.parametrize("column", ["who", "2"])
def test_the_column_can_be_named_or_numbered(app: Flask, people: Path, column: str) -> None:
    guess(app, people, "--column", column)
    assert read_as(people) == "kim"


def test_a_heading_can_be_denied(app: Flask, people: Path) -> None:
    guess(app, people, "--no-header")
    first = (people.parent / "out.csv").read_text().splitlines()[0]
    assert first.startswith("id,who,name,") and "This stands where a name is missing." in first


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        (["--column", "nope"], "There is no column 'nope' in this file; it has id, who, name."),
        (["--column", "9"], "There is no column '9'"),
        (["-o", "/no/such/folder/x.csv"], "There is no folder"),
        (["-o", "x.xlsx"], "A file keeps its kind"),
    ],
)
def test_what_cannot_be_done_is_told(app: Flask, people: Path, more: list[str], sentence: str) -> None:
    result = guess(app, people, *more)
    assert result.exit_code == 1 and sentence in result.output
    assert [path.name for path in people.parent.iterdir() if "out" in path.name] == []


def test_an_output_that_is_there_is_not_replaced_unasked(app: Flask, people: Path) -> None:
    (people.parent / "out.csv").write_text("mine")
    assert guess(app, people).exit_code == 1 and (people.parent / "out.csv").read_text() == "mine"
    assert guess(app, people, "--force").exit_code == 0 and read_as(people) == "anna"


@pytest.mark.parametrize("data", [b"", b"\n\n", b"\xef\xbb\xbf"])
def test_a_file_with_nothing_in_it_is_refused(app: Flask, tmp_path: Path, data: bytes) -> None:
    (tmp_path / "empty.csv").write_bytes(data)
    result = guess(app, tmp_path / "empty.csv")
    assert result.exit_code == 1 and "There is nothing in this file." in result.output
    assert not (tmp_path / "out.csv").exists()


def test_a_failure_half_way_leaves_nothing_behind(app: Flask, tmp_path: Path) -> None:
    (tmp_path / "out.xlsx").write_text("mine")
    damaged = write_book(tmp_path, rows_of_names(3_000) + b"<row><c")
    result = guess(app, damaged, "--force", output="out.xlsx")
    assert result.exit_code == 1 and "damaged" in result.output
    assert sorted(path.name for path in tmp_path.iterdir() if path.is_file()) == ["in.xlsx", "out.xlsx"]
    assert (tmp_path / "out.xlsx").read_text() == "mine"


def test_how_a_file_is_read_can_be_said(app: Flask, tmp_path: Path) -> None:
    (tmp_path / "in.csv").write_bytes("Liste\n\nVorname;Ort\nŞule Demir;İzmir\n".encode("cp1254"))
    result = guess(
        app, tmp_path / "in.csv", "--encoding", "windows-1254", "--header-row", "3", "--column", "vorname",
        "--form", "given-first",
    )  # fmt: skip
    assert "Windows-1254" in result.output and "“Vorname” (column 1, headings in row 3)" in result.output
    assert "a full name, given name first" in result.output
    assert ";sule;Demir (surname);" in (tmp_path / "out.csv").read_text("cp1254")


def test_several_columns_are_one_name(app: Flask, tmp_path: Path) -> None:
    (tmp_path / "in.csv").write_text("a,b,c\nJ.,Robert,Doe\n")
    guess(app, tmp_path / "in.csv", "--header", "--column", "a", "--column", "2")
    assert ",robert,J. (initial)," in (tmp_path / "out.csv").read_text()


def test_a_doubtful_encoding_is_refused_with_both_named(app: Flask, tmp_path: Path) -> None:
    (tmp_path / "in.csv").write_bytes("Guðrún\n".encode("cp1252"))
    result = guess(app, tmp_path / "in.csv")
    assert result.exit_code == 1 and not (tmp_path / "out.csv").exists()
    assert (
        "as in Guðrún: --encoding cp1252" in result.output
        and "as in Guđrún: --encoding cp1250" in result.output
    )
    assert guess(app, tmp_path / "in.csv", "--encoding", "cp1252").exit_code == 0


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        (["--encoding", "klingon"], "There is no encoding 'klingon' here"),
        (["--header-row", "9"], "There is nothing in row 9"),
        (["--skip-rows", "9"], "No column of this file looks like given names"),
    ],
)
def test_what_does_not_fit_is_told(app: Flask, people: Path, more: list[str], sentence: str) -> None:
    result = guess(app, people, *more)
    assert result.exit_code == 1 and sentence in result.output


@pytest.mark.process
def test_a_command_that_is_ended_leaves_no_half_file(app: Flask, tmp_path: Path) -> None:
    letters = "abcdefghijklmnopqrstuvwxyz"
    lines = ("Anna" + "".join(four) + "\n" for four in itertools.product(letters, repeat=4))
    (tmp_path / "in.csv").write_text("name\n" + "".join(lines))
    command = [sys.executable, "-m", "flask", "--app", "wsgi", "guess", str(tmp_path / "in.csv")]
    environment = {**os.environ, "INSTANCE": app.config["INSTANCE"], "OMP_NUM_THREADS": "1"}
    running = subprocess.Popen(
        [*command, "-o", str(tmp_path / "out.csv")], cwd=ROOT, env=environment, stderr=subprocess.DEVNULL
    )
    assert eventually(lambda: any(path.stat().st_size for path in tmp_path.glob(".partial-*out.csv")))
    running.terminate()
    assert running.wait() == 128 + signal.SIGTERM
    assert [path.name for path in tmp_path.iterdir() if "out.csv" in path.name] == []
