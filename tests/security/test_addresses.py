"""Whatever an address holds: it is an answer or a sentence, never a fault of ours."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.support.visits import post, rules
from webapp.config import ROOT

TOO_LARGE = 2**63
HOSTILE = (
    "9" * 30,
    "-1",
    "\0",
    "٣",
    "<script>alert(1)</script>",
    "' OR 1=1 --",
    "9999-12-31",
    "nan",
    "v" * 5000,
)
USED = re.compile(r'(?:args|asked|first|parameters)\.get(?:list)?\("(\w+)"')
ASKED = sorted({name for file in (ROOT / "webapp").rglob("*.py") for name in USED.findall(file.read_text())})
ASKED += ["label", "since", "sort", "status", "until"]
LEAVES = ("/logout", "/static")


@pytest.mark.parametrize("value", HOSTILE)
def test_no_value_in_a_query_makes_a_fault(app: Flask, admin_client: FlaskClient, value: str) -> None:
    app.config["PROPAGATE_EXCEPTIONS"] = False
    for rule, path in rules(app, writing=False):
        if not rule.rule.startswith(LEAVES):
            together = admin_client.get(path, query_string=dict.fromkeys(ASKED, value))
            is_page = together.mimetype == "text/html"
            assert together.status_code < 500 and not (is_page and b"<script>alert" in together.data), path


@pytest.mark.parametrize("path", ["/audit", "/review", "/retraining", "/scoreboard", "/history"])
def test_no_number_and_no_day_makes_a_fault(admin_client: FlaskClient, path: str) -> None:
    for name in ("before", "page", "since", "until", "after", "version", "t"):
        for value in ("9" * 30, "9999-12-31"):
            assert admin_client.get(path, query_string={name: value}).status_code < 500, (name, value)


def test_a_number_that_no_table_holds_is_not_found(app: Flask, admin_client: FlaskClient) -> None:
    for rule in app.url_map.iter_rules():
        numbers = [name for name in rule.arguments if rule._converters[name].__class__.__name__ == "Number"]
        if numbers:
            path = rule.rule
            for name in rule.arguments:
                kind = "int:" if name in numbers else ""
                path = path.replace(f"<{kind}{name}>", str(TOO_LARGE))
            writes = "POST" in (rule.methods or ())
            answer = post(admin_client, path) if writes else admin_client.get(path)
            assert answer.status_code == 404, path


@pytest.mark.parametrize(
    "path",
    [
        "/versions/v1%2f..%2f..%2fnomen.db",
        "/versions/../nomen.db",
        "/versions/v..%5c..%5cnomen.db/download",
        "/versions/file:%2f%2f%2fetc%2fpasswd/download",
        "/versions/v%2e%2e/card.md",
        "/batch/..%2f..%2fsecret_key/file?column=0",
        "/batch/../secret_key",
        "/batch/%2e%2e/file?column=0",
        "/batch/%2fetc%2fpasswd/progress",
        "/review/export.csv%2f..%2f..%2fnomen.db",
        "/audit.%2e%2e%2fnomen.db",
        "/n/..%2f..%2fnomen.db/picture.png",
        "/play/..%2f..%2fnomen.db/picture.png",
        "/scoreboard/charts/..%2fnomen.db.csv",
    ],
)
def test_no_address_reads_a_file_of_the_site(admin_client: FlaskClient, path: str) -> None:
    answer = admin_client.get(path)
    assert answer.status_code in (301, 308, 404, 422), path
    assert b"SQLite format" not in answer.data and b"root:" not in answer.data
