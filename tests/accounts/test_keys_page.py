"""Making and revoking API keys, on the page and in the terminal."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.support.visits import post
from webapp.accounts.keys import service as api_keys


def made(client: FlaskClient, **form: object) -> str:
    answer = post(client, "/admin/keys", **{"title": "export", "scope": ["export"], "days": "30"} | form)
    assert answer.status_code == 201, answer.text
    return re.findall(r"nomen_[\w-]{43}", answer.text)[0]


def test_a_key_is_shown_once(app: Flask, admin_client: FlaskClient) -> None:
    secret = made(admin_client)
    assert secret not in admin_client.get("/admin/keys").text
    with app.app_context():
        assert api_keys.find_key(secret) is not None


def test_a_revoked_key_stays_listed(app: Flask, admin_client: FlaskClient) -> None:
    secret = made(admin_client, days="")
    assert post(admin_client, "/admin/keys/1/revoke").status_code == 303
    page = admin_client.get("/admin/keys").text
    assert "revoked" in page and "admin@example.org" in page
    with app.app_context():
        assert api_keys.find_key(secret) is None


@pytest.mark.parametrize(
    ("form", "sentence"),
    [
        ({"title": " "}, "Give the key a title"),
        ({"scope": []}, "Choose at least one scope"),
        ({"scope": ["root"]}, "Choose at least one scope"),
        ({"days": "7000"}, "Choose how long"),
    ],
)
def test_what_cannot_be_is_told(admin_client: FlaskClient, form: dict, sentence: str) -> None:
    answer = post(admin_client, "/admin/keys", **{"title": "a", "scope": ["read"], "days": "30"} | form)
    assert answer.status_code == 422 and sentence in answer.text


def test_markup_in_a_title_is_text(admin_client: FlaskClient) -> None:
    made(admin_client, title="<script>alert(1)</script>")
    assert "<script>alert" not in admin_client.get("/admin/keys").text


def test_only_admins_make_keys(client: FlaskClient, reviewer_client: FlaskClient) -> None:
    assert client.get("/admin/keys").status_code == 303
    assert reviewer_client.get("/admin/keys").status_code == 403
    assert post(reviewer_client, "/admin/keys", title="a", scope="read", days="30").status_code == 403


def test_the_terminal_makes_lists_and_revokes(app: Flask) -> None:
    run = app.test_cli_runner().invoke
    secret = run(args=["keys", "add", "mine", "--scope", "read", "--days", "9"]).output.splitlines()[-1]
    assert "1  mine  read  until" in run(args=["keys", "list"]).output
    assert run(args=["keys", "revoke", "1"]).exit_code == 0
    assert "1  mine  read  revoked" in run(args=["keys", "list"]).output
    with app.app_context():
        assert api_keys.find_key(secret) is None
