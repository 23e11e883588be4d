"""Whatever goes wrong has a page with a way on, or problem+json, and gives nothing away."""

import sqlite3
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask, abort, request
from flask.testing import FlaskClient
from sqlalchemy.exc import OperationalError

from tests.support.databases import away
from tests.support.visits import post
from webapp import errors

JSON = {"Accept": "application/json"}
RAISED: dict[str, tuple[int, Exception]] = {
    "bad-request": (400, errors.BadRequest("It makes no sense.")),
    "forbidden": (403, errors.Forbidden("It is not open to you.")),
    "not-found": (404, errors.NotFound("It is not there.")),
    "conflict": (409, errors.Conflict("Something else runs.")),
    "too-large": (413, errors.TooLarge("It is too much.")),
    "invalid": (422, errors.Invalid("The day is none.", field="day")),
    "too-many": (429, errors.TooMany("Too often.", retry_after=7)),
    "unavailable": (503, errors.Unavailable("Nothing serves yet.")),
}


def failing(app: Flask, error: Callable[[], object]) -> FlaskClient:
    """Return a browser for a site whose /fails goes wrong as it would outside of tests."""
    app.config["PROPAGATE_EXCEPTIONS"] = False
    app.add_url_rule("/fails", view_func=error, methods=["GET", "POST"], endpoint="fails")
    return app.test_client()


def throw(error: Exception) -> Callable[[], object]:
    def view() -> object:
        raise error

    return view


@pytest.mark.parametrize("kind", RAISED)
def test_an_error_of_ours_is_a_page_with_a_way_on(app: Flask, kind: str) -> None:
    status, error = RAISED[kind]
    answer = failing(app, throw(error)).get("/fails")
    assert answer.status_code == status and str(error) in answer.text
    assert 'href="/">Guess a name' in answer.text and "Error" not in answer.text


@pytest.mark.parametrize("kind", RAISED)
def test_an_error_of_ours_is_a_problem_to_json_callers(app: Flask, kind: str) -> None:
    status, error = RAISED[kind]
    answer = failing(app, throw(error)).get("/fails", headers=JSON)
    assert answer.content_type == "application/problem+json"
    assert answer.json["status"] == status and answer.json["detail"] == str(error)


@pytest.mark.parametrize("status", [400, 403, 404, 405, 413, 415, 422, 429, 500, 503])
def test_an_http_error_has_its_page_and_its_problem(app: Flask, status: int) -> None:
    client = failing(app, lambda: abort(status))
    page, problem = client.get("/fails"), client.get("/fails", headers=JSON)
    assert page.status_code == status and "Guess a name" in page.text
    assert problem.status_code == status and problem.json["detail"] in page.get_data(as_text=True)
    assert page.headers["Cache-Control"] == "no-store"


def test_a_field_that_is_wrong_is_named(app: Flask) -> None:
    answer = failing(app, throw(RAISED["invalid"][1])).get("/fails", headers=JSON)
    assert answer.json["field"] == "day"


def test_who_asks_too_often_is_told_when_to_come_back(app: Flask) -> None:
    assert failing(app, throw(RAISED["too-many"][1])).get("/fails").headers["Retry-After"] == "7"


def test_a_fault_of_ours_tells_nothing_of_itself(app: Flask, caplog: pytest.LogCaptureFixture) -> None:
    client = failing(app, lambda: {}["secret-key"] or request.form["password"])
    answer = post(client, "/fails", password="hunter2hunter2")
    assert answer.status_code == 500 and "secret" not in answer.text and "Traceback" not in answer.text
    assert "KeyError" in caplog.text and "hunter2" not in caplog.text


def test_a_database_that_is_away_is_told_of_kindly(app: Flask) -> None:
    error = OperationalError("SELECT secret", {}, sqlite3.OperationalError("database is locked"))
    answer = failing(app, throw(error)).get("/fails")
    assert answer.status_code == 503 and "SELECT" not in answer.text and answer.headers["Retry-After"]


