"""A short way to the pieces of a page that a script asks for at each letter that somebody types.

The view is that of the long way and sees the same request. Left out is what the framework does around it for
those who have a session: a piece shows nothing of who asks. Answers are kept until what they depend on
changes.
"""

import re
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from flask import Flask, Response
from flask.ctx import RequestContext

from training.model.inference.recent import Recent
from webapp.languages import choice
from webapp.server.short_ways.direct import AWAY, Headers, Note, is_plain
from webapp.storage.quotas import Allowance

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

REMEMBERED = 1_000
"""Answers that are kept, at least: some 2.5 kB each."""
OWN = {"content-length", "set-cookie"}
"""Headers of one answer alone."""
Key = tuple[object, ...]


@dataclass(frozen=True)
class Piece:
    """An address that answers with a piece of a page; all is called inside the app's context."""

    depends_on: Callable[[], tuple[object, ...]]
    """What answers depend on beside the request; once it is another, what is kept is forgotten."""
    view: Callable[[], Response]
    spend: Callable[[str | None], Allowance]
    """Take one answer off the quota of an address."""
    cookies: Sequence[str]
    """Those that make another answer of the same address."""


@dataclass(frozen=True)
class Made:
    """What a view made."""

    body: bytes
    language: str


@dataclass
class Kept:
    """The answers of one address."""

    piece: Piece
    _of: tuple[object, ...] = ()
    _made: Recent[Key, Made] = field(default_factory=lambda: Recent(REMEMBERED))

    def __post_init__(self) -> None:
        names = "|".join(map(re.escape, self.piece.cookies))
        self._cookies = re.compile(rf"(?:^|;)\s*({names})=([^;]*)")

    def answers(self) -> Recent[Key, Made]:
        """Return what is kept, nothing once it depends on something else."""
        depends_on = self.piece.depends_on()
        if depends_on != self._of:
            self._of, self._made = depends_on, Recent(REMEMBERED)
        return self._made

    def key(self, environ: "WSGIEnvironment") -> Key:
        """Return all of a request that its answer depends on."""
        choices = tuple(self._cookies.findall(environ.get("HTTP_COOKIE", "")))
        asked = (environ.get(name, "") for name in ("QUERY_STRING", "SCRIPT_NAME", "HTTP_ACCEPT_LANGUAGE"))
        return (*asked, choices)


class Pieces:
    """Answers what it can, and lets the site behind it answer all else."""

    def __init__(self, app: Flask, site: "WSGIApplication", pieces: Mapping[str, Piece]) -> None:
        self.app, self.site = app, site
        self.note: Note | None = None
        self.kept = {path: Kept(piece) for path, piece in pieces.items()}
        self._headers: dict[tuple[str, str, str], Headers] = {}
        """By path, scheme and language, what the framework sent with its first answer."""

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        """Answer a request."""
        path = environ["PATH_INFO"]
        if path not in self.kept or not is_plain(environ, self.app.config["TRUSTED_HOSTS"]):
            return self.site(environ, start_response)
        began = time.perf_counter()
        with self.app.app_context():
            answer = self._answered(self.kept[path], environ)
        if answer is None:
            return self.site(environ, self._noting(environ, start_response))
        made, headers, is_remembered = answer
        if self.note:
            self.note(path, time.perf_counter() - began, is_remembered)
        start_response("200 OK", [*headers, ("Content-Length", str(len(made.body)))])
        return [made.body]

    def _answered(self, kept: Kept, environ: "WSGIEnvironment") -> tuple[Made, Headers, bool] | None:
        """Return the answer, its headers and whether it was kept; None where the long way must tell it."""
        key = kept.key(environ)
        try:
            answers = kept.answers()
            found = answers.get(key)
            made = found or self._made(kept.piece, environ)
            headers = self._headers.get(_kind(environ, made.language)) if made else None
            if made is None or headers is None or not kept.piece.spend(environ.get("REMOTE_ADDR")).granted:
                return None
        except AWAY:
            return None
        if found is None:
            answers.put(key, made)
        return made, headers, found is not None

    def _made(self, piece: Piece, environ: "WSGIEnvironment") -> Made | None:
        no_session = self.app.session_interface.make_null_session(self.app)
        with RequestContext(self.app, environ, session=no_session):
            response = piece.view()
            return Made(response.get_data(), choice.code()) if response.status_code == 200 else None

    def _noting(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> "StartResponse":
        """Return what starts an answer and notes its headers, those of a single answer left out."""

        def start(status: str, headers: list[tuple[str, str]], *more: Any) -> Any:
            if status.startswith("200"):
                language = dict(headers).get("Content-Language", choice.SOURCE)
                kept = [pair for pair in headers if pair[0].lower() not in OWN]
                self._headers[_kind(environ, language)] = kept
            return start_response(status, headers, *more)

        return start


def _kind(environ: "WSGIEnvironment", language: str) -> tuple[str, str, str]:
    return environ["PATH_INFO"], environ["wsgi.url_scheme"], language


def configure(app: Flask, pieces: Mapping[str, Piece]) -> None:
    """Put the short way in front of the framework, and behind all that checks hosts and proxies."""
    app.extensions["pieces"] = short_way = Pieces(app, app.wsgi_app, pieces)
    app.wsgi_app = short_way  # type: ignore[method-assign]
