"""What visitors send is answered alike on SQLite and on PostgreSQL."""

import pytest
from flask import Flask

from tests.support.factories import answer
from tests.support.visits import log_in, post
from webapp.extensions import db
from webapp.feedback import service as feedback

PATHS = (
    "/?name=%00",
    "/?name=An%00na",
    "/api/v1/guess?name=An%00na",
    "/c/x%00y",
    "/batch/x%00y",
    "/history?search=%00",
    "/scoreboard?version=%00",
)
STAFF = ("/review?text=%00", "/review/name/an%00na", "/audit?actor=%00", "/audit?action=%00")
SAID = {
    "/?name=%00": 422,
    "/?name=An%00na": 200,
    "/api/v1/guess?name=An%00na": 200,
    "/scoreboard?version=%00": 422,
    "/c/x%00y": 404,
    "/batch/x%00y": 404,
    "/review/name/an%00na": 404,
}


@pytest.mark.parametrize("path", PATHS)
def test_a_nul_in_an_address_is_no_fault(each_app: Flask, path: str) -> None:
    assert each_app.test_client().get(path).status_code == SAID.get(path, 200)


@pytest.mark.parametrize("path", STAFF)
def test_a_nul_in_an_address_of_staff_is_no_fault(each_app: Flask, path: str) -> None:
    assert log_in(each_app, "admin@example.org").get(path).status_code == SAID.get(path, 200)


def test_a_nul_in_a_field_is_no_fault(each_app: Flask) -> None:
    assert post(each_app.test_client(), "/login", email="a\0@b.org", password="no\0").status_code == 403


@pytest.mark.parametrize("search", ["zul", "ZUL", "Zul", "LEIKA"])
def test_a_search_heeds_no_capitals(each_app: Flask, search: str) -> None:
    with each_app.app_context():
        answer("zuleika", visitor="ann")
        assert feedback.history("ann", search=search).total == 1
        assert feedback.history("bob", search=search).total == 0


@pytest.mark.parametrize("path", ["/scoreboard", "/versions/v1", "/api/v1/scoreboard", "/play"])
def test_a_database_that_waits_for_its_tables_is_no_fault(each_app: Flask, path: str) -> None:
    with each_app.app_context():
        db.drop_all()
    assert each_app.test_client().get(path).status_code == 503
