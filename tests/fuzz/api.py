"""Every operation of the API, with a key and without: what its description allows, and what it does not."""

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass
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
from schemathesis.specs.openapi.schemas import OpenApiSchema

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


@dataclass(frozen=True)
class Described:
    """A site that counts no requests, what its API says of itself, and a key of every scope."""

    app: Flask
    schema: OpenApiSchema
    key: str


@contextlib.contextmanager
def described(instance: Path) -> Iterator[Described]:
    """Give the site that lives in a folder."""
    with sites.open_site(instance, API_NAMES_PER_MINUTE=10**9, FILES_PER_HOUR=10**6) as app:
        with app.app_context():
            secret = api_keys.add("fuzz", [*api_keys.SCOPES], None, by=api_keys.TERMINAL).secret
        # One for all operations: it reads what is written in our code, too, for values worth a try.
        yield Described(app, schemathesis.openapi.from_wsgi("/api/openapi.json", app), secret)


def fuzz(folder: Path, examples: int) -> int:
    """Ask a site for everything, so many times each; return how often. What is wrong is raised."""
    with described(sites.copy_instance(sites.blank_instance(folder), folder / "api")) as site:
        return sum(
            check(site, method, path, is_keyed, examples)
            for method, path in operations(site.app)
            for is_keyed in (True, False)
        )


def operations(app: Flask) -> list[tuple[str, str]]:
    """Return the method and path of every operation."""
    paths = app.test_client().get("/api/openapi.json").json["paths"]
    return [(method.upper(), path) for path in paths for method in METHODS if method in paths[path]]


def check(
    site: Described, method: str, path: str, is_keyed: bool, examples: int, derandomize: bool = False
) -> int:
    """Ask for one operation so many times, and compare each answer with the description; return how often."""
    asked = []
    headers = {"X-Api-Key": site.key} if is_keyed else {}
    checks = [*CHECKS, ignored_auth] if is_keyed else CHECKS

    @hypothesis.settings(max_examples=examples, deadline=None, database=None, derandomize=derandomize)
    @hypothesis.given(case=site.schema[path][method].as_strategy())
    def ask(case: schemathesis.Case) -> None:
        asked.append(case)
        case.call_and_validate(checks=checks, headers=headers)

    ask()
    return len(asked)
