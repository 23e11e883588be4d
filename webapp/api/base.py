"""What every answer of the API has: who asks, what they may, what is left of their quota."""

from collections.abc import Callable, Iterator
from functools import wraps
from http import HTTPStatus
from typing import Any, ParamSpec, TypeVar

from apiflask import APIBlueprint
from apiflask.exceptions import HTTPError
from flask import Response, current_app, g, jsonify, request

from training.names import UnreadableName
from webapp.accounts.keys import service as api_keys
from webapp.accounts.keys.service import OpenKey
from webapp.api.schemas import LimitHeaders
from webapp.errors import Forbidden, Invalid, NomenError, NotLoggedIn, TooMany, Unavailable
from webapp.extensions import csrf, limiter
from webapp.languages import numbers
from webapp.languages.texts import gettext
from webapp.languages.words import N_
from webapp.models.enums import Scope
from webapp.storage import quotas
from webapp.storage.quotas import Allowance
from webapp.web import caching
from webapp.web.error_pages import STATUS

MIMETYPE = "application/problem+json"
LETTERS_A_NAME = 64
"""Letters that the networks may read for each name of a quota: one of 9 letters, traced, is 54."""


def _register_problems(blueprint: APIBlueprint) -> None:
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
    return problem(error.status_code, N_("Something in the request cannot be used."), errors)


def _too_deep(_error: RecursionError) -> Response:
    return problem(400, N_("This JSON is nested too deeply to be read."))


def _too_long(error: ValueError) -> Response:
    # Python reads no number of thousands of digits: doing so would take its time.
    if "integer string conversion" not in str(error):
        raise error
    return problem(400, N_("This JSON holds a number that is too long to be read."))


def _flat(found: Any, path: str = "") -> Iterator[dict[str, str]]:
    if isinstance(found, dict):
        for key, inside in found.items():
            yield from _flat(inside, f"{path}.{key}" if path else str(key))
    else:
        # marshmallow gives a list of sentences at a field, and a single one for the whole.
        for message in found if isinstance(found, list) else [found]:
            yield {"path": path, "message": str(message)}


def _known(error: Exception) -> Response:
    if isinstance(error, NotLoggedIn):
        return problem(401, str(error))
    status = next(STATUS[kind] for kind in type(error).__mro__ if kind in STATUS)
    field = _field_of(error)
    response = problem(status, str(error), [{"path": field, "message": str(error)}] if field else None)
    if isinstance(error, TooMany | Unavailable):
        quotas.retry_after(response, error.retry_after)
    return response


def _field_of(error: Exception) -> str | None:
    if isinstance(error, UnreadableName):
        return "name"
    return error.field if isinstance(error, Invalid) else None


P = ParamSpec("P")
R = TypeVar("R")

pages = APIBlueprint("api", __name__, url_prefix="/api/v1", tag="Nomen")
# A key or nothing proves who asks: no cookie counts here, so no other site can borrow one.
csrf.exempt(pages)
# Counted in names, by `spend`, and not in requests.
limiter.exempt(pages)
_register_problems(pages)
# As OpenAPI writes it: any one of these, {} being nobody at all.
KEYED: dict[str, Any] = {"security": [{"bearer": []}, {"header": []}]}
ANYBODY: dict[str, Any] = {"security": [{}, {"bearer": []}, {"header": []}]}
LIMITS: dict[str, Any] = {"headers": LimitHeaders}


@pages.before_request
def _who() -> None:
    """Find the key that came with the request; raise NotLoggedIn if it opens nothing."""
    g.key = None
    kind, _, secret = request.headers.get("Authorization", "").partition(" ")
    secret = secret.strip() if kind.lower() == "bearer" else request.headers.get("X-Api-Key", "")
    if secret:
        g.key = api_keys.find_key(secret)
        if g.key is None:
            raise NotLoggedIn(gettext("This API key is unknown, has ended or was revoked."))


