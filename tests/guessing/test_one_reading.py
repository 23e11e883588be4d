"""What people of many countries type: page, API, genderize, file and command read it alike."""

import csv
import html
import io
from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient

from training.names import Form, titled, transliterate

SHEET: list[tuple[str, str, str, str]] = [
    # country, typed, read as (nothing: no name), left out
    ("United States", "Dr. Emily PhD", "emily", "Dr. (title), PhD (suffix)"),
    ("United States", 'Robert "Bob"', "robert", "Bob (nickname)"),
    ("United States", "J. K.", "", ""),
    ("United States", "N/A", "", ""),
    ("United Kingdom", "Rt Hon Robin", "robin", "Rt Hon (title)"),
    ("United Kingdom", "Siân", "sian", ""),
    ("Ireland", "Caoimhín", "caoimhin", ""),
    ("Germany", "Frau Prof. Dr. Kim", "kim", "Frau (title), Prof. (title), Dr. (title)"),
    ("Germany", "Jürgen", "jurgen", ""),
    ("Germany", "Anna geb. Müller", "anna", "geb. Müller (maiden name)"),
    ("Austria", "Mag.ª Andrea", "andrea", "Mag.ª (title)"),
    ("Switzerland", "Jean-Pierre", "jean-pierre", ""),
    ("France", "Mme Dominique", "dominique", "Mme (title)"),
    ("France", "Anne née Dupont", "anne", "née Dupont (maiden name)"),
    ("Spain", "Mª José", "maria jose", ""),
    ("Spain", "D.ª Pilar", "pilar", "D.ª (title)"),
    ("Mexico", "Lic. Guadalupe", "guadalupe", "Lic. (title)"),
    ("Brazil", "João Filho", "joao", "Filho (suffix)"),
    ("Portugal", "Engº Ariel", "ariel", "Engº (title)"),
    ("Italy", "Dott.ssa Andrea", "andrea", "Dott.ssa (title)"),
    ("Netherlands", "Mw. Robin", "robin", "Mw. (title)"),
    ("Poland", "Pani Maria", "maria", "Pani (title)"),
    ("Poland", "Łukasz", "lukasz", ""),
    ("Czechia", "Ing. Eva, Ph.D.", "eva", "Ing. (title), Ph.D. (suffix)"),
    ("Hungary", "Kissné Éva", "eva", "Kissné (surname)"),
    ("Hungary", "Kovács Jánosné", "", ""),
    ("Sweden", "Anna f. Berg", "anna", "f. Berg (maiden name)"),
    ("Denmark", "Søren", "soren", ""),
    ("Turkey", "Deniz Hanım", "deniz", "Hanım (title)"),
    ("Turkey", "Işıl", "isil", ""),
    ("Greece", "Ευάγγελος", "evangelos", ""),
    ("Russia", "г-жа Ольга", "olga", "г-жа (title)"),
    ("Russia", "Дарья", "darya", ""),
    ("Ukraine", "Олександр", "oleksandr", ""),
    ("India", "Smt. Lakshmi", "lakshmi", "Smt. (title)"),
    ("India", "प्रिया", "priya", ""),
    ("Egypt", "الدكتورة نور", "nwr", "الدكتورة (title)"),
    ("Israel", "שרה", "srh", ""),
    ("China", "王女士", "wang", "女士 (title)"),
    ("Japan", "花子さん", "huazi", "さん (title)"),
    ("Korea", "Jung Hee", "jung hee", ""),
    ("Vietnam", "Chị Hương", "huong", "Chị (title)"),
    ("Indonesia", "Bpk. Andi", "andi", "Bpk. (title)"),
    ("anywhere", "Anna & Tom", "", ""),
    ("anywhere", "anna@example.com", "", ""),
    ("anywhere", "RenÃ©", "rene", ""),
    ("anywhere", "Müller GmbH", "", ""),
    ("anywhere", "#REF!", "", ""),
]
TYPED = [typed for _, typed, _, _ in SHEET]
FULL: list[tuple[str, str, str]] = [
    # country, typed, read as in form auto
    ("United States", "Emily B. Johnson", "emily"),
    ("Germany", "Müller, Anna", "anna"),
    ("Spain", "María José García López", "maria jose"),
    ("Netherlands", "Jan van der Berg", "jan"),
    ("Hungary", "Kovács Éva", "eva"),
    ("Hungary", "Kovácsné Nagy Éva", "eva"),
    ("Russia", "Иванова Анна Петровна", "anna"),
    ("China", "王芳", "fang"),
    ("Korea", "Kim Jung Hee", "jung hee"),
    ("Vietnam", "Nguyễn Thị Hương", "thi huong"),
    ("Egypt", "Fatima Al Hassan", "fatima"),
]


