"""What goes wrong, as application/problem+json (RFC 9457) with the path of each field that is meant."""

from collections.abc import Iterator
from http import HTTPStatus
from typing import Any

from apiflask import APIBlueprint
from apiflask.exceptions import HTTPError
from flask import Response, jsonify

from training.names import UnreadableName
from webapp.errors import Invalid, NomenError, NotLoggedIn, TooMany
from webapp.web.error_pages import STATUS

MIMETYPE = "application/problem+json"


def register(blueprint: APIBlueprint) -> None:
    """Attach the handlers."""
    blueprint.errorhandler(HTTPError)(_malformed)
    blueprint.errorhandler(NomenError)(_known)
    blueprint.errorhandler(UnreadableName)(_known)
    blueprint.errorhandler(RecursionError)(_too_deep)
    blueprint.errorhandler(ValueError)(_too_long)


def problem(status: int, detail: str, errors: list[dict[str, str]] | None = None) -> Response:
    """Return one problem as an answer."""
    body = {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": status, "detail": detail}
    response = jsonify(body | ({"errors": errors} if errors else {}))
    response.status_code, response.content_type = status, MIMETYPE
    return response


def _malformed(error: HTTPError) -> Response:
    """Tell what the schemas found wrong: `detail` is nested as the request is, below its location."""
    located = error.detail if isinstance(error.detail, dict) else {}
    errors = [found for inside in located.values() for found in _flat(inside)]
    return problem(error.status_code, "Something in the request cannot be used.", errors)


def _too_deep(_error: RecursionError) -> Response:
    return problem(400, "This JSON is nested too deeply to be read.")


def _too_long(error: ValueError) -> Response:
    # Python reads no number of thousands of digits: doing so would take its time.
    if "integer string conversion" not in str(error):
        raise error
    return problem(400, "This JSON holds a number that is too long to be read.")


def _flat(found: Any, path: str = "") -> Iterator[dict[str, str]]:
    if isinstance(found, dict):
        for key, inside in found.items():
            yield from _flat(inside, f"{path}.{key}" if path else str(key))
    else:
        for message in found if isinstance(found, list) else [found]:
            yield {"path": path, "message": str(message)}


def _known(error: Exception) -> Response:
    if isinstance(error, NotLoggedIn):
        return problem(401, str(error))
    status = next(STATUS[kind] for kind in type(error).__mro__ if kind in STATUS)
    field = error.field if isinstance(error, Invalid) else "name" if status == 422 else None
    response = problem(status, str(error), [{"path": field, "message": str(error)}] if field else None)
    if isinstance(error, TooMany):
        response.headers["Retry-After"] = str(error.retry_after)
    return response
