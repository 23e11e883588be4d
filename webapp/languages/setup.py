"""The catalogues bound to the site: which language a request has, and what the templates know of it."""

from collections.abc import Mapping
from urllib.parse import urlencode, urlsplit

from flask import Flask, Response, request, url_for
from flask_babel import Babel

from webapp.languages import choice
from webapp.languages.catalogue import Catalogues
from webapp.languages.countries import country_options
from webapp.languages.scripts import script_words
from webapp.languages.texts import written

WRITTEN = (
    "text/html",
    "text/plain",
    "image/png",
    "application/json",
    "application/problem+json",
    "application/manifest+json",
)
"""Kinds of answers that hold sentences; pictures do, too."""
UNSPOKEN = ("/static/", "/healthz", "/readyz", "/robots.txt", "/metrics", "/genderize")
"""Addresses whose answers are the same in every language."""


def configure(app: Flask) -> None:
    """Let every answer be written in the language that its reader chose."""
    babel = Babel(app, default_locale=choice.SOURCE, locale_selector=choice.selected)
    babel.domain_instance = Catalogues()
    app.jinja_env.policies["ext.i18n.trimmed"] = True
    # In place of Jinja's own, which asks for the catalogue, and marks what it finds, text by text.
    app.jinja_env.globals.update(gettext=written, _=written)
    app.add_template_global(country_options)
    app.add_template_global(choice.code, "language")
    app.add_template_global(choice.direction, "direction")
    app.jinja_env.globals["language_names"] = choice.LANGUAGES
    app.add_template_global(choice.for_polls, "poll_language")
    app.add_template_global(choice.in_address, "address_language")
    app.add_template_global(switches, "language_switches")
    app.add_template_global(alternates, "language_alternates")
    app.add_template_global(script_words)
    app.add_template_filter(choice.tagged, "in_language")
    app.after_request(_say_language)


def switches() -> Mapping[str, str]:
    """Return the address of this page in each language; that of the start page for an answer to a form."""
    path, query = _address()
    return {language: _with_language(path, query, language) for language in choice.LANGUAGES}


def alternates() -> Mapping[str, str]:
    """Return the whole address of this page in each language, and without one as `x-default`."""
    host = request.host_url.rstrip("/")
    path, query = _address()
    return {
        **{language: host + address for language, address in switches().items()},
        "x-default": host + path + (f"?{query}" if query else ""),
    }


def _address() -> tuple[str, str]:
    """Return the path of this page, and what it asks for, a language left out."""
    # An answer to a form has no address that could be opened again: its switch leads to the start.
    if request.method not in ("GET", "HEAD"):
        return url_for("guess.index"), ""
    # By hand, for `url_for` would take what a stranger's address says for arguments of its own.
    asked = [pair for pair in request.args.items(multi=True) if pair[0] != choice.PARAMETER]
    return urlsplit(request.base_url).path, urlencode(asked)


def _with_language(path: str, query: str, language: str) -> str:
    return f"{path}?{query}{'&' if query else ''}{choice.PARAMETER}={language}"


def _say_language(response: Response) -> Response:
    if request.path.startswith(UNSPOKEN) or response.mimetype not in WRITTEN:
        return response
    choice.tell_caches(response)
    return choice.remember(response) if response.mimetype == "text/html" else response
