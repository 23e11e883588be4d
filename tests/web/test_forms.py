"""Forms: what is wrong stands at the field that it is about, and what was typed stays."""

import re

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.support.visits import post

REFUSED = [
    ("/users", {"email": "nobody", "role": "admin"}, "email", "is no e-mail address"),
    ("/users", {"email": "a@b.example", "role": "king"}, "role", "The role is one of"),
    ("/admin/keys", {"title": "", "scope": "read", "days": "30"}, "title", "Give the key a title"),
    ("/admin/keys", {"title": "a", "days": "30"}, "scope", "Choose at least one scope"),
    ("/admin/keys", {"title": "a", "scope": "read", "days": "7"}, "days", "Choose how long"),
    ("/password", {"old": "wrong", "new": "long enough by far"}, "old", "not your present password"),
    ("/retraining", {"kind": "scratch", "epochs": "many"}, "epochs", "Epochs cannot be"),
    ("/retraining", {"kind": "scratch", "device": "abacus"}, "device", "Device is one of"),
    ("/versions/import", {"note": "nothing"}, "file", "not a safetensors file"),
]
FILTERS = [
    ("/audit?since=yesterday", "since", "is no day"),
    ("/audit?until=1-1-1-1", "until", "is no day"),
    ("/review?since=x", "since", "is no day"),
    ("/review?version=x", "version", "A version is written as v7."),
]


def problem_at(page: TestResponse, field: str) -> str:
    """Return what a page says is wrong with a field; an empty text if nothing is."""
    found = re.search(rf'id="(?:{field})-problem"[^>]*>(.*?)</p>', page.text)
    return found[1] if found else ""


@pytest.mark.parametrize(("path", "form", "field", "sentence"), REFUSED)
def test_what_is_wrong_with_a_form_stands_at_its_field(
    admin_client: FlaskClient, path: str, form: dict[str, str], field: str, sentence: str
) -> None:
    page = post(admin_client, path, **form)
    assert page.status_code == 422 and sentence in problem_at(page, field)


@pytest.mark.parametrize(("address", "field", "sentence"), FILTERS)
def test_what_is_wrong_with_a_filter_stands_at_its_field(
    admin_client: FlaskClient, address: str, field: str, sentence: str
) -> None:
    page = admin_client.get(address)
    assert page.status_code == 422 and sentence in problem_at(page, field)


@pytest.mark.parametrize("address", ["/audit?since=yesterday", "/review?version=x"])
def test_a_program_is_told_what_is_wrong_with_a_filter_as_json(
    admin_client: FlaskClient, address: str
) -> None:
    answer = admin_client.get(address, headers={"Accept": "application/json"})
    assert answer.status_code == 422 and answer.content_type == "application/problem+json"


def test_what_was_typed_stays_in_a_form_that_is_refused(admin_client: FlaskClient) -> None:
    page = post(admin_client, "/admin/keys", title="Nightly", days="30", scope=["root", "read"]).text
    assert 'value="Nightly"' in page and re.search('<option [^>]*selected value="30"', page)
    assert re.search('<input checked [^>]*value="read"', page)


def test_a_field_leads_screen_readers_to_what_is_wrong_with_it(admin_client: FlaskClient) -> None:
    page = post(admin_client, "/users", email="nobody", role="admin").text
    assert 'aria-describedby="email-problem" aria-invalid="true"' in page


def test_a_form_that_nobody_sent_is_empty(admin_client: FlaskClient) -> None:
    post(admin_client, "/users/reset", email="reviewer@example.org")
    assert 'value="reviewer@example.org"' not in admin_client.get("/users").text.split("Add somebody")[1]
