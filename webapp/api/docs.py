"""What the API is, for programs (OpenAPI) and for people (a page to try it)."""

import json
from pathlib import Path
from typing import Any, cast

import flask_swagger_ui
from apiflask import APIFlask
from flask import Blueprint, Flask, Response, current_app, render_template, send_from_directory
from werkzeug.exceptions import NotFound

from webapp.api.base import MIMETYPE
from webapp.api.schemas import Problem
from webapp.extensions import limiter
from webapp.languages.sentences import told
from webapp.languages.upkeep.extraction import PROSE

pages = Blueprint("api_docs", __name__, url_prefix="/api")
limiter.exempt(pages)
_ASSETS = Path(flask_swagger_ui.__file__).parent / "dist"
_SERVED = ("swagger-ui-bundle.js", "swagger-ui.css")
_METHODS = ("get", "post", "put", "patch", "delete")


@pages.get("/docs")
def index() -> str:
    """Show the page to try it."""
    return render_template("api/docs.html")


@pages.get("/docs/assets/<name>")
def asset(name: str) -> Response:
    """Give a file of the package that draws the page."""
    # Of the package's other files the page needs none.
    if name not in _SERVED:
        raise NotFound
    return send_from_directory(_ASSETS, name, max_age=24 * 3600)


@pages.get("/openapi.json")
def openapi() -> Response:
    """Give the description of the API in OpenAPI 3.1."""
    app = cast(APIFlask, current_app)
    return Response(json.dumps(_translated(app.spec)), mimetype="application/json")  # in its own order


def _translated(part: Any) -> Any:
    if isinstance(part, list):
        return [_translated(each) for each in part]
    if not isinstance(part, dict):
        return part
    return {
        key: told(value) if key in PROSE and isinstance(value, str) else _translated(value)
        for key, value in part.items()
    }


def configure(site: Flask) -> None:
    """Tell the framework how this API describes itself, once all blueprints are there."""
    app = cast(APIFlask, site)
    app.description = (
        "Guess from a first name whether it is mostly given to women or men. A name is not a person: the "
        "answer is a share, not a verdict. Without a key you may guess, answer and read figures; a key, "
        "which an admin makes, has a quota of its own and opens the rest, as far as its scopes say."
    )
    app.config.update(
        OPENAPI_VERSION="3.1.0",
        AUTO_SERVERS=False,
        AUTO_404_RESPONSE=False,
        AUTO_AUTH_ERROR_RESPONSE=False,
        VALIDATION_ERROR_SCHEMA=Problem,
        HTTP_ERROR_SCHEMA=Problem,
        SECURITY_SCHEMES={
            "bearer": {"type": "http", "scheme": "bearer"},
            "header": {"type": "apiKey", "in": "header", "name": "X-Api-Key"},
        },
    )
    app.spec_processor(_describe_problems)
    for blueprint in app.blueprints.values():
        # The framework asks this of every blueprint, and Flask's own do not know it.
        if not hasattr(blueprint, "enable_openapi"):
            blueprint.enable_openapi = False  # type: ignore[attr-defined]


def _describe_problems(spec: Any) -> Any:
    for path in spec["paths"].values():
        for operation in (path[method] for method in _METHODS if method in path):
            # A key that opens nothing is refused everywhere.
            operation["responses"].setdefault("401", {"description": "Unauthorized"})
            for status, response in operation["responses"].items():
                if int(status) >= 400:
                    response["content"] = {MIMETYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
                    response["description"] = response.get("description") or "It was refused."
    # In the order in which somebody new wants to read them.
    first = (
        "/api/v1/guess",
        "/api/v1/files",
        "/api/v1/feedback",
        "/api/v1/scoreboard",
        "/api/v1/versions",
        "/api/v1/runs",
    )
    spec["paths"] = {
        path: spec["paths"][path] for start in first for path in spec["paths"] if path.startswith(start)
    }
    return spec
