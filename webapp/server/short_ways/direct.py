"""A short way to the answers that programs ask for most: one name, nothing else, without a key.

All else, whatever looks unusual, and every refusal go the long way through the framework, whose headers the
short way takes over from the first answer of each kind. An answer is written once as bytes, and kept until
what it depends on changes.
"""

import sqlite3
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote_plus

from flask import Flask
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.sansio.utils import host_is_trusted

from training.model.inference.recent import Recent
from webapp.errors import NomenError
from webapp.storage.quotas import Allowance

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

Headers = Sequence[tuple[str, str]]
REMEMBERED = 20_000
"""Answers that are kept, at least: some 200 bytes each."""
LONGEST_QUERY = 400
AWAY = (NomenError, SQLAlchemyError, sqlite3.Error)
"""What is raised where a refusal or a failure is to be told, in the site's words."""


@dataclass(frozen=True)
class Route:
    """An address at which one name may be asked for the short way; all is called inside the app's context."""

    depends_on: Callable[[], tuple[object, ...]]
    """What answers depend on; once it is another, what is kept is forgotten."""
    answer: Callable[[str], bytes]
    """The body for a name as it was typed."""
    spend: Callable[[str | None], Allowance]
    """Take one name off the quota of an address."""
    limits: Callable[[Allowance], Mapping[str, str]]
    """The headers that say what is left of it."""


@dataclass(frozen=True)
class Answer:
    """What is answered the short way."""

    body: bytes
    is_remembered: bool
    limits: Mapping[str, str]


Note = Callable[[str, float, bool], None]
"""What may be told of each short answer: its path, its seconds, and whether it was remembered."""


class Kept:
    """The answers of one route."""

    def __init__(self, route: Route) -> None:
        self.route = route
        self._of: tuple[object, ...] = ()
        self._bodies: Recent[str, bytes] = Recent(REMEMBERED)

    def body(self, name: str) -> tuple[bytes, bool]:
        """Return the answer for a name, kept while all it depends on is the same, and whether it was kept."""
        depends_on = self.route.depends_on()
        if depends_on != self._of:
            self._of, self._bodies = depends_on, Recent(REMEMBERED)
        bodies = self._bodies  # another thread may begin anew meanwhile: this one's is then of the old
        found = bodies.get(name)
        if found is not None:
            return found, True
        made = self.route.answer(name)
        bodies.put(name, made)
        return made, False


class ShortWay:
    """Answers what it can, and lets the site behind it answer all else."""

    def __init__(self, app: Flask, site: "WSGIApplication", routes: Mapping[str, Route]) -> None:
        self.app, self.site = app, site
        self.note: Note | None = None
        self.kept = {path: Kept(route) for path, route in routes.items()}
        self._headers: dict[tuple[str, str], Headers] = {}
        """By path and scheme, what the framework sent with its first answer."""

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        """Answer a request."""
        name = self._name(environ)
        if name is None:
            return self.site(environ, start_response)
        kind = environ["PATH_INFO"], environ["wsgi.url_scheme"]
        headers = self._headers.get(kind)
        if headers is None:
            return self.site(environ, self._noting(kind, start_response))
        began = time.perf_counter()
        answer = self._answered(self.kept[kind[0]], name, environ.get("REMOTE_ADDR"))
        if answer is None:
            return self.site(environ, start_response)
        if self.note:
            self.note(kind[0], time.perf_counter() - began, answer.is_remembered)
        length = ("Content-Length", str(len(answer.body)))
        start_response("200 OK", [*headers, *answer.limits.items(), length])
        return [answer.body]

    def _name(self, environ: "WSGIEnvironment") -> str | None:
        """Return the name that is asked for, if that is all a request asks for."""
        query = environ.get("QUERY_STRING", "")
        is_name_alone = (
            environ["PATH_INFO"] in self.kept
            and query.startswith("name=")
            and not ("&" in query or ";" in query)
            and is_plain(environ, self.app.config["TRUSTED_HOSTS"])
        )
        return _decoded(query[5:]) if is_name_alone else None

    def _answered(self, kept: Kept, name: str, address: str | None) -> Answer | None:
        """Return the answer; None where a refusal or a failure is to be told, in the site's words."""
        with self.app.app_context():
            try:
                body, is_remembered = kept.body(name)
                left = kept.route.spend(address)
            except AWAY:
                return None
            return Answer(body, is_remembered, kept.route.limits(left)) if left.granted else None

    def _noting(self, kind: tuple[str, str], start_response: "StartResponse") -> "StartResponse":
        """Return what starts an answer and notes its headers, those of a name or a quota left out."""

        def start(status: str, headers: list[tuple[str, str]], *more: Any) -> Any:
            if status.startswith("200"):
                left_out = {"content-length", "set-cookie", *map(str.lower, self._limits_of(kind[0]))}
                self._headers[kind] = [pair for pair in headers if pair[0].lower() not in left_out]
            return start_response(status, headers, *more)

        return start

    def _limits_of(self, path: str) -> Iterable[str]:
        return self.kept[path].route.limits(Allowance(0, 0, 0))


def is_plain(environ: "WSGIEnvironment", trusted: Sequence[str]) -> bool:
    """Say whether a request is a short question for a host that is served here, without a key or a body."""
    query, host = environ.get("QUERY_STRING", ""), environ.get("HTTP_HOST", "")
    return (
        environ["REQUEST_METHOD"] == "GET"
        and 5 < len(query) <= LONGEST_QUERY
        and query.isascii()
        and not ("HTTP_X_API_KEY" in environ or "HTTP_AUTHORIZATION" in environ)
        and environ.get("CONTENT_LENGTH", "") in ("", "0")
        and bool(host)
        and (not trusted or host_is_trusted(host, trusted))
    )


def _decoded(text: str) -> str | None:
    try:
        return unquote_plus(text, errors="strict")
    except UnicodeDecodeError:
        return None  # the framework has its own way of showing it


def configure(app: Flask, routes: Mapping[str, Route]) -> None:
    """Put the short way in front of the framework, and behind all that checks hosts and proxies."""
    app.extensions["short_way"] = short_way = ShortWay(app, app.wsgi_app, routes)
    app.wsgi_app = short_way  # type: ignore[method-assign]
