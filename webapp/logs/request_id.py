"""The id of a request: in its log lines, in its answer, in the run that it starts."""

import random
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

HEADER = "X-Request-ID"
KEY = "nomen.request_id"
"""Where the WSGI environment holds it: gunicorn writes its access line after the answer."""
_SANE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{7,63}")
_current: ContextVar[str] = ContextVar("request_id", default="")


def current() -> str:
    """Return the id of the request that this thread works for, or "" outside of any."""
    return _current.get()


@contextmanager
def bound(request_id: str) -> Iterator[None]:
    """Let this thread work for a request inside the block."""
    token = _current.set(request_id)
    try:
        yield
    finally:
        _current.reset(token)


def is_sane(request_id: str) -> bool:
    """Say whether somebody else's id may stand in our log: 8 to 64 letters, digits, dots, - and _."""
    return _SANE.fullmatch(request_id) is not None


class Answer:
    """The body of an answer: what is streamed is made under the request's id, while somebody reads it."""

    def __init__(self, body: Iterable[bytes], request_id: str) -> None:
        self.body = body
        self.parts = iter(body)
        self.request_id = request_id

    def __iter__(self) -> Iterator[bytes]:
        return self

    def __next__(self) -> bytes:
        with bound(self.request_id):
            return next(self.parts)

    def close(self) -> None:
        """End the answer, as WSGI servers do however it ended."""
        close = getattr(self.body, "close", None)
        if close:
            with bound(self.request_id):
                close()


class RequestIds:
    """The site behind it answers each request under an id of its own, which comes back in X-Request-ID."""

    def __init__(self, site: "WSGIApplication", trusts_proxy: bool) -> None:
        self.site = site
        self.trusts_proxy = trusts_proxy

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        """Answer a request under the id that the proxy in front gave it, else a new one."""
        request_id = self._from_proxy(environ) or f"{random.getrandbits(64):016x}"  # nosec B311 # an id, no secret
        environ[KEY] = request_id

        def start(status: str, headers: list[tuple[str, str]], *more: Any) -> Any:
            return start_response(status, [*headers, (HEADER, request_id)], *more)

        with bound(request_id):
            return Answer(self.site(environ, start), request_id)

    def _from_proxy(self, environ: "WSGIEnvironment") -> str:
        # Without a proxy the header is a visitor's own, who could make two requests look like one.
        given = environ.get("HTTP_X_REQUEST_ID", "") if self.trusts_proxy else ""
        return given if is_sane(given) else ""
