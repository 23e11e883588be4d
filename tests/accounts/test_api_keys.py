"""Keys to the API."""

from datetime import timedelta

import pytest
from flask import Flask

from webapp.accounts.keys import service as api_keys
from webapp.audit import trail as audit
from webapp.audit.trail import AuditFilter
from webapp.errors import Invalid, NotFound
from webapp.models import ApiKey, now
from webapp.storage.database import writing


@pytest.fixture(autouse=True)
def inside(app: Flask):  # type: ignore[no-untyped-def]
    with app.app_context():
        yield


def test_a_key_is_found_by_its_secret() -> None:
    made = api_keys.add(" A  title ", ["export", "read"], 30, by="command line")
    found = api_keys.find_key(made.secret)
    assert found is not None and (found.title, found.scopes) == ("A title", {"read", "export"})


def test_the_secret_is_nowhere_in_the_database() -> None:
    made = api_keys.add("a", ["read"], None, by="command line")
    (row,) = api_keys.everything()
    assert made.secret not in str(vars(row)) and len(row.sha256) == 64


@pytest.mark.parametrize("secret", ["", "nomen_", "nope", "\ud800", "x" * 100_000])
def test_another_secret_finds_nothing(secret: str) -> None:
    api_keys.add("a", ["read"], None, by="command line")
    assert api_keys.find_key(secret) is None


def test_a_revoked_key_opens_nothing_and_can_be_revoked_again() -> None:
    made = api_keys.add("a", ["read"], None, by="command line")
    for _ in range(2):
        api_keys.revoke(made.key.id, by="bob")
    assert api_keys.find_key(made.secret) is None
    actions = [entry.action for entry in audit.page(AuditFilter())[0] if entry.action.startswith("key")]
    assert actions == ["key.revoke", "key.add"]


def test_a_key_ends() -> None:
    made = api_keys.add("a", ["read"], 1, by="command line")
    with writing() as session:
        session.get_one(ApiKey, made.key.id).expires_at = now() - timedelta(seconds=1)
    assert api_keys.find_key(made.secret) is None


def test_its_use_is_noted() -> None:
    made = api_keys.add("a", ["read"], 1, by="command line")
    api_keys.find_key(made.secret)
    assert api_keys.everything()[0].used_at is not None


@pytest.mark.parametrize(
    ("title", "scopes", "days", "field"),
    [
        ("", ["read"], 1, "title"),
        ("x" * 81, ["read"], 1, "title"),
        ("a\x1b[31m", ["read"], 1, "title"),
        ("a", [], 1, "scopes"),
        ("a", ["root"], 1, "scopes"),
        ("a", ["read"], 0, "days"),
        ("a", ["read"], 4_000, "days"),
    ],
)
def test_a_key_that_makes_no_sense_is_refused(title: str, scopes: list[str], days: int, field: str) -> None:
    with pytest.raises(Invalid) as refused:
        api_keys.add(title, scopes, days, by="command line")
    assert refused.value.field == field


def test_a_key_that_is_not_there_cannot_be_revoked() -> None:
    with pytest.raises(NotFound):
        api_keys.revoke(7, by="command line")
