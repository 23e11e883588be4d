"""What stands around every page: sessions, CSRF, proxies, JSON and numbers in addresses."""

import re
from collections.abc import Iterable
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from flask import Flask, current_app, g, session
from flask.json.provider import DefaultJSONProvider
from flask.sessions import SecureCookieSessionInterface
from flask_wtf.csrf import generate_csrf
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.routing import IntegerConverter

from webapp.errors import TooLarge
from webapp.extensions import csrf
from webapp.languages.texts import gettext
from webapp.logs.request_id import RequestIds
from webapp.storage.secret_key import Serializer

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

LONGEST_HOST = 253  # characters of a host name (RFC 1035)
_NAME = r"(?!-)[A-Za-z0-9_-]{1,63}(?<!-)(?:\.(?!-)[A-Za-z0-9_-]{1,63}(?<!-))*\.?"
_ADDRESS = r"\[[0-9A-Fa-f:.]{2,45}\]"
_HOST = re.compile(rf"(?:{_NAME}|{_ADDRESS})(?::[0-9]{{1,5}})?")
SENTENCE = b"The site could not make sense of that request."
LARGEST_NUMBER = 2**31 - 1  # an id in PostgreSQL
MAX_FORM = 64 * 1024  # bytes; pages that take files raise it for themselves


def configure(app: Flask) -> None:
    """Bind what every page needs."""
    app.config.update(_settings(app.config))
    app.json = Json(app)
    app.session_interface = Sessions()
    app.url_map.converters["int"] = Number
    app.wsgi_app = HostCheck(app.wsgi_app)  # type: ignore[method-assign]
    hops = app.config["PROXIES"]  # their headers are read first: they may name the host
    if hops:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]
    app.wsgi_app = RequestIds(app.wsgi_app, trusts_proxy=hops > 0)  # type: ignore[method-assign]
    csrf.init_app(app)
    app.add_template_global(csrf_token)


def _settings(config: dict[str, Any]) -> dict[str, Any]:
    return {
        "MAX_CONTENT_LENGTH": MAX_FORM,
        "MAX_FORM_MEMORY_SIZE": MAX_FORM,
        "MAX_FORM_PARTS": 200,
        "TRUSTED_HOSTS": config["TRUSTED_HOSTS"] or None,
        "SESSION_COOKIE_NAME": "nomen",
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_COOKIE_SECURE": config["HTTPS"],
        "PERMANENT_SESSION_LIFETIME": timedelta(days=365),
        # Off: a cookie with every answer would keep pages out of all caches.
        "SESSION_REFRESH_EACH_REQUEST": False,
        # A form may stay open for days; its token lasts as long as the session does.
        "WTF_CSRF_TIME_LIMIT": None,
    }


def csrf_token() -> str:
    """Return what a form of this visitor must send back."""
    # Flask-WTF takes what is there; its own serializer compresses each anew, in vain.
    if "csrf_token" not in g and "csrf_token" in session:
        g.csrf_token = Serializer(current_app.config["SECRET_KEY"], salt="wtf-csrf-token").dumps(
            session["csrf_token"]
        )
    return str(generate_csrf())


class Number(IntegerConverter):
    """A number in an address: one that no database could hold leads nowhere (404)."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        # A route's own limit wins.
        super().__init__(*args, **{"max": LARGEST_NUMBER} | kwargs)


class Json(DefaultJSONProvider):
    """Flask's JSON, which refuses what is nested too deeply to be read."""

    def loads(self, s: str | bytes, **kwargs: Any) -> Any:
        """Return what a JSON text says; raise TooLarge if it is nested too deeply."""
        try:
            return super().loads(s, **kwargs)
        except RecursionError as error:
            raise TooLarge(gettext("That JSON is nested too deeply.")) from error


class Sessions(SecureCookieSessionInterface):
    """Flask's sessions in signed cookies, which outlast a clock that is set back."""

    def get_signing_serializer(self, app: Flask) -> Serializer:
        """Return what signs and reads the cookies."""
        keys = [*(app.config["SECRET_KEY_FALLBACKS"] or ()), app.secret_key]
        how = {"key_derivation": self.key_derivation, "digest_method": self.digest_method}
        return Serializer(keys, salt=self.salt, serializer=self.serializer, signer_kwargs=how)


class HostCheck:
    """The site behind it sees only requests for a host that could be one."""

    def __init__(self, site: "WSGIApplication") -> None:
        self.site = site

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        """Answer a request, or refuse it (400)."""
        host = environ.get("HTTP_HOST", "")
        if host and not is_host(host):
            start_response("400 Bad Request", [("Content-Type", "text/plain; charset=utf-8")])
            return [SENTENCE]
        return self.site(environ, start_response)


def is_host(text: str) -> bool:
    """Say whether a `Host` header could name a host: labels of 1 to 63 characters, or an address."""
    return len(text) <= LONGEST_HOST + 6 and _HOST.fullmatch(text) is not None
