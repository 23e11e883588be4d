"""The endpoint that speaks like genderize.io, so that its clients can be pointed here. Plain, for speed."""

import json
import re
from typing import Any

from flask import Blueprint, Response, current_app, g, request
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import HTTPException

from webapp.accounts.keys import service as api_keys
from webapp.errors import NomenError
from webapp.extensions import csrf, limiter
from webapp.guessing.genderize import answers
from webapp.models.enums import Scope
from webapp.storage import quotas
from webapp.storage.quotas import Allowance
from webapp.web import caching

pages = Blueprint("genderize", __name__, url_prefix="/genderize")
# It counts names and not requests, in a quota of its own.
limiter.exempt(pages)
csrf.exempt(pages)

OTHER_METHODS = ("POST", "PUT", "PATCH", "DELETE")
LIMIT_HEADERS = ("X-Rate-Limit-Limit", "X-Rate-Limit-Remaining", "X-Rate-Limit-Reset", "X-Rate-Reset")
_LISTED = re.compile(r"name\[(\d{0,6})\]")
_COUNTRY = re.compile("[A-Za-z]{2}")


class Refused(Exception):
    """The request cannot be answered, in the words that genderize.io's clients know."""

    def __init__(self, status: int, error: str) -> None:
        super().__init__(error)
        self.status = status


@pages.errorhandler(Refused)
def _refuse(refused: Refused) -> Response:
    response = _json({"error": str(refused)}, refused.status)
    if refused.status == 405:
        response.headers["Allow"] = "GET, HEAD, OPTIONS"
    return response


def _fail_of_database(error: Exception) -> Response:
    current_app.logger.error("the database: %s", getattr(error, "orig", error))
    return _json({"error": "Service unavailable"}, 503)


for away in answers.AWAY:
    pages.register_error_handler(away, _fail_of_database)


@pages.errorhandler(HTTPException)
def _fail_in_http(error: HTTPException) -> Response:
    return _json({"error": error.name}, error.code or 500)


@pages.errorhandler(NomenError)
def _fail(error: NomenError) -> Response:
    return _json({"error": str(error)}, 503)


@pages.get("")
@pages.get("/")
def index() -> Response:
    """Answer `name=…` with one object, `name[]=…` with a list."""
    who, tier = _asker()
    try:
        names = _names(request.args)
        country = _country(request.args.get("country_id", ""))
    except Refused:
        # A refusal costs nothing, and its headers still say what is left.
        _look(who)
        raise
    _spend(who, len(names))
    found = answers.find(names, country)
    return _json(found[0] if "name" in request.args else found)


def body_of(name: str) -> bytes:
    """Return the whole answer to one name."""
    return _text(answers.find([name], None)[0]).encode()


def spend_one(address: str | None) -> Allowance:
    """Take one name off the quota of an address."""
    return _take(quotas.asker(None, address), 1)


@pages.get("/rate_limit")
def rate_limit() -> Response:
    """Say what is left of the caller's quota."""
    who, tier = _asker()
    left = _look(who)
    return _json({"limit": left.limit, "remaining": left.remaining, "reset": left.reset, "tier": tier})


@pages.route("", methods=OTHER_METHODS, provide_automatic_options=False)
@pages.route("/", methods=OTHER_METHODS, provide_automatic_options=False)
@pages.route("/rate_limit", methods=OTHER_METHODS, provide_automatic_options=False)
def other_method() -> Response:
    """Refuse what is no GET in this endpoint's own words."""
    raise Refused(405, "Method not allowed")


@pages.route("/<path:elsewhere>", methods=("GET", *OTHER_METHODS))
def nothing(elsewhere: str) -> Response:
    """Say in JSON that there is nothing at an address below this endpoint."""
    raise Refused(404, "Not found")


@pages.after_request
def _set_headers(response: Response) -> Response:
    left: Allowance | None = g.get("allowance")
    if left:
        response.headers.update(limit_headers(left))
    # genderize.io may be asked by scripts of any page; nothing here depends on a cookie.
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Access-Control-Expose-Headers"] = ", ".join(LIMIT_HEADERS)
    response.headers["Access-Control-Allow-Headers"] = "X-Api-Key"
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return caching.keep_nowhere(response)


def limit_headers(left: Allowance) -> dict[str, str]:
    """Return the headers that say what is left of a quota."""
    figures = (left.limit, left.remaining, left.reset, left.reset)
    return dict(zip(LIMIT_HEADERS, map(str, figures), strict=True))


def _asker() -> tuple[str, str]:
    """Return whose quota this request spends, and the tier."""
    secret = request.headers.get("X-Api-Key") or request.args.get("apikey", "")
    key = api_keys.find_key(secret) if secret else None
    if secret and (key is None or Scope.READ not in key.scopes):
        _look(quotas.asker(None, request.remote_addr))
        raise Refused(401, "Invalid API key")
    return quotas.asker(key.id if key else None, request.remote_addr), "key" if key else "free"


def _names(arguments: MultiDict[str, str]) -> list[str]:
    if "name" in arguments:
        names = arguments.getlist("name")
        if len(names) > 1:
            raise Refused(422, "Invalid 'name' parameter")
        return names
    listed = [
        (int(found[1] or 0), name)
        for key, name in arguments.items(multi=True)
        if (found := _LISTED.fullmatch(key))
    ]
    if not listed:
        raise Refused(422, "Missing 'name' parameter")
    if len(listed) > current_app.config["GENDERIZE_BATCH"]:
        raise Refused(422, "Invalid 'name' parameter")
    # By their numbers, as PHP's clients write them: name[1] may come before name[0].
    return [name for _, name in sorted(listed, key=lambda numbered: numbered[0])]


def _country(text: str) -> str | None:
    if text and not _COUNTRY.fullmatch(text):
        raise Refused(422, "Invalid 'country_id' parameter")
    return text.upper() or None


def _spend(who: str, names: int) -> None:
    g.allowance = left = _take(who, names)
    if not left.granted:
        is_some_left = left.remaining > 0
        raise Refused(
            429, "Request limit too low to process request" if is_some_left else "Request limit reached"
        )


def _take(who: str, names: int) -> Allowance:
    return quotas.spend("genderize", who, names, current_app.config["GENDERIZE_PER_DAY"], quotas.DAY)


def _look(who: str) -> Allowance:
    left = quotas.look("genderize", who, current_app.config["GENDERIZE_PER_DAY"], quotas.DAY)
    g.allowance = left
    return left


def _json(value: Any, status: int = 200) -> Response:
    return Response(_text(value), status, mimetype="application/json")


def _text(value: Any) -> str:
    return json.dumps(value, separators=(",", ":"))
