"""What stands around every page: sessions, CSRF, limits, proxies, JSON and numbers in addresses."""

from datetime import timedelta
from typing import Any

from flask import Flask
from flask.json.provider import DefaultJSONProvider
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.routing import IntegerConverter

from webapp.errors import TooLarge
from webapp.extensions import csrf, limiter

LARGEST_NUMBER = 2**31 - 1  # an id in PostgreSQL
MAX_FORM = 64 * 1024  # bytes; pages that take files raise it for themselves


def configure(app: Flask) -> None:
    """Bind what every page needs."""
    app.config.update(_settings(app.config))
    app.json = Json(app)
    app.url_map.converters["int"] = Number
    hops = app.config["PROXIES"]
    if hops:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]
    csrf.init_app(app)
    limiter.init_app(app)


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
        "SESSION_REFRESH_EACH_REQUEST": False,
        "WTF_CSRF_TIME_LIMIT": None,
        "RATELIMIT_STORAGE_URI": config["REDIS_URL"] or "memory://",
        "RATELIMIT_ENABLED": config.get("RATELIMIT_ENABLED", True),
    }


class Number(IntegerConverter):
    """A number in an address: one that no database could hold leads nowhere (404)."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"max": LARGEST_NUMBER} | kwargs)


class Json(DefaultJSONProvider):
    """Flask's JSON, which refuses what is nested too deeply to be read."""

    def loads(self, s: str | bytes, **kwargs: Any) -> Any:
        """Return what a JSON text says; raise TooLarge if it is nested too deeply."""
        try:
            return super().loads(s, **kwargs)
        except RecursionError as error:
            raise TooLarge("That JSON is nested too deeply.") from error
