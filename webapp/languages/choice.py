"""Which language a request is answered in: by `?lang=`, else the reader's cookie, else the browser's wish."""

from collections.abc import Mapping
from functools import lru_cache
from typing import TypeVar

from babel import Locale, negotiate_locale
from flask import g, has_request_context, request
from flask_babel import get_locale
from werkzeug.datastructures import LanguageAccept
from werkzeug.http import parse_accept_header
from werkzeug.wrappers import Response

LANGUAGES: Mapping[str, str] = {
    "en": "English",
    "de": "Deutsch",
    "es": "Español",
    "fr": "Français",
    "ar": "العربية",
}
"""The languages of the site, each by its own name."""
SOURCE = "en"
PARAMETER = "lang"
COOKIE = "language"
YEAR = 365 * 86400  # seconds
PROGRAMS = "/api/v1/"
"""What programs read is English in every country: its words are part of a contract."""
R = TypeVar("R", bound=Response)


def selected() -> str:
    """Return the language of the request; English outside of one."""
    if not has_request_context():
        return SOURCE
    return SOURCE if is_for_programs() else wanted()


def is_for_programs() -> bool:
    """Say whether the request asks for what programs read."""
    return request.path.startswith(PROGRAMS)


def wanted() -> str:
    """Return the language that the reader of this request wants."""
    return asked_for() or _known(request.cookies.get(COOKIE)) or of_browser()


def asked_for() -> str | None:
    """Return the language that the address asks for, if it asks for one that is here."""
    return _known(request.args.get(PARAMETER))


def of_browser() -> str:
    """Return the best of the languages that the browser asks for; English if none of them is here."""
    return _best_of(request.headers.get("Accept-Language", ""))


@lru_cache(64)  # most browsers say one of a few things
def _best_of(header: str) -> str:
    # Not `best_match`: it passes by "de-AT" for an "en" that is wanted less.
    wishes = [tag.lower() for tag, quality in parse_accept_header(header, LanguageAccept) if quality]
    return negotiate_locale(wishes, list(LANGUAGES), sep="-") or SOURCE


def current() -> Locale:
    """Return the language that texts are written in at this moment; English outside of a request."""
    try:
        # Where Flask-Babel keeps it: a page has a hundred texts, and the library looks four times for each.
        found: Locale = g._get_current_object()._flask_babel.babel_locale
    except (RuntimeError, AttributeError):
        return get_locale() or Locale(SOURCE)
    return found


def code() -> str:
    """Return the same as a word of an address, a cookie or `<html lang>`."""
    return str(current().language)


def direction() -> str:
    """Return which way the language is written: "ltr" or "rtl"."""
    return str(current().text_direction)


def for_polls() -> str | None:
    """Return what a poll, which brings no cookie, must say in its address to get the language of its page."""
    return code() if code() != of_browser() else None


def in_address() -> str | None:
    """Return what an address says that others open in this language; nothing in English."""
    return code() if code() != SOURCE else None


def tagged(tag: str) -> str:
    """Return an ETag that no other language's answer has."""
    return tag if code() == SOURCE else f"{tag}-{code()}"


def remember(response: R) -> R:
    """Keep in the reader's browser the language that they asked for in an address."""
    if (asked := asked_for()) and asked != _known(request.cookies.get(COOKIE)):
        response.set_cookie(
            COOKIE, asked, max_age=YEAR, secure=request.is_secure, httponly=True, samesite="Lax"
        )
    return response


def tell_caches(response: R) -> R:
    """Say that another reader may get the same address in another language."""
    if not is_for_programs():
        response.vary.update(["Accept-Language", "Cookie"])
    response.headers.setdefault("Content-Language", code())
    return response


def _known(language: str | None) -> str | None:
    return language if language in LANGUAGES else None