@pages.after_request
def _finish(response: Response) -> Response:
    left: Allowance | None = g.get("allowance")
    if left:
        response.headers.update(limit_headers(left))
    if response.status_code == 401:
        response.headers["WWW-Authenticate"] = 'Bearer realm="Nomen"'
    return caching.keep_nowhere(response)


def limit_headers(left: Allowance) -> dict[str, str]:
    """Return the headers that say what is left of a quota."""
    figures = {"Limit": left.limit, "Remaining": left.remaining, "Reset": left.reset}
    return {f"RateLimit-{kind}": str(figure) for kind, figure in figures.items()}


def spend_one(address: str | None) -> Allowance:
    """Take one name off the quota of an address."""
    return _take(quotas.asker(None, address), 1)


def _take(who: str, names: int) -> Allowance:
    return quotas.spend("api", who, names, current_app.config["API_NAMES_PER_MINUTE"], quotas.MINUTE)


def spend(cost: int = 1) -> None:
    """Take `cost` names off the caller's quota of this minute; raise TooMany if so much is not left."""
    limit = current_app.config["API_NAMES_PER_MINUTE"]
    who = quotas.asker(g.key.id if g.key else None, request.remote_addr)
    # Kept for `_finish`: an answer that refuses tells what is left, too.
    g.allowance = left = _take(who, cost)
    if not left.granted:
        sentence = gettext(
            "%(limit)s names a minute are answered; %(remaining)s are left of this one.",
            limit=numbers.count(limit),
            remaining=numbers.count(left.remaining),
        )
        raise TooMany(sentence, retry_after=max(1, left.reset))


def spend_file() -> None:
    """Take one file off the caller's quota of this hour; raise TooMany if none is left."""
    limit = current_app.config["FILES_PER_HOUR"]
    who = quotas.asker(g.key.id if g.key else None, request.remote_addr)
    g.allowance = left = quotas.spend("files", who, 1, limit, quotas.HOUR)
    if not left.granted:
        raise TooMany(
            gettext("%(limit)s files an hour are read.", limit=numbers.count(limit)),
            retry_after=max(1, left.reset),
        )


def spend_work(names: int, letters: int) -> None:
    """Take names off the caller's quota: more than there are, if they cost so much more than names do."""
    spend(cost_of(names, letters))


def cost_of(names: int, letters: int) -> int:
    """Return how many names of a quota some names cost, by the letters that are read for them."""
    return max(names, letters // LETTERS_A_NAME)


def counted(view: Callable[P, R]) -> Callable[P, R]:
    """Let a view cost as much as one name."""

    # The framework reads the name, docstring and schemas of the view off what it is given.
    @wraps(view)
    def wrapped(*args: P.args, **kwargs: P.kwargs) -> R:
        spend()
        return view(*args, **kwargs)

    return wrapped


def needs(scope: Scope) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Open a view to keys with `scope` alone."""

    def decorate(view: Callable[P, R]) -> Callable[P, R]:
        @wraps(view)
        def wrapped(*args: P.args, **kwargs: P.kwargs) -> R:
            if g.key is None:
                raise NotLoggedIn(gettext("This needs an API key; a log-in to the site does not count here."))
            check(scope)
            spend()
            return view(*args, **kwargs)

        return wrapped

    return decorate


def check(scope: Scope) -> None:
    """Raise Forbidden unless the request's key has `scope`."""
    if scope not in g.key.scopes:
        raise Forbidden(gettext("This API key lacks the scope “%(scope)s”.", scope=scope))


def actor() -> str:
    """Return who acts, for the audit trail."""
    key: OpenKey = g.key
    return key.actor


def visitor() -> str:
    """Return whose votes these are: the key's, or else those of an address, kept as a keyed hash."""
    if g.key:
        # One visitor a key: who asks by program has one vote a name, like everybody.
        return f"api:{g.key.id}"
    return f"api:{quotas.asker(None, request.remote_addr).removeprefix('address:')}"
