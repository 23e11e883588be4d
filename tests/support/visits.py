"""A browser without JavaScript: it logs in, sends forms, and reads what a page says."""

import html
import re
from collections.abc import Iterator
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from itsdangerous import URLSafeTimedSerializer
from werkzeug.routing import IntegerConverter, Rule
from werkzeug.test import TestResponse

from tests.support.sites import PASSWORD

WRITING = {"POST", "PUT", "PATCH", "DELETE"}


def log_in(app: Flask, email: str, password: str = PASSWORD) -> FlaskClient:
    """Return a browser in which `email` has just logged in."""
    client = app.test_client()
    answer = post(client, "/login", email=email, password=password)
    assert answer.status_code == 303, answer.text
    return client


def post(client: FlaskClient, path: str, **form: Any) -> TestResponse:
    """Send a form as the site's own pages do, with a CSRF token."""
    return client.post(path, data={"csrf_token": csrf_token(client), **form})


def csrf_token(client: FlaskClient) -> str:
    """Return a CSRF token for this browser's session."""
    with client.session_transaction() as session:
        session["csrf_token"] = "0" * 40
    key = client.application.secret_key
    assert key
    return str(URLSafeTimedSerializer(key, salt="wtf-csrf-token").dumps("0" * 40))


def words(page: str) -> str:
    """Return the words of the main part of a page, as they are read aloud."""
    main = page[page.index("<main") : page.index("</main>")]
    return " ".join(html.unescape(re.sub(r"<[^>]*>", "", main)).split())


def rules(app: Flask, writing: bool) -> Iterator[tuple[Rule, str]]:
    """Yield each rule that reads, or writes, with an address that it matches."""
    for rule in app.url_map.iter_rules():
        if bool((rule.methods or set()) & WRITING) == writing:
            values = {name: _sample(rule, name) for name in rule.arguments}
            yield rule, app.url_map.bind("localhost").build(rule.endpoint, values, method=method_of(rule))


def method_of(rule: Rule) -> str:
    """Return the method that a rule is there for."""
    return min((rule.methods or set()) - {"HEAD", "OPTIONS"})


def _sample(rule: Rule, name: str) -> object:
    return 1 if isinstance(rule._converters[name], IntegerConverter) else "x"
