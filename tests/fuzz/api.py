"""Every operation of the API, with a key and without: what its description allows, and what it does not."""

from pathlib import Path

import hypothesis
import schemathesis
from flask import Flask
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    ignored_auth,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.support import sites
from webapp.accounts.keys import service as api_keys

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
METHODS = ("get", "post", "put", "patch", "delete")


def fuzz(folder: Path, examples: int) -> int:
    """Ask a site for everything, so many times each; return how often. What is wrong is raised."""
    instance = sites.copy_instance(sites.blank_instance(folder), folder / "api")
    with sites.open_site(instance, API_NAMES_PER_MINUTE=10**9, FILES_PER_HOUR=10**6) as app:
        with app.app_context():
            secret = api_keys.add("fuzz", [*api_keys.SCOPES], None, by=api_keys.TERMINAL).secret
        return sum(
            check(app, method, path, key, examples)
            for method, path in operations(app)
            for key in (secret, None)
        )


def operations(app: Flask) -> list[tuple[str, str]]:
    """Return the method and path of every operation."""
    paths = app.test_client().get("/api/openapi.json").json["paths"]
    return [(method.upper(), path) for path in paths for method in METHODS if method in paths[path]]


def check(
    app: Flask, method: str, path: str, key: str | None, examples: int, derandomize: bool = False
) -> int:
    """Ask for one operation so many times, and compare each answer with the description; return how often."""
    schema = schemathesis.openapi.from_wsgi("/api/openapi.json", app)
    asked = []
    headers = {"X-Api-Key": key} if key else {}
    checks = [*CHECKS, ignored_auth] if key else CHECKS

    @hypothesis.settings(max_examples=examples, deadline=None, database=None, derandomize=derandomize)
    @hypothesis.given(case=schema[path][method].as_strategy())
    def ask(case: schemathesis.Case) -> None:
        asked.append(case)
        case.call_and_validate(checks=checks, headers=headers)

    ask()
    return len(asked)
