"""Texts in the reader's language, by gettext's own names; here they have types, which the library lacks."""

from functools import lru_cache
from typing import Any

import flask_babel
from markupsafe import Markup

from webapp.languages import catalogue, choice


def gettext(text: str, /, **parts: object) -> str:
    """Return a text with its parts; without any, a percent sign stands for itself."""
    found = catalogue.load(choice.code()).ugettext(text)
    return found % parts if parts else found


def ngettext(one: str, many: str, number: int, /, **parts: object) -> str:
    """Return the text of the form that a number takes in the language."""
    return catalogue.load(choice.code()).ungettext(one, many, number) % ({"num": number} | parts)


def pgettext(context: str, text: str, /, **parts: object) -> str:
    """Return a text whose translation depends on where it stands."""
    found = catalogue.load(choice.code()).upgettext(context, text)
    return found % parts if parts else found


def lazy_gettext(text: str, /, **parts: object) -> Any:
    """Return what becomes the text when a page writes it: for what is made before there is a reader."""
    return flask_babel.lazy_gettext(text, **parts)


def written(text: str, /, **parts: object) -> Markup:
    """Return a text as a template writes it: with its parts, each made harmless unless it is markup."""
    language = choice.code()
    return _pattern(language, text) % parts if parts else _whole(language, text)


@lru_cache(4096)  # a page has some fifty texts
def _pattern(language: str, text: str) -> Markup:
    return Markup(catalogue.load(language).ugettext(text))  # nosec B704: as it stands in a template


@lru_cache(4096)
def _whole(language: str, text: str) -> Markup:
    return _pattern(language, text) % {}


def forget() -> None:
    """Forget what was written: the catalogues say something else."""
    _pattern.cache_clear()
    _whole.cache_clear()