@pytest.mark.sqlite(reason="a database on a server is no file of the site's")
def test_an_error_page_needs_no_database(app: Flask, admin_client: FlaskClient, instance: Path) -> None:
    app.config["PROPAGATE_EXCEPTIONS"] = False
    for file in instance.glob("nomen.db*"):
        file.write_bytes(b"no database")
    answer = admin_client.get("/users")
    assert answer.status_code == 503 and "Guess a name" in answer.text


def test_an_error_page_needs_no_database_that_answers(admin_client: FlaskClient, instance: Path) -> None:
    with away(instance, "user"):
        answer = admin_client.get("/users")
    assert answer.status_code == 503 and "Guess a name" in answer.text


@pytest.mark.parametrize("page", ["/?name=Giovanna", "/healthz", "/robots.txt", "/batch"])
def test_what_is_public_needs_no_database_for_staff_either(
    admin_client: FlaskClient, instance: Path, page: str
) -> None:
    admin_client.get(page)
    with away(instance, "user"):
        assert admin_client.get(page).status_code == 200
    assert admin_client.get("/users").status_code == 200  # they are still logged in


@pytest.mark.parametrize("page", ["/password", "/second-factor", "/review", "/admin/keys"])
def test_staff_are_not_sent_to_log_in_while_nobody_knows_who_they_are(
    admin_client: FlaskClient, instance: Path, page: str
) -> None:
    assert admin_client.get(page).status_code == 200
    with away(instance, "user"):
        assert admin_client.get(page).status_code == 503


@pytest.mark.parametrize("where", ["/<script>alert(1)</script>", "/?x=%22%3E%3Cimg%20onerror=x%3E&name=1"])
def test_an_error_page_escapes_what_was_asked_for(client: FlaskClient, where: str) -> None:
    answer = client.get(where, headers={"Accept": "text/html", "Content-Type": "<script>"})
    assert answer.status_code in (404, 422) and "<script>alert" not in answer.text
    assert "<img" not in answer.text


def test_a_method_that_is_not_taken_says_which_are(client: FlaskClient) -> None:
    answer = client.delete("/login")
    assert answer.status_code in (400, 405)
    assert client.put("/healthz", headers=JSON).status_code in (400, 405)


def multipart(parts: int, size: int) -> bytes:
    one = '--b\r\nContent-Disposition: form-data; name="name"\r\n\r\n' + "x" * size + "\r\n"
    return (one * parts + "--b--\r\n").encode()


TOO_MUCH = [
    ("application/x-www-form-urlencoded", b"name=" + b"x" * 1_000_000),
    ("application/x-www-form-urlencoded", b"&".join(b"p%d=" % i for i in range(100_000))),
    ("multipart/form-data; boundary=b", multipart(1, 1_000_000)),
    ("multipart/form-data; boundary=b", multipart(100_000, 0)),
    ("multipart/form-data; boundary=b", multipart(300, 1)),
]


@pytest.mark.parametrize(("kind", "body"), TOO_MUCH, ids=["name", "fields", "part", "parts", "small parts"])
def test_too_much_is_refused_at_little_cost(client: FlaskClient, kind: str, body: bytes) -> None:
    began = time.thread_time()
    answer = client.post("/login", data=body, content_type=kind)
    assert answer.status_code == 413 and time.thread_time() - began < 1
    assert "more than the site takes" in answer.text


def test_deep_json_is_refused(app: Flask) -> None:
    client = failing(app, lambda: request.get_json())
    app.config["WTF_CSRF_ENABLED"] = False
    answer = client.post("/fails", data="[" * 60_000, content_type="application/json")
    assert answer.status_code == 413 and answer.json["detail"] == "That JSON is nested too deeply."


def test_a_megabyte_in_the_address_is_no_fault_of_ours(client: FlaskClient) -> None:
    assert client.get("/", query_string={"name": "x" * 1_000_000}).status_code == 422
