"""Texts in the reader's language, by gettext's own names; here they have types, which the library lacks."""

from typing import Any

import flask_babel


def gettext(text: str, /, **parts: object) -> str:
    """Return a text with its parts; without any, a percent sign stands for itself."""
    return str(flask_babel.gettext(text, **parts))


def ngettext(one: str, many: str, number: int, /, **parts: object) -> str:
    """Return the text of the form that a number takes in the language."""
    return str(flask_babel.ngettext(one, many, number, **parts))


def pgettext(context: str, text: str, /, **parts: object) -> str:
    """Return a text whose translation depends on where it stands."""
    return str(flask_babel.pgettext(context, text, **parts))


def lazy_gettext(text: str, /, **parts: object) -> Any:
    """Return what becomes the text when a page writes it: for what is made before there is a reader."""
    return flask_babel.lazy_gettext(text, **parts)
