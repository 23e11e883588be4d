"""Numbers, days, lists and the sentence about the letters, as each language writes them."""

from collections.abc import Callable, Iterator
from datetime import date

import pytest
from flask import Flask
from flask.testing import FlaskClient
from flask_babel import force_locale

from webapp.config import ROOT
from webapp.guessing.explanation.story import headline, tell
from webapp.languages import numbers
from webapp.languages.texts import gettext
from webapp.languages.words import counted

Spoken = Callable[[str], None]
LANGUAGES = ("en", "de", "es", "fr")
GIOVANNA = [0.3, 0.2, 0.1, 0.1, 0.2, 0.4, 0.6, 0.95]
NARROW, HARD = "\u202f", "\xa0"


@pytest.fixture(params=LANGUAGES)
def language(request: pytest.FixtureRequest, app: Flask) -> Iterator[str]:
    with app.test_request_context("/"), force_locale(request.param):
        yield request.param


def of(language: str, *written: str) -> str:
    return dict(zip(LANGUAGES, written, strict=True))[language]


def test_a_large_number(language: str) -> None:
    french = f"1{NARROW}234{NARROW}567"
    assert numbers.count(1_234_567) == of(language, "1,234,567", "1.234.567", "1.234.567", french)


def test_decimals_and_a_sign(language: str) -> None:
    assert numbers.decimal(-4.5, 1, sign=True) == of(language, "−4.5", "−4,5", "−4,5", "−4,5")


def test_a_sign_stays_left_of_its_figures_where_text_runs_from_the_right(app: Flask) -> None:
    with app.test_request_context("/"), force_locale("ar"):
        assert numbers.decimal(-4.5, 1, sign=True) == "\u200e−4.5"
        assert numbers.localised("−0.05") == "\u200e−0.05"


def test_no_template_writes_figures_past_the_reader() -> None:
    # What is drawn may: '%.1f' % x.
    templates = (ROOT / "templates").rglob("*.html")
    assert [path.name for path in templates if "|format(" in path.read_text()] == []


def test_a_share(language: str) -> None:
    assert numbers.percent(0.905, 1) == of(language, "90.5%", *[f"90,5{HARD}%"] * 3)


def test_a_day(language: str) -> None:
    written = ("1 November 2026", "1. November 2026", "1 de noviembre de 2026", "1 novembre 2026")
    assert numbers.long_day(date(2026, 11, 1), with_year=True) == of(language, *written)


def test_how_long_ago(language: str) -> None:
    written = ("1 second ago", "vor 1 Sekunde", "hace 1 segundo", "il y a 1 seconde")
    assert numbers.ago(1, "second").replace(HARD, " ") == of(language, *written)


def test_a_list(language: str) -> None:
    names = ["Anna", "Ben", "Cleo"]
    written = ("Anna, Ben and Cleo", "Anna, Ben und Cleo", "Anna, Ben y Cleo", "Anna, Ben et Cleo")
    assert numbers.join(names) == of(language, *written)


def test_what_is_counted(language: str) -> None:
    assert counted(1, "answer") == of(language, "1 answer", "1 Antwort", "1 respuesta", "1 réponse")
    assert counted(2, "answer") == of(language, "2 answers", "2 Antworten", "2 respuestas", "2 réponses")
    # French alone counts nothing as one.
    assert counted(0, "answer") == of(language, "0 answers", "0 Antworten", "0 respuestas", "0 réponse")


@pytest.mark.parametrize("n", [0, 1, 2, 3, 11, 100])
def test_arabic_has_a_form_for_each_kind_of_number(app: Flask, n: int) -> None:
    with app.test_request_context("/"), force_locale("ar"):
        assert (
            counted(n, "answer")
            == {
                0: "لا إجابات",
                1: "إجابة واحدة",
                2: "إجابتان",
                3: "3 إجابات",
                11: "11 إجابة",
                100: "100 إجابة",
            }[n]
        )


def test_the_headline(language: str) -> None:
    assert headline(0.955) == of(
        language,
        "Mostly given to *women*: about 96 in 100.",
        "Überwiegend an *Frauen* vergeben: etwa 96 von 100.",
        "Se da sobre todo a *mujeres*: alrededor de 96 de cada 100.",
        f"Donné surtout à des *femmes*{HARD}: environ 96 sur 100.",
    )


def test_a_letter_that_turned_it_and_one_that_settled_it(language: str) -> None:
    assert tell("giovanna", GIOVANNA) == of(
        language,
        "It leaned to men until the second *n*; the final *a* settled it.",
        "Es tendierte zu Männern, bis das zweite *n* kam; das letzte *a* gab den Ausschlag.",
        "Se inclinó hacia los hombres hasta la segunda *n*; la *a* final lo decidió.",
        "Il penchait pour les hommes jusqu’à ce que vienne le deuxième *n*\xa0; le *a* final a tranché.",
    )


def test_a_letter_behind_a_preposition(language: str) -> None:
    assert tell("robin", [0.9, 0.2, 0.2, 0.8, 0.9]) == of(
        language,
        "It leaned to women, then to men from the *o*, and came back with the *i*.",
        "Es tendierte zu Frauen, dann ab dem *o* zu Männern und schwenkte mit dem *i* wieder zurück.",
        "Se inclinó hacia las mujeres, luego hacia los hombres desde la *o*, y volvió con la *i*.",
        "Il penchait pour les femmes, puis pour les hommes dès le *o*, et il est revenu à son premier avis "
        "avec le *i*.",
    )


def test_a_sign_that_is_no_letter(language: str) -> None:
    assert tell("al-a", [0.9, 0.9, 0.1, 0.9]) == of(
        language,
        "It leaned to women, then to men from the hyphen, and came back with the final *a*.",
        "Es tendierte zu Frauen, dann ab dem Bindestrich zu Männern und schwenkte mit dem letzten *a* wieder "
        "zurück.",
        "Se inclinó hacia las mujeres, luego hacia los hombres desde el guion, y volvió con la *a* final.",
        "Il penchait pour les femmes, puis pour les hommes dès le trait d’union, et il est revenu à son "
        "premier avis avec le *a* final.",
    )


def test_arabic_tells_it_from_the_right(app: Flask) -> None:
    with app.test_request_context("/"), force_locale("ar"):
        told = tell("giovanna", GIOVANNA)
    assert told == "مالت إلى الرجال حتى الحرف *n* الثاني؛ وكان الحسم عند الحرف *a* الأخير."


def test_figures_that_stand_in_a_template_are_written_for_each_reader(client: FlaskClient) -> None:
    german = client.get("/learn/mistakes?lang=de").text
    english = client.get("/learn/mistakes?lang=en").text
    assert "98,6" in german and "98.6%" in english and "98,6" not in english


def test_what_templates_write_is_what_jinja_would(language: str, app: Flask) -> None:
    plain = app.jinja_env.from_string(
        "{{ _('Guess') }}|{{ _('50%%') }}|{{ _('guessed %(answer)s', answer='<b>') }}"
    )
    assert plain.render().startswith(gettext("Guess") + "|50%|") and "<b>" not in plain.render()
    assert gettext("guessed %(answer)s", answer="&lt;b&gt;") in plain.render()
