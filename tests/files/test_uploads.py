"""Whole files by way of the page, as a browser without JavaScript does it."""

import io
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.support import offices
from tests.support.uploads import NAMES, bring, brought, folder_of, grow_older
from tests.support.visits import post
from webapp.errors import TooLarge
from webapp.files import uploads
from webapp.web import downloads


def test_a_file_comes_back_with_guesses(client: FlaskClient) -> None:
    where = brought(client)
    page = client.get(where).text
    assert "people.csv" in page and "Anna" in page and 'value="1" checked' in page
    answer = client.get(f"{where}/file?column=1")
    assert answer.text.splitlines()[0] == "id,name,gender,p_female,read_as,left_out,doubt,version,reason"
    assert [line.split(",")[:2] for line in answer.text.splitlines()[1:]] == [["1", "Anna"], ["2", "Kim"]]


def test_a_file_is_given_back_to_be_saved_and_never_shown(client: FlaskClient) -> None:
    where = brought(client, data=b"name\n<script>alert(1)</script>\n", title="x.html")
    with client.get(f"{where}/file?column=0") as answer:
        headers = answer.headers
    assert headers["Content-Disposition"].startswith('attachment; filename="x-guessed.csv"')
    assert headers["Content-Type"] == "application/octet-stream"
    assert headers["X-Content-Type-Options"] == "nosniff" and "no-store" in headers["Cache-Control"]


@pytest.mark.parametrize(
    ("title", "plain"),
    [
        ("../../etc/passwd", "passwd-guessed.csv"),
        ("C:\\x\\list.tsv", "list-guessed.tsv"),
        ('a"b\r\nX: y.csv', "a_b__X_ y-guessed.csv"),
        ("Ünïcode.csv", "_n_code-guessed.csv"),
        ("....csv", "names-guessed.csv"),
    ],
)
def test_the_name_of_a_file_is_harmless(app: Flask, title: str, plain: str) -> None:
    with app.test_request_context():
        batch = uploads.add(io.BytesIO(NAMES), title, "ann")
        told = downloads.attach(app.response_class(), batch.given_back_as).headers["Content-Disposition"]
        assert f'filename="{plain}"' in told and "\n" not in told
        assert batch.file.parent.parent == Path(app.config["INSTANCE"]).resolve() / "batches"


def test_a_pasted_list_is_a_file_too(client: FlaskClient) -> None:
    where = post(client, "/batch", pasted="Anna\r\nKim\r\n").location
    lines = client.get(f"{where}/file?column=0").text.splitlines()
    assert [line.split(",")[0] for line in lines] == ["Anna", "Kim"]


def test_another_visitor_has_no_such_file(app: Flask, client: FlaskClient) -> None:
    where = brought(client)
    other = app.test_client()
    assert [other.get(where + path).status_code for path in ("", "/file?column=0", "/progress")] == [404] * 3
    assert post(other, where + "/stop").status_code == 404


