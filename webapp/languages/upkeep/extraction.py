"""What there is to translate, gathered into the template that every catalogue is brought up to date with."""

import ast
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po
from flask import Flask

from training.data.name_groups import GROUP_WORDS, SLICE_WORDS
from training.fitting.settings import describe_settings
from training.names import DOUBT_SENTENCES
from webapp.languages.catalogue import TRANSLATIONS, path_of
from webapp.languages.choice import LANGUAGES, SOURCE

KEYWORDS = {
    "_": None,
    "gettext": None,
    "lazy_gettext": None,
    "ngettext": (1, 2),
    "pgettext": ((1, "c"), 2),
    "N_": None,
    "NN_": (1, 2),
}
PROSE = ("description", "summary")
"""What is for people in an OpenAPI description."""
METHODS = [("**.py", "python"), ("**.html", "jinja2")]
JINJA = {"**.html": {"trimmed": "true", "encoding": "utf-8"}}
TEMPLATE = TRANSLATIONS / "messages.pot"
WIDTH = 110
_SENTENCE = re.compile(r"[A-Z][^.\n]* [^\n]*\.")
Found = tuple[str, str | tuple[str, ...], list[str], str | None]
"""Where a text stands, the text or it and its plural, notes for translators, its context."""


def gather(app: Flask) -> Catalog:
    """Return all texts: of code, templates, the trainer's tables and the API's description."""
    catalog = Catalog(project="Nomen", fuzzy=False)
    for where, text, notes, context in sorted(_found(app), key=lambda found: found[0]):
        catalog.add(text, None, [(where, 0)], auto_comments=notes, context=context)
    return catalog


def _found(app: Flask) -> Iterator[Found]:
    root = Path(app.root_path)
    for folder in ("webapp", "templates"):
        for name, _, text, notes, context in extract_from_dir(
            root / folder, METHODS, JINJA, KEYWORDS, comment_tags=["Translators:"], strip_comment_tags=True
        ):
            yield f"{folder}/{name}", text, notes, context
    for text in (*tables(), *refusals(root / "training" / "names")):
        yield "training", text, [], None
    for text in description_of_the_api(getattr(app, "spec", {})):
        yield "openapi.json", text, [], None


def tables() -> Iterator[str]:
    """Yield the words of the trainer's tables that pages show."""
    yield from DOUBT_SENTENCES.values()
    for group in GROUP_WORDS.values():
        yield from (group.title, group.button, group.phrase)
    for kind in SLICE_WORDS.values():
        yield from (kind.title, kind.axis, kind.names)
    for setting in describe_settings():
        yield from filter(
            None, (setting.name.replace("_", " "), setting.group, setting.unit, setting.sentence)
        )


def refusals(folder: Path) -> Iterator[str]:
    """Yield the sentences with which the reader refuses a text; it may not know that there are languages."""
    for path in sorted(folder.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            # Statements of their own are documentation.
            values = [] if isinstance(node, ast.Expr) else ast.iter_child_nodes(node)
            for value in values:
                if isinstance(value, ast.Constant) and _SENTENCE.fullmatch(str(value.value)):
                    yield str(value.value)


def description_of_the_api(spec: object) -> Iterator[str]:
    """Yield what the description of the API says to people."""
    if isinstance(spec, list):
        for part in spec:
            yield from description_of_the_api(part)
    if isinstance(spec, dict):
        for key, value in spec.items():
            if key in PROSE and isinstance(value, str) and value:
                yield value
            else:
                yield from description_of_the_api(value)


def write_template(app: Flask) -> Catalog:
    """Write the template anew and return it."""
    catalog = gather(app)
    _write(TEMPLATE, catalog)
    return catalog


def update(template: Catalog) -> None:
    """Bring each catalogue up to date: what is new waits in it untranslated, what is gone is taken out."""
    for language in LANGUAGES:
        if language != SOURCE:
            path = path_of(language)
            path.parent.mkdir(parents=True, exist_ok=True)
            catalog = (
                _read(path, language) if path.exists() else Catalog(language, project="Nomen", fuzzy=False)
            )
            # No guess at what a changed sentence might mean: it would be read as translated.
            catalog.update(template, no_fuzzy_matching=True, update_creation_date=False)
            catalog.obsolete.clear()
            _write(path, catalog)


def _read(path: Path, language: str) -> Catalog:
    with path.open("rb") as file:
        return read_po(file, locale=language)


def _write(path: Path, catalog: Catalog) -> None:
    with path.open("wb") as file:
        write_po(file, catalog, width=WIDTH, omit_header=False, include_lineno=False, ignore_obsolete=True)


def untranslated() -> dict[str, int]:
    """Return how many texts each catalogue leaves in English."""
    found = {language: _read(path_of(language), language) for language in LANGUAGES if language != SOURCE}
    return {
        language: sum(not _is_translated(message.string) for message in catalog if message.id)
        for language, catalog in found.items()
    }


def _is_translated(string: str | Sequence[str] | None) -> bool:
    return bool(string) if isinstance(string, str) else all(string or ("",))
