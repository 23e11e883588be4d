"""No page says anything that is in no catalogue: looked for in a language that marks every text."""

import re
from collections.abc import Iterator

import pytest
from babel import Locale
from flask import Flask
from flask.testing import FlaskClient

from tests.support.pseudo import Pseudo, unmarked
from tests.support.scenes import SCENES
from webapp.languages import catalogue, texts
from webapp.learn.chapters import CHAPTERS

AUDIT = "/audit"
"""Its entries, and what they may be looked up by, are what the trail holds, word by word."""
LANGUAGE = "de"
"""Whose numbers, days and lists stand on the pages: Babel writes them, not the catalogues."""
OF_BABEL = re.compile(
    "und|oder|vor|Sekunden?|Minuten?|Stunden?|Tage?n?|Januar|Februar|März|April|Mai|Juni|Juli|August|September|"
    "Oktober|November|Dezember"
)
_DATA = """
Nomen anna Anna kim Kim Lee Roy zuleika Zuleika amparo Amparo dakota torbern Torbern john Giovanna
Ilmarinen admin reviewer example org test tests nomen TP FN FP TN UTC CPU GB CSV PNG elman rnn gru lstm
GRU LSTM cpu gpu full update reset forget input output log tanh read runs Old Nightly export It goes by
the last letter candidate Tried on Sunday The corpus holds no names Memory ran out trainer was killed is
worse that neither has seen letters cores better for two rounds Learns
"""
_TERRITORIES = Locale("de").territories.values()
_OF_COUNTRIES = [word for name in _TERRITORIES for word in re.findall(r"[^\W\d_]+", name)]
DATA = {"w" * 64, "W" + "w" * 63, *_DATA.split(), *_OF_COUNTRIES}
"""Names, addresses, what the scenes' people typed, and the terms of the field that no language translates."""
MORE = (
    *("/privacy", "/privacy/delete", "/batch", "/offline", "/login", "/play", "/history", "/api/docs"),
    *(f"/learn/{chapter.slug}" for chapter in CHAPTERS),
)


@pytest.fixture
def pseudo(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    marked = Pseudo()
    monkeypatch.setattr(catalogue, "load", lambda language: marked)
    texts.forget()
    yield
    texts.forget()


def test_no_page_says_what_is_in_no_catalogue(
    app: Flask, client: FlaskClient, admin_client: FlaskClient, pseudo: None
) -> None:
    left: dict[str, list[str]] = {}
    for scene in SCENES:
        with app.app_context():
            scene.make()
        asked = [(admin_client, path) for path in scene.staff] + [(client, path) for path in scene.visitor]
        left |= {f"{scene.name}: {path}": words for who, path in asked if (words := _bare_words(who, path))}
    left |= {path: words for path in MORE if (words := _bare_words(client, path))}
    assert left == {}


def _bare_words(who: FlaskClient, path: str) -> list[str]:
    page = who.get(path, headers={"Accept-Language": LANGUAGE}).text
    if path.startswith(AUDIT):
        page = re.sub("<(tbody|select)[ >].*?</\\1>|<tbody>.*?</tbody>", "", page, flags=re.DOTALL)
    return [word for word in unmarked(page) if word not in DATA and not OF_BABEL.fullmatch(word)]
