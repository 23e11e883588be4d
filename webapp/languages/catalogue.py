"""The catalogues as they are read: each `.po` once a process, so nothing has to be compiled."""

import io
from functools import cache
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations, Translations
from flask import has_app_context
from flask_babel import Domain

from webapp.languages.choice import SOURCE, code

TRANSLATIONS = Path(__file__).parent / "translations"


class Catalogues(Domain):  # type: ignore[misc]
    """Where Flask-Babel finds the sentences of the language that is asked for."""

    def get_translations(self) -> NullTranslations:
        """Return the catalogue of the language of this moment."""
        return load(code()) if has_app_context() else NullTranslations()


def path_of(language: str) -> Path:
    """Return where the catalogue of a language lies."""
    return TRANSLATIONS / language / "LC_MESSAGES" / "messages.po"


@cache
def load(language: str) -> NullTranslations:
    """Return a catalogue; the source language has none, and needs none."""
    if language == SOURCE:
        return NullTranslations()
    compiled = io.BytesIO()
    with path_of(language).open("rb") as file:
        write_mo(compiled, read_po(file, locale=language))
    compiled.seek(0)
    return Translations(compiled)