@pytest.mark.parametrize("batch_id", ["..", "%2e%2e", "nope", "..%2f..%2fetc", "a" * 22])
def test_an_id_that_was_never_given_finds_nothing(client: FlaskClient, batch_id: str) -> None:
    brought(client)
    assert client.get(f"/batch/{batch_id}").status_code == 404


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "There is nothing in this file."),
        (b"\n\n", "There is nothing in this file."),
        (b"%PDF-1.7", "This is a PDF"),
        (b"PK\x03\x04junk", "This workbook is damaged"),
        (b"x" * 5_000, "A line of this file is longer"),
    ],
)
def test_a_file_that_cannot_be_read_is_told_and_not_kept(
    app: Flask, client: FlaskClient, data: bytes, sentence: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("webapp.files.formats.text.detection.LONGEST_LINE", 4_000)
    answer = bring(client, data)
    assert answer.status_code == 422 and sentence in answer.text
    assert not [*(Path(app.config["INSTANCE"]) / "batches").glob("*")]


def test_nothing_at_all_is_told(client: FlaskClient) -> None:
    answer = post(client, "/batch", pasted=" ")
    assert answer.status_code == 422 and "Choose a file, or paste a list" in answer.text


def test_a_file_that_is_too_large_is_refused(app: Flask, client: FlaskClient) -> None:
    app.config["BATCH_MB"] = 1
    environ = {"CONTENT_LENGTH": str(2 * 2**20), "CONTENT_TYPE": "multipart/form-data; boundary=x"}
    assert client.post("/batch", environ_overrides=environ).status_code == 413
    with app.test_request_context(), pytest.raises(TooLarge):
        uploads.add(io.BytesIO(b"Anna\n" * 210_000), "x.csv", "ann")


def test_only_this_page_takes_files(client: FlaskClient) -> None:
    assert post(client, "/feedback", file=(io.BytesIO(b"x" * 100_000), "x")).status_code == 413


def test_a_file_without_a_token_is_refused(client: FlaskClient) -> None:
    assert client.post("/batch", data={"file": (io.BytesIO(NAMES), "x.csv")}).status_code == 400


@pytest.mark.parametrize("column", ["", "-1", "2", "x", "9" * 9, "²"])
def test_a_column_that_is_not_there_is_told(client: FlaskClient, column: str) -> None:
    assert client.get(f"{brought(client)}/file?column={column}").status_code == 422


def test_progress_is_told(client: FlaskClient) -> None:
    where = brought(client)
    assert client.get(where + "/progress").json["state"] == "waiting"
    assert client.get(f"{where}/file?column=1").data
    told = client.get(where + "/progress").json
    assert (told["state"], told["rows"], told["share"]) == ("finished", 3, 1.0)


def test_a_stop_ends_the_download_unfinished(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploads, "EVERY", 0)  # else the file may be done before it is looked for a stop
    where = brought(client, data=b"Anna\n" * 50_000)
    answer = client.get(f"{where}/file?column=0", buffered=False)
    pieces = iter(answer.response)
    next(pieces)
    post(client, where + "/stop")
    with pytest.raises(uploads.Stopped):
        list(pieces)
    answer.close()
    assert client.get(where + "/progress").json["state"] == "stopped"
    assert client.get(f"{where}/file?column=0").text.count("\n") == 50_000


def test_a_reader_who_leaves_makes_room_for_the_next(client: FlaskClient) -> None:
    where = brought(client, data=b"Anna\n" * 50_000)
    for _ in range(5):
        client.get(f"{where}/file?column=0", buffered=False).close()
    assert client.get(where + "/progress").json["state"] == "stopped"
    client.head(f"{where}/file?column=0")
    assert client.get(f"{where}/file?column=0").data.startswith(b"Anna,")


def test_only_so_many_files_are_converted_at_once(client: FlaskClient) -> None:
    where = brought(client)
    running = [client.get(f"{where}/file?column=1", buffered=False) for _ in range(2)]
    assert client.get(f"{where}/file?column=1").status_code == 503
    for answer in running:
        answer.close()


def test_files_are_deleted_after_an_hour(app: Flask, client: FlaskClient) -> None:
    where = brought(client)
    grow_older(app, where, seconds=3_700)
    with app.app_context():
        uploads.sweep()
    assert client.get(where).status_code == 404 and not folder_of(app, where).exists()


def test_a_fourth_file_makes_the_first_one_go(app: Flask, client: FlaskClient) -> None:
    where = []
    for minutes in (4, 3, 2, 1):
        where.append(brought(client))
        grow_older(app, where[-1], seconds=60 * minutes)
    assert [client.get(one).status_code for one in where] == [404, 200, 200, 200]


def test_all_files_together_are_bounded(app: Flask, client: FlaskClient, monkeypatch: Any) -> None:
    monkeypatch.setattr(uploads, "ALL", 1)
    brought(client)
    assert bring(client).status_code == 503


def book_of_guests() -> bytes:
    rows = [
        ["Our guests"],
        [],
        ["No.", "Attendee", "Company"],
        [1, "Dr. Anna Müller", "ACME"],
        [2, "N/A", "X"],
    ]
    return offices.book(rows, None, Speakers=[["Given name"], ["Kim"]])


def test_the_page_shows_names_as_they_will_be_read(client: FlaskClient) -> None:
    page = client.get(brought(client, book_of_guests(), "guests.xlsx")).text
    assert "“Attendee” (column 2, headings in row 3); each is read as a full name in either order." in page
    assert (
        '<b class="serif">Anna</b> <span class="quiet small">without Dr. (title), Müller (surname)</span>'
        in page
    )
    assert "This stands where a name is missing." in page


def test_what_stands_for_no_name_is_no_sample_of_the_names(client: FlaskClient) -> None:
    page = client.get(brought(client, b"id,first_name\n1,NULL\n2,N/A\n3,#REF!\n4,(blank)\n5,Nan\n")).text
    assert '<b class="serif samples">Nan</b>' in page


def test_another_sheet_is_looked_at_afresh(client: FlaskClient) -> None:
    where = brought(client, book_of_guests(), "guests.xlsx")
    shown = "column=1&header_row=3&sheet=Speakers&shown_sheet=People&shown_header_row=3"
    page = client.get(f"{where}?{shown}").text
    assert "“Given name” (column 1, headings in row 1)" in page
    # Nothing is converted that nobody has seen.
    assert client.get(f"{where}/file?{shown}").status_code == 303


def test_headings_in_another_row_are_looked_at_afresh(client: FlaskClient) -> None:
    where = brought(client, b"Smith,Anna,x\nid,who,first name\n1,Doe,Kim\n")
    page = client.get(f"{where}?column=0&header_row=2&shown_header_row=0").text
    assert "“first name” (column 3, headings in row 2)" in page


def test_a_doubtful_encoding_is_asked_about_and_not_guessed(client: FlaskClient) -> None:
    where = brought(client, "Guðrún\n".encode("cp1252"))
    page = client.get(where).text
    assert "2 ways are about as likely" in page and "Guðrún" in page and "Guđrún" in page
    assert "Guess and download" not in page
    assert client.get(f"{where}/file?column=0").status_code == 422
    assert "Guess and download" in client.get(f"{where}?encoding=cp1252").text
    answer = client.get(f"{where}/file?column=0&encoding=cp1252")
    assert answer.data.decode("cp1252").startswith("Guðrún,")


def test_first_and_middle_name_are_one(client: FlaskClient) -> None:
    where = brought(client, b"First,Middle\nJ.,Robert\n")
    assert "“First” and “Middle”" in client.get(where).text
    assert ",robert,J. (initial)," in client.get(f"{where}/file?column=0&with=1").text


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        ("header_row=99", "There is nothing in row 99"),
        ("header_row=x", "The row of the headings is a number"),
        ("skip=-1", "How many rows to skip is a number"),
        ("form=klingon", "A form is one of"),
        ("encoding=klingon", "There is no encoding"),
        ("column=7", "There is no such column"),
    ],
)
def test_a_choice_that_does_not_fit_is_told_beside_the_file(
    client: FlaskClient, asked: str, sentence: str
) -> None:
    answer = client.get(f"{brought(client)}?{asked}")
    assert answer.status_code == 422 and sentence in answer.text and "Where are the names?" in answer.text


def test_a_refusal_stands_at_the_field(client: FlaskClient) -> None:
    page = bring(client, b"%PDF-1.7").text
    assert 'aria-invalid="true" aria-describedby="file-problem"' in page
    assert '<p class="notice bad" id="file-problem" role="alert">This is a PDF;' in page


def test_a_refused_number_is_told_at_its_field_and_stays_there(client: FlaskClient) -> None:
    where = brought(client, "Vorname;x\nJürgen;1\n".encode("cp1252"))
    page = client.get(f"{where}?header_row=99&encoding=cp1250").text
    assert 'value="99" aria-invalid="true" aria-describedby="header_row-problem"' in page
    assert '<p class="problem" id="header_row-problem" role="alert">There is nothing in row 99' in page
    assert page.count("There is nothing in row 99") == 1
    assert '<option value="cp1250" selected>' in page
