"""The API is what its own description says, and the page to try it works under the site's strict policy."""

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.fuzz import api
from tests.support.sites import copy_instance
from webapp.config import ROOT

OPERATIONS = [
    ("GET", "/api/v1/guess"),
    ("POST", "/api/v1/guess"),
    ("POST", "/api/v1/files"),
    ("GET", "/api/v1/files/{file_id}"),
    ("GET", "/api/v1/files/{file_id}/result"),
    ("DELETE", "/api/v1/files/{file_id}"),
    ("POST", "/api/v1/feedback"),
    ("GET", "/api/v1/feedback"),
    ("GET", "/api/v1/scoreboard"),
    ("GET", "/api/v1/scoreboard/time"),
    ("GET", "/api/v1/scoreboard/names"),
    ("GET", "/api/v1/scoreboard/play"),
    ("GET", "/api/v1/scoreboard/holdout"),
    ("GET", "/api/v1/scoreboard/versions"),
    ("GET", "/api/v1/scoreboard/again"),
    ("GET", "/api/v1/versions"),
    ("GET", "/api/v1/versions/{version_id}"),
    ("GET", "/api/v1/versions/{version_id}/card"),
    ("POST", "/api/v1/versions/{version_id}/promote"),
    ("GET", "/api/v1/runs"),
    ("POST", "/api/v1/runs"),
    ("GET", "/api/v1/runs/{run_id}"),
    ("POST", "/api/v1/runs/{run_id}/cancel"),
]


@pytest.fixture(scope="module")
def described(blank_instance: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[api.Described]:
    """A site whose description is read once."""
    with api.described(copy_instance(blank_instance, tmp_path_factory.mktemp("api") / "site")) as site:
        yield site


@pytest.mark.parametrize("is_keyed", [True, False], ids=["with a key", "without"])
@pytest.mark.parametrize(("method", "path"), OPERATIONS)
def test_the_api_is_what_it_says(described: api.Described, method: str, path: str, is_keyed: bool) -> None:
    assert api.check(described, method, path, is_keyed, examples=15 if is_keyed else 5, derandomize=True)


def test_every_operation_is_checked(client: FlaskClient) -> None:
    paths = client.get("/api/openapi.json").json["paths"]
    assert sorted((method.upper(), path) for path in paths for method in paths[path]) == sorted(OPERATIONS)


def test_every_operation_is_in_the_docs(client: FlaskClient) -> None:
    words = (ROOT / "docs" / "api.md").read_text()
    for method, path in OPERATIONS:
        assert f"`{method} {path}`" in words


def test_every_address_in_the_docs_is_there(app: Flask) -> None:
    import re

    words = (ROOT / "docs" / "api.md").read_text()
    addresses = re.findall(r"localhost:8000(/[\w/.-]*)", words)
    assert len(addresses) > 8
    for address in addresses:
        assert app.url_map.bind("localhost").allowed_methods(address), address


def test_the_description_is_openapi_3_1_and_says_how_problems_look(client: FlaskClient) -> None:
    spec = client.get("/api/openapi.json").json
    assert spec["openapi"] == "3.1.0"
    refused = spec["paths"]["/api/v1/guess"]["get"]["responses"]["422"]["content"]
    assert list(refused) == ["application/problem+json"]


def test_the_page_to_try_it_holds_no_script_of_its_own(client: FlaskClient) -> None:
    page = client.get("/api/docs")
    assert "<script>" not in page.text and "unsafe" not in page.headers["Content-Security-Policy"]


@pytest.mark.parametrize("name", ["swagger-ui-bundle.js", "swagger-ui.css"])
def test_its_files_come_from_here(client: FlaskClient, name: str) -> None:
    with client.get(f"/api/docs/assets/{name}") as file:
        assert file.status_code == 200


@pytest.mark.parametrize(
    "name", ["index.html", "oauth2-redirect.html", "../__init__.py", "%2e%2e%2fREADME.md"]
)
def test_no_other_file_of_the_package_is_served(client: FlaskClient, name: str) -> None:
    assert client.get(f"/api/docs/assets/{name}").status_code == 404


def example_of(schema: dict[str, Any], components: dict[str, Any]) -> Any:
    """Return the example of a schema, put together from those of its fields; None if there is none."""
    schema = components[schema["$ref"].rpartition("/")[2]] if "$ref" in schema else schema
    if "example" in schema:
        return schema["example"]
    fields = schema.get("properties", {}).items()
    found = {name: example_of(field, components) for name, field in fields}
    return {name: value for name, value in found.items() if value is not None} or None


def files_in(body: dict[str, Any], schema: dict[str, Any], components: dict[str, Any]) -> dict[str, Any]:
    """Return the body of a form, its files as a program sends them."""
    fields = components[schema["$ref"].rpartition("/")[2]]["properties"]
    return {
        name: (io.BytesIO(value.encode()), "example.csv") if fields[name].get("format") == "binary" else value
        for name, value in body.items()
    }


def examples(app: Flask) -> list[tuple[str, str, dict[str, str], dict[str, Any]]]:
    """Return (method, path, query, how to send it) of every operation that has an example."""
    spec = app.test_client().get("/api/openapi.json").json
    components, found = spec["components"]["schemas"], []
    for path, operations in spec["paths"].items():
        for method in set(operations) & {"get", "post"}:
            operation = operations[method]
            query = {p["name"]: p["schema"]["example"] for p in operation.get("parameters", [])
                     if p["in"] == "query" and "example" in p["schema"]}  # fmt: skip
            sent: dict[str, Any] = {}
            for kind, content in operation.get("requestBody", {}).get("content", {}).items():
                body = example_of(content["schema"], components)
                is_form = kind == "multipart/form-data"
                if body and is_form:
                    sent = {"data": files_in(body, content["schema"], components)}
                elif body:
                    sent = {"json": body}
            if (query or sent) and "{" not in path:
                found.append((method, path, query, sent))
    return found


def test_every_example_of_the_description_is_answered(app: Flask, client: FlaskClient) -> None:
    found = examples(app)
    assert {(method, path) for method, path, *_ in found} >= {
        ("get", "/api/v1/guess"),
        ("post", "/api/v1/guess"),
        ("post", "/api/v1/files"),
        ("get", "/api/v1/scoreboard/holdout"),
    }
    for method, path, query, sent in found:
        answer = client.open(path, method=method.upper(), query_string=query, **sent)
        assert answer.status_code == 200, (method, path, query, answer.text)