def from_file(client: FlaskClient, typed: list[str], form: Form) -> list[dict[str, str]]:
    """Return the rows of a file that is sent to the API and comes back."""
    text = io.StringIO()
    csv.writer(text).writerows([["given name"], *([name] for name in typed)])
    data = {"file": (io.BytesIO(text.getvalue().encode()), "sheet.csv"), "form": form.value}
    answer = client.post("/api/v1/files", data=data, buffered=True)
    assert answer.status_code == 200, answer.text
    return list(csv.DictReader(io.StringIO(answer.data.decode())))


def from_command(app: Flask, typed: list[str], form: Form) -> Iterator[str]:
    """Yield what the command says of each name."""
    told = app.test_cli_runner().invoke(args=["guess", "--form", form.value, *typed])
    lines = iter(told.output.splitlines())
    return (next(lines).removeprefix(f"{name}: ") for name in typed)


def from_api(client: FlaskClient, typed: list[str], form: Form) -> list[dict[str, str]]:
    asked = {"names": typed, "form": form.value}
    return list(client.post("/api/v1/guess", json=asked).json["guesses"])


def test_api_file_and_command_read_each_row_of_the_sheet_alike(app: Flask, client: FlaskClient) -> None:
    told = zip(
        SHEET,
        from_api(client, TYPED, Form.GIVEN),
        from_file(client, TYPED, Form.GIVEN),
        from_command(app, TYPED, Form.GIVEN),
        strict=True,
    )
    for (_, typed, read_as, left_out), guess, row, line in told:
        pieces = ", ".join(f"{piece['text']} ({piece['why']})" for piece in guess["left_out"])
        assert (transliterate(guess["read_as"] or ""), pieces if read_as else "") == (read_as, left_out), (
            typed
        )
        assert (row["read_as"], row["left_out"]) == (guess["read_as"] or "", left_out), typed
        assert row["reason"] == (guess.get("reason") or ""), typed
        assert line == guess["reason"] if not read_as else f"left out: {left_out}" in line or not left_out
        assert (guess.get("doubt") or "") == row["doubt"] and row["doubt"] in line, typed


@pytest.mark.parametrize(("typed", "read_as"), [(typed, read_as) for _, typed, read_as, _ in SHEET])
def test_the_page_shows_each_row_of_the_sheet_so(client: FlaskClient, typed: str, read_as: str) -> None:
    answer = client.get("/", query_string={"name": typed})
    [guess] = from_api(client, [typed], Form.GIVEN)
    assert (answer.status_code == 200) == bool(read_as)
    shown = html.unescape(answer.text)
    assert (
        guess["reason"] in shown
        if not read_as
        else all(piece["text"] in shown for piece in guess["left_out"])
    )
    assert transliterate(guess["read_as"] or "") == read_as
    assert not read_as or guess["read_as"] in shown or titled(guess["read_as"]) in shown


def test_genderize_reads_each_row_of_the_sheet_so(client: FlaskClient) -> None:
    answers = client.get("/genderize", query_string={"name[]": TYPED}).json
    guesses = from_api(client, TYPED, Form.GIVEN)
    for answer, guess in zip(answers, guesses, strict=True):
        share = guess["p_female"]
        certainty = 0.0 if share is None else max(share, 1 - share)
        assert (answer["gender"], answer["probability"]) == (
            guess["label"],
            pytest.approx(certainty, abs=1e-4),
        )


def test_full_names_are_read_alike(app: Flask, client: FlaskClient) -> None:
    typed = [name for _, name, _ in FULL]
    told = zip(
        FULL,
        from_api(client, typed, Form.AUTO),
        from_file(client, typed, Form.AUTO),
        from_command(app, typed, Form.AUTO),
        strict=True,
    )
    for (_, name, read_as), guess, row, line in told:
        assert guess["read_as"] == row["read_as"] and transliterate(guess["read_as"]) == read_as, name
        page = client.get("/", query_string={"name": name, "form": "auto"}).text
        assert all(
            piece["text"] in html.unescape(page) and piece["text"] in line for piece in guess["left_out"]
        )
