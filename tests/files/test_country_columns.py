"""A column that says where each name is from: found, chosen, read, and told in the file that comes back."""

import csv
import io
from pathlib import Path

import openpyxl
import pytest

from tests.support import tables
from tests.support.letters import letters_artifact
from tests.support.readers import small_readers
from training.model.inference.cpu_network import load as serve
from training.model.saving import dump, load
from training.names import COUNTRIES, Form
from training.names.scripts.country_words import country_code
from webapp.files.formats.convert import open_table
from webapp.files.formats.table import Choice
from webapp.files.layout.find import NO_COLUMN, Asked
from webapp.guessing.bulk import Bulk
from webapp.guessing.predictor import Champion

pytestmark = pytest.mark.xdist_group("readers")  # whose worker teaches the small ones once

PEOPLE = b"name,Country\nAndrea,Italy\nAndrea,DE\nAndrea,\nAndrea,Atlantis\n"


@pytest.fixture(scope="session")
def champion() -> Champion:
    network = load(letters_artifact())
    return Champion(7, 1, serve(dump(network.network, network.card, small_readers())))


def written(folder: Path, data: bytes) -> Path:
    (folder / "in").write_bytes(data)
    return folder / "in"


def country_column(folder: Path, data: bytes, asked: Asked = Asked()) -> int | None:  # noqa: B008 - frozen
    return tables.layout_of(written(folder, data), asked=asked).country


def rows(data: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(data.decode())))


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("IT", "IT"),
        ("it", "IT"),
        ("ITA", "IT"),
        ("Italy", "IT"),
        (" the netherlands ", "NL"),
        ("UK", "GB"),
        ("U.S.A.", "US"),
        ("Korea, Republic of", "KR"),
        ("Bosnia and Herzegovina", "BA"),
        ("Cote d'Ivoire", "CI"),
        ("Türkiye", "TR"),
        ("EU", ""),
        ("SUN", ""),
        ("Atlantis", ""),
        ("", ""),
    ],
)
def test_a_country_is_known_by_its_codes_and_words(text: str, code: str) -> None:
    assert country_code(text) == code


def test_a_country_is_known_in_the_language_of_the_headings_too() -> None:
    assert (country_code("Österreich", "de"), country_code("Österreich", "en")) == ("AT", "")


@pytest.mark.parametrize(
    ("lines", "column"),
    [
        (["name,country", "Andrea,Italy"], 1),
        (["Country of residence,First name", "IT,Andrea"], 0),
        (["Vorname;Land", "Andrea;Österreich"], 1),
        (["prénom;pays", "Andrea;Italie"], 1),
        (["Andrea,Italy", "Jean,France", "Kim,Korea"], 1),
        (["Andrea,IT", "Jean,FR", "Jan,PL"], 1),
        # Nothing of these is a country, whatever it is called.
        (["name,country", "Andrea,Upper Valley", "Jean,Lower Valley"], None),
        (["name,state", "Andrea,CA", "Jean,DE", "Jan,AL"], None),
        (["Andrea,CA", "Jean,DE", "Jan,AL"], None),
        (["Andrea,IT", "Jean,IT", "Jan,IT"], None),
        (["name,sex", "Andrea,it", "Jean,be", "Jan,us"], None),
        (["given name,surname", "Chad,Jordan", "Georgia,Israel", "Paris,France"], None),
    ],
)
def test_the_column_is_found_by_its_heading_or_its_cells(
    tmp_path: Path, lines: list[str], column: int | None
) -> None:
    assert country_column(tmp_path, "\n".join(lines).encode()) == column


def test_a_column_can_be_chosen_or_none(tmp_path: Path) -> None:
    data = b"name,Country,born\nAndrea,Italy,DE\n"
    assert country_column(tmp_path, data, Asked(country=2)) == 2
    assert country_column(tmp_path, data, Asked(country=NO_COLUMN)) is None


def test_each_name_is_read_with_its_country_and_the_file_says_which(
    tmp_path: Path, champion: Champion
) -> None:
    found = rows(tables.convert(written(tmp_path, PEOPLE), champion))
    assert [row["gender"] for row in found] == ["male", "female", "female", "female"]
    assert [row["country_read"] for row in found] == ["IT", "DE", "anywhere", "anywhere"]
    assert list(found[0])[-3:] == ["country_read", "version", "reason"]


def test_without_a_column_the_file_is_as_it_was(tmp_path: Path, champion: Champion) -> None:
    (row,) = rows(tables.convert(written(tmp_path, b"name\nAndrea\n"), champion))
    assert "country_read" not in row and len(row) == 8


def test_a_surname_tells_a_country_where_the_column_does_not(tmp_path: Path, champion: Champion) -> None:
    data = written(tmp_path, b"name,Country\nAndrea Rossi,\nAndrea Rossi,DE\nAndrea Smith,\n")
    reader = Bulk(champion, form=Form.GIVEN_FIRST)
    found = rows(b"".join(done.data for done in open_table(data).convert(Choice((0,), 1, country=1), reader)))
    assert [row["country_read"] for row in found] == ["IT", "DE", "anywhere"]
    assert [row["left_out"] for row in found] == ["Rossi (surname, IT)", "Rossi (surname)", "Smith (surname)"]
    assert [row["gender"] for row in found] == ["male", "female", "female"]


def test_where_the_column_says_nothing_the_country_of_all_is_read(tmp_path: Path, champion: Champion) -> None:
    reader = Bulk(champion, country=COUNTRIES["IT"])
    table = open_table(written(tmp_path, PEOPLE))
    data = b"".join(done.data for done in table.convert(Choice((0,), 1, country=1), reader))
    assert [row["country_read"] for row in rows(data)] == ["IT", "DE", "IT", "IT"]


def test_a_row_without_a_name_says_no_country(tmp_path: Path, champion: Champion) -> None:
    _, row = rows(tables.convert(written(tmp_path, b"name,country\nAndrea,IT\n12,IT\n"), champion))
    assert (row["country_read"], row["reason"]) == ("", "This is a number, not a name.")


def test_a_workbook_has_a_column_of_countries_too(tmp_path: Path, champion: Champion) -> None:
    made = openpyxl.Workbook()
    for row in csv.reader(io.StringIO(PEOPLE.decode())):
        made.active.append(row)
    made.save(tmp_path / "in.xlsx")
    data = tables.convert(tmp_path / "in.xlsx", champion)
    found = list(openpyxl.load_workbook(io.BytesIO(data)).active.iter_rows(values_only=True))
    at = found[0].index("country_read")
    assert [row[at] for row in found[1:]] == ["IT", "DE", "anywhere", "anywhere"]
    assert [row[2] for row in found[1:]] == ["male", "female", "female", "female"]
