"""The catalogues: each is whole, and every text keeps what its source has in it."""

import re
from collections import Counter
from collections.abc import Iterator

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po
from flask import Flask

from webapp.languages.catalogue import path_of
from webapp.languages.choice import LANGUAGES, SOURCE
from webapp.languages.upkeep.extraction import TEMPLATE, gather, untranslated

TRANSLATED = [language for language in LANGUAGES if language != SOURCE]
KEPT = {
    "places": re.compile(r"%\(\w+\)[a-z]|%%"),
    "tags": re.compile(r"</?[a-z]+[^>]*>"),
    "code": re.compile(r"`[^`]*`"),
    "letters": re.compile(r"\*%\(\w+\)s\*"),
}
"""What a translation has as often as its source."""


def catalogue(language: str) -> Catalog:
    with path_of(language).open("rb") as file:
        return read_po(file, locale=language)


def forms(text: str | tuple[str, ...] | list[str]) -> tuple[str, ...]:
    return (text,) if isinstance(text, str) else tuple(text)


def messages(language: str) -> Iterator[Message]:
    yield from (message for message in catalogue(language) if message.id)


def broken(message: Message) -> Iterator[str]:
    """Yield the translations of a message that lost or gained something of the source."""
    sources = forms(message.id)
    # A form for one, two or none may say its number in a word.
    is_plural = len(sources) > 1
    for form in filter(None, forms(message.string)):
        for kept in KEPT.values():
            found = [Counter(kept.findall(source)) for source in sources]
            without_number = [Counter({k: n for k, n in each.items() if k != "%(n)s"}) for each in found]
            if Counter(kept.findall(form)) not in (found + without_number if is_plural else found):
                yield form


@pytest.mark.parametrize("language", TRANSLATED)
def test_every_text_is_translated(language: str) -> None:
    assert untranslated()[language] == 0
    assert [message.id for message in messages(language) if message.fuzzy] == []


@pytest.mark.parametrize("language", TRANSLATED)
def test_a_translation_keeps_places_tags_and_code(language: str) -> None:
    assert {form: message.id for message in messages(language) for form in broken(message)} == {}


@pytest.mark.parametrize("language", TRANSLATED)
def test_a_plural_has_as_many_forms_as_the_language(language: str) -> None:
    count = catalogue(language).num_plurals
    plurals = [message for message in messages(language) if not isinstance(message.id, str)]
    assert [message.id for message in plurals if len(forms(message.string)) != count] == []
    assert plurals


@pytest.mark.parametrize("language", TRANSLATED)
def test_a_plural_is_whole_or_empty(language: str) -> None:
    found = [forms(message.string) for message in messages(language)]
    assert [strings for strings in found if any(strings) and not all(strings)] == []


def test_the_template_is_what_the_sources_say(app: Flask) -> None:
    with TEMPLATE.open("rb") as file:
        stored = {(message.context, message.id) for message in read_po(file) if message.id}
    told = {(message.context, message.id) for message in gather(app) if message.id}
    assert told ^ stored == set(), "`make translations` brings the catalogues up to date"


def test_french_has_no_sign_that_could_begin_a_line() -> None:
    torn = re.compile(r" [:;?!»]|« ")
    found = {form for message in messages("fr") for form in forms(message.string) if torn.search(form)}
    assert found == set()
