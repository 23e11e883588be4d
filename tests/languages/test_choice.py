"""Which language an answer is written in, and what it says of that."""

import re

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from webapp.languages.choice import LANGUAGES

BUTTONS = {"en": "Guess", "de": "Schätzen", "es": "Estimar", "fr": "Estimer"}


def language_of(answer: TestResponse) -> str:
    found = re.search(r'<html lang="(\w+)" dir="(\w+)">', answer.text)
    assert found and (found[2] == "rtl") == (found[1] == "ar")
    assert answer.headers["Content-Language"] == found[1]
    return found[1]


@pytest.mark.parametrize(("language", "button"), BUTTONS.items())
def test_an_address_asks_for_a_language(client: FlaskClient, language: str, button: str) -> None:
    answer = client.get(f"/?lang={language}")
    assert language_of(answer) == language
    assert f">{button}</button>" in answer.text


def test_arabic_runs_from_right_to_left(client: FlaskClient) -> None:
    assert '<html lang="ar" dir="rtl">' in client.get("/?lang=ar").text


def test_the_choice_is_kept_in_a_cookie(client: FlaskClient) -> None:
    kept = client.get("/?lang=fr").headers["Set-Cookie"]
    assert "language=fr" in kept and "HttpOnly" in kept and "SameSite=Lax" in kept
    assert language_of(client.get("/")) == "fr"
    assert "Set-Cookie" not in client.get("/history?lang=fr").headers


@pytest.mark.parametrize(
    ("wishes", "language"),
    [
        ("de-AT, en;q=0.5", "de"),
        ("nl, fr-CA;q=0.8, en;q=0.5", "fr"),
        ("ES-mx", "es"),
        ("de;q=0, fr;q=0.1", "fr"),
        ("en-GB, de;q=0.9", "en"),
        ("*", "en"),
        ("tlh", "en"),
    ],
)
def test_the_browser_says_what_its_reader_wants(client: FlaskClient, wishes: str, language: str) -> None:
    assert language_of(client.get("/", headers={"Accept-Language": wishes})) == language


def test_the_address_wins_over_the_cookie_and_the_cookie_over_the_browser(client: FlaskClient) -> None:
    client.set_cookie("language", "es")
    browser = {"Accept-Language": "de"}
    assert language_of(client.get("/", headers=browser)) == "es"
    assert language_of(client.get("/?lang=fr", headers=browser)) == "fr"


@pytest.mark.parametrize("unknown", ["xx", "", "../de", "DE;"])
def test_a_language_that_is_not_here_changes_nothing(client: FlaskClient, unknown: str) -> None:
    answer = client.get("/", query_string={"lang": unknown}, headers={"Accept-Language": "es"})
    assert language_of(answer) == "es" and "language=" not in answer.headers.get("Set-Cookie", "")


def test_a_cookie_and_a_browser_of_no_known_language_get_english(client: FlaskClient) -> None:
    client.set_cookie("language", "xx")
    assert language_of(client.get("/", headers={"Accept-Language": "tlh"})) == "en"


def test_caches_keep_languages_apart(client: FlaskClient) -> None:
    for path in ("/", "/scoreboard", "/nothing-here"):
        assert {"Accept-Language", "Cookie"} <= {*client.get(path).vary}


def test_a_page_names_itself_in_every_language(client: FlaskClient) -> None:
    page = client.get("/scoreboard?version=1&lang=de").text
    found = dict(re.findall(r'<link rel="alternate" hreflang="([\w-]+)" href="([^"]+)">', page))
    home = "http://localhost/scoreboard?version=1"
    assert found["fr"] == f"{home}&amp;lang=fr" and found["x-default"] == home
    assert set(found) == {*LANGUAGES, "x-default"}


def test_the_footer_switches_the_page_that_is_open(client: FlaskClient) -> None:
    page = client.get("/?name=Anna&lang=es").text
    assert 'href="/?name=Anna&amp;lang=fr" lang="fr"' in page
    current = re.findall(r'lang="(\w+)" hreflang="\w+" rel="nofollow" aria-current="true"', page)
    assert current == ["es"]


@pytest.mark.parametrize(
    "path", ["/api/v1/guess?name=12", "/api/v1/nothing", "/genderize?name=anna", "/genderize"]
)
def test_what_programs_read_is_english_in_every_language(client: FlaskClient, path: str) -> None:
    english = client.get(path)
    client.set_cookie("language", "de")
    german = client.get(f"{path}{'&' if '?' in path else '?'}lang=de", headers={"Accept-Language": "de"})
    assert german.get_json() == english.get_json()
    assert english.headers.get("Content-Language", "en") == "en"


def test_a_guess_of_the_api_has_the_same_words_in_every_language(client: FlaskClient) -> None:
    answer = client.get("/api/v1/guess?name=Anna&lang=de")
    assert answer.get_json()["label"] == "female"
    assert "Accept-Language" not in answer.headers.get("Vary", "")
