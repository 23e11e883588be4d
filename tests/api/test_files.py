"""Whole files by way of the API: the same readings as on the page, statuses and limits of the API."""

import io
import json
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.support import books, offices
from tests.support.uploads import grow_older
from webapp.accounts.keys import service as api_keys
from webapp.api.files import views
from webapp.files import uploads

PEOPLE = "id;Vorname;Nachname\n1;Jürgen;Weiß\n2;Dr. Anna;Kim\n".encode("cp1252")
DOUBTFUL = "Guðrún\n".encode("cp1252")


def send(
    client: FlaskClient,
    data: bytes = PEOPLE,
    title: str = "people.csv",
    key: str = "",
    is_read: bool = True,
    **said: Any,
) -> TestResponse:
    file = {"file": (io.BytesIO(data), title), **said}
    headers = {"X-Api-Key": key} if key else {}
    return client.post("/api/v1/files", data=file, headers=headers, buffered=is_read)


def reading(answer: TestResponse) -> dict[str, Any]:
    assert answer.status_code == 200, answer.text
    return json.loads(answer.headers["Nomen-Reading"])


def kept(app: Flask) -> list[Path]:
    folder = Path(app.config["INSTANCE"]) / "batches"
    return list(folder.iterdir()) if folder.exists() else []


def test_a_short_file_comes_back_at_once_and_is_not_kept(app: Flask, client: FlaskClient) -> None:
    answer = send(client)
    lines = answer.data.decode("cp1252").splitlines()
    assert answer.headers["Content-Type"] == "application/octet-stream"
    assert 'filename="people-guessed.csv"' in answer.headers["Content-Disposition"]
    assert lines[0].startswith("id;Vorname;Nachname;") and lines[1].startswith("1;Jürgen;Weiß;")
    assert "anna;Dr. (title)" in lines[2]
    assert kept(app) == []


def test_it_says_which_column_it_took_and_how_it_read_it(client: FlaskClient) -> None:
    told = reading(send(client))
    assert told["columns"] == [{"number": 2, "heading": "Vorname"}]
    assert (told["form"], told["header_row"], told["encoding"], told["sheet"]) == ("given", 1, "cp1252", None)
    assert "“Vorname” (column 2, headings in row 1)" in told["summary"]


def test_what_is_said_is_obeyed(client: FlaskClient) -> None:
    rows = [["List"], ["who", "x"], ["Kovács Éva", "1"]]
    data = offices.book([["Given name"], ["Kim"]], None, Guests=rows)
    told = reading(
        send(client, data, "x.xlsx", sheet="Guests", header_row="2", column="who", form="surname-first")
    )
    assert (told["sheet"], told["header_row"], told["form"]) == ("Guests", 2, "surname-first")
    assert told["columns"] == [{"number": 1, "heading": "who"}] and told["encoding"] is None


def test_first_and_middle_name_are_one(client: FlaskClient) -> None:
    answer = send(client, b"First,Middle\nJ.,Robert\n", column=["first", "2"])
    assert [column["number"] for column in reading(answer)["columns"]] == [1, 2]
    assert "“First” and “Middle” (columns 1 and 2," in reading(answer)["summary"]
    assert ",robert,J. (initial)," in answer.text


def test_two_encodings_that_are_as_likely_are_named_and_nothing_is_guessed(
    app: Flask, client: FlaskClient
) -> None:
    answer = send(client, DOUBTFUL)
    assert answer.status_code == 422 and answer.content_type == "application/problem+json"
    assert answer.json["errors"][0]["path"] == "encoding"
    assert "Guðrún: encoding=cp1252" in answer.json["detail"]
    assert "Guđrún: encoding=cp1250" in answer.json["detail"]
    assert kept(app) == []
    assert send(client, DOUBTFUL, encoding="cp1252").data.decode("cp1252").startswith("Guðrún,")


