"""What visitors say, by the script that a name was typed in and by the country that was asked for."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.support.factories import answer
from tests.support.visits import words
from training.names import read
from training.names.scripts.countries import COUNTRIES
from training.names.scripts.written import country_asked, script_in
from webapp.extensions import db
from webapp.feedback import service as feedback
from webapp.feedback import tallies
from webapp.models import PlaceTally
from webapp.scoreboard.filters import Filters
from webapp.scoreboard.slices import live as live_slices


@pytest.mark.parametrize(
    ("typed", "script"),
    [
        ("Anna", "latin"),
        ("Jürgen", "latin"),
        ("花子", "chinese"),
        ("美さき", "chinese"),
        ("サクラ", "kana"),
        ("서연", "hangul"),
        ("שרה", "hebrew"),
        ("فاطمة", "arabic"),
        ("Никита", "cyrillic"),
        ("Σοφία", "greek"),
        ("Արամ", "armenian"),
        ("ნინო", "georgian"),
        ("प्रिया", "indian"),
        ("สมชาย", "thai"),
        ("ሰላም", "other"),
        ("…", "latin"),
    ],
    ids=ascii,
)
def test_each_text_is_written_in_a_script(typed: str, script: str) -> None:
    assert script_in(typed) == script


def test_a_country_that_letters_tell_was_not_asked_for() -> None:
    assert country_asked(read("Никита").key, "Никита") == ""
    assert country_asked(read("Никита").from_country(COUNTRIES["UA"]).key, "Никита") == "UA"
    assert country_asked("IT:andrea", "Andrea") == "IT"
    assert country_asked("andrea", "Andrea") == ""


def rate(name: str, typed: str, is_right: bool, visitor: str) -> int:
    return answer(
        name, "female" if is_right else "male", typed=typed, guessed="female", p_female=0.9, visitor=visitor
    ).id


@pytest.fixture
def rated(app: Flask) -> list[int]:
    """Answers about names in three scripts, one of them with a country."""
    with app.app_context():
        return [
            rate("anna", "Anna", True, "a"),
            rate("anna", "Anna", False, "b"),
            rate("שרה", "שרה", True, "a"),
            rate("RU:nikita", "Никита", False, "a"),
            rate("IT:andrea", "Andrea", False, "a"),
            rate("IT:andrea", "Andrea", True, "b"),
        ]


def test_answers_are_told_by_script_and_by_country(app: Flask, rated: list[int]) -> None:
    with app.app_context():
        scripts, countries = live_slices.of_view(Filters(versions=()))
    assert [(row.title, row.accuracy.hits, row.accuracy.n) for row in scripts.rows] == [
        ("Latin letters", 2, 4),
        ("Cyrillic letters", 0, 1),
        ("Hebrew letters", 1, 1),
    ]
    assert [(row.title, row.accuracy.hits, row.accuracy.n) for row in countries.rows] == [("Italy", 1, 2)]


def test_the_scoreboard_shows_them_and_says_how_few_they_are(client: FlaskClient, rated: list[int]) -> None:
    shown = words(client.get("/scoreboard?version=all").text)
    assert "What visitors say, by script and by country" in shown
    assert re.search("Italy *2 *1 of 2", shown) and re.search("Hebrew letters *1 *1 of 1", shown)
    told = client.get("/api/v1/scoreboard?version=all").json["slices"]
    assert told["country"]["IT"]["n"] == 2 and set(told["script"]) == {"latin", "cyrillic", "hebrew"}


def test_latin_letters_from_anywhere_need_no_table(client: FlaskClient, app: Flask) -> None:
    with app.app_context():
        rate("anna", "Anna", True, "a")
    assert "by script and by country" not in client.get("/scoreboard?version=all").text


def test_an_answer_that_is_deleted_leaves_its_slices(app: Flask, rated: list[int]) -> None:
    with app.app_context():
        for id_ in rated[2:4]:
            feedback.delete("a", id_)
        assert tallies.compare(db.session) == []
        (countries,) = live_slices.of_view(Filters(versions=()))
        assert [row.key for row in countries.rows] == ["IT"]
        assert {(row.script, row.country) for row in db.session.query(PlaceTally) if row.n} == {
            ("latin", "IT")
        }
        db.session.query(PlaceTally).delete()
        assert len(tallies.recount(db.session)) == 2 and tallies.compare(db.session) == []