@pytest.mark.parametrize(
    ("said", "path", "sentence"),
    [
        ({"column": "Ort"}, "column", "There is no column 'Ort' in this file; it has id, Vorname, Nachname"),
        ({"column": "9" * 500}, "column", "There is no column"),
        ({"header_row": "99"}, "header_row", "There is nothing in row 99"),
        ({"header_row": "-1"}, "header_row", "Not a valid integer."),
        ({"header_row": "１"}, "header_row", "Not a valid integer."),
        ({"skip_rows": "1_0"}, "skip_rows", "Not a valid integer."),
        ({"form": "klingon"}, "form", "Must be one of"),
        ({"encoding": "klingon"}, "encoding", "There is no encoding"),
        ({"answer": "both"}, "answer", "Must be one of"),
    ],
)
def test_what_does_not_fit_is_told_at_its_field(
    app: Flask, client: FlaskClient, said: dict[str, str], path: str, sentence: str
) -> None:
    answer = send(client, **said)
    assert answer.status_code == 422, answer.text
    assert answer.json["errors"][0]["path"] == path and sentence in answer.json["errors"][0]["message"]
    assert kept(app) == []


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "There is nothing in this file."),
        (b"%PDF-1.7", "This is a PDF"),
        (b"PK\x03\x04junk", "This workbook is damaged"),
        (b"1,2\n3,4\n", "No column of this file looks like given names"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused(
    app: Flask, client: FlaskClient, data: bytes, sentence: str
) -> None:
    for answer in (send(client, data), send(client, data, answer="address")):
        assert answer.status_code == 422 and sentence in answer.json["detail"]
    assert kept(app) == []


def test_a_request_without_a_file_is_refused(client: FlaskClient) -> None:
    for answer in (
        client.post("/api/v1/files", data={"column": "x"}, content_type="multipart/form-data"),
        client.post("/api/v1/files", json={"file": "Anna"}),
    ):
        assert answer.status_code == 422 and answer.json["errors"][0]["path"] == "file"


def test_a_file_that_is_too_large_is_refused(app: Flask, client: FlaskClient) -> None:
    app.config["BATCH_MB"] = 1
    environ = {"CONTENT_LENGTH": str(2 * 2**20), "CONTENT_TYPE": "multipart/form-data; boundary=x"}
    answer = client.post("/api/v1/files", environ_overrides=environ)
    assert answer.status_code == 413 and answer.content_type == "application/problem+json"


def test_a_form_is_taken_as_generated_clients_write_it(client: FlaskClient) -> None:
    # openapi-python-client sends each field as a text of its own, the empty ones too, within "+++".
    fields = {"form": "given-first", "encoding": "", "sheet": "", "answer": "auto", "column": "name"}
    parts = [
        f'Content-Disposition: form-data; name="{name}"\r\nContent-Type: text/plain\r\n\r\n{value}'
        for name, value in fields.items()
    ]
    parts.append('Content-Disposition: form-data; name="file"; filename="p.csv"\r\n\r\nname\nAnna Kim\n')
    data = "".join(f"--+++\r\n{part}\r\n" for part in parts) + "--+++--\r\n"
    kind = "multipart/form-data; boundary=+++"
    answer = client.post("/api/v1/files", data=data.encode(), content_type=kind)
    assert answer.status_code == 200, answer.text
    assert answer.text.splitlines()[1].startswith("Anna Kim,female,") and "Kim (surname, KR)" in answer.text


def test_only_this_address_takes_so_much(client: FlaskClient) -> None:
    assert client.post("/api/v1/guess", json={"names": ["x" * 100_000]}).status_code == 413


def test_a_long_file_is_kept_and_fetched_by_its_address(app: Flask, client: FlaskClient) -> None:
    data = b"Name\n" + b"Giovanna\n" * (views.SHORT // 9)
    answer = send(client, data, "long.tsv")
    told = answer.json
    assert answer.status_code == 202 and told["state"] == "waiting"
    assert told["first_rows"][0] == {
        "number": 2, "name": "Giovanna", "left_out": "", "doubt": "", "country": "", "reason": ""
    }  # fmt: skip
    assert told["added"][0] == "gender" and told["reading"]["columns"] == [{"number": 1, "heading": "Name"}]
    with client.get(told["result"]) as result:
        assert result.text.count("\n") == data.count(b"\n")
        assert 'filename="long-guessed.tsv"' in result.headers["Content-Disposition"]
    done = client.get(told["progress"]).json
    assert (done["state"], done["rows"], done["share"]) == ("finished", data.count(b"\n"), 1.0)
    assert client.delete(told["progress"]).status_code == 204
    assert client.get(told["progress"]).status_code == 404 and kept(app) == []


def test_the_result_may_be_asked_for_otherwise(client: FlaskClient) -> None:
    told = send(client, answer="address").json
    where = told["result"].partition("?")[0]
    assert reading(client.get(f"{where}?column=Nachname"))["columns"][0]["heading"] == "Nachname"
    assert client.get(f"{where}?column=7").status_code == 422


def test_a_file_may_be_wanted_at_once_however_long(app: Flask, client: FlaskClient) -> None:
    answer = send(client, b"Name\n" + b"Giovanna\n" * (views.SHORT // 9), answer="file")
    assert answer.status_code == 200 and answer.text.count("\n") > 29_000
    assert kept(app) == []


def test_another_asker_has_no_such_file(app: Flask, client: FlaskClient) -> None:
    told = send(client, answer="address").json
    elsewhere = {"REMOTE_ADDR": "203.0.113.9"}
    for path in (told["progress"], told["result"]):
        assert client.get(path, environ_base=elsewhere).status_code == 404
    assert client.delete(told["progress"], environ_base=elsewhere).status_code == 404
    with app.app_context():
        secret = api_keys.add("ours", ["read"], None, by="command line").secret
    assert client.get(told["progress"], headers={"X-Api-Key": secret}).status_code == 404


def test_a_file_is_gone_after_an_hour(app: Flask, client: FlaskClient) -> None:
    told = send(client, answer="address").json
    grow_older(app, told["progress"], seconds=3_700)
    assert client.get(told["progress"]).status_code == 404


def test_files_have_a_quota_of_their_own(app: Flask, client: FlaskClient) -> None:
    app.config["FILES_PER_HOUR"] = 2
    answers = [send(client) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert answers[1].headers["RateLimit-Remaining"] == "0" and "2 files an hour" in answers[2].json["detail"]
    assert int(answers[2].headers["Retry-After"]) > 60
    with app.app_context():
        secret = api_keys.add("ours", ["read"], None, by="command line").secret
    assert send(client, key=secret).status_code == 200


def test_a_key_that_opens_nothing_is_refused_before_the_file_is_read(client: FlaskClient) -> None:
    assert send(client, key="wrong").status_code == 401


def test_while_too_many_are_read_the_next_one_waits(
    app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(views, "AHEAD", 1)
    running = [send(client, is_read=False) for _ in range(2)]
    answer = send(client)
    assert answer.status_code == 503 and int(answer.headers["Retry-After"]) > 0
    for one in running:
        one.close()
    assert send(client).status_code == 200 and kept(app) == []


def test_what_breaks_late_in_a_short_file_has_a_status(
    app: Flask, client: FlaskClient, tmp_path: Path
) -> None:
    book = books.write_book(tmp_path, books.rows_of_names(500) + b"<row><c>&nothing;</c></row>")
    answer = send(client, book.read_bytes(), "x.xlsx")
    assert answer.status_code == 422 and "damaged" in answer.json["detail"]
    assert kept(app) == []


@pytest.mark.parametrize(
    "heading",
    ["First name\x7f", "first name " + "ä" * 30_000, "first name\r\nX-Evil: 1", "Vorname\u2028\udc80"],
)
def test_whatever_a_heading_holds_the_header_stays_one_short_line(client: FlaskClient, heading: str) -> None:
    data = f'"{heading}",b\nAnna,1\n'.encode("utf-8", "surrogateescape")
    answer = send(client, data, column="1", header_row="1", encoding="utf-8")
    assert answer.status_code == 200, answer.text
    told = answer.headers["Nomen-Reading"]
    assert len(told) < 4_000 and all(" " <= letter <= "~" for letter in told)
    assert "X-Evil" not in answer.headers and json.loads(told)["columns"][0]["number"] == 1


def test_hundreds_of_middle_names_make_no_endless_address(client: FlaskClient) -> None:
    heads = ",".join(["First name", *["Middle name"] * 900])
    told = send(client, f"{heads}\n{'Anna,' * 901}\n".encode(), answer="address").json
    assert len(told["reading"]["columns"]) == 9 and len(told["result"]) < 400


def test_a_file_that_is_deleted_is_made_no_further(
    app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(views, "AHEAD", 1)
    monkeypatch.setattr(uploads, "EVERY", 0)
    told = send(client, b"Name\n" + b"Anna\n" * 40_000, answer="address").json
    making = client.get(told["result"], buffered=False)
    assert client.delete(told["progress"]).status_code == 204
    assert client.get(told["progress"]).status_code == 404
    with pytest.raises(uploads.Stopped):
        list(making.response)
    making.close()
    assert send(client).status_code == 200
