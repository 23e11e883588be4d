"""The guess page without JavaScript: what stands on it for each kind of input."""

import re
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.support.letters import letters_artifact
from tests.support.sites import settings_for
from tests.support.visits import words
from training.names import COUNTRIES
from webapp import create_app
from webapp.models import TaughtName
from webapp.storage import database
from webapp.versions import service as versions

WOMEN = "Mostly given to women: about 95 in 100."
MEN = "Mostly given to men: about 95 in 100."
UNKNOWN = "The records have never met this name. v2 went by its letters alone."


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A visitor of a site whose network goes by the last letter alone."""
    with app.app_context():
        version = versions.add(letters_artifact(), origin="import", by="test")
        versions.promote(version.id, by="test")
    return app.test_client()


def show(client: FlaskClient, name: str) -> str:
    """Return the words of the guess page for `name`."""
    return words(client.get("/", query_string={"name": name}).text)


READABLE = [
    ("Anna", [WOMEN, "The records know 380,000 people called Anna, 99.0% of them women."]),
    ("ANNA", [WOMEN, "people called ANNA"]),
    ("  anna ", [WOMEN, "people called Anna,"]),
    ("John", [MEN, "The records know 600,000 people called John, 99.0% of them men."]),
    ("Zuleika", [WOMEN, "It was kept aside, so no training has seen it."]),
    ("Dakota", [WOMEN, "The records know 5,000 people called Dakota, half of them women."]),
    ("Lou", ["Given to women a little more often: about 60 in 100.", UNKNOWN]),
    ("Roy", ["Given to women and men alike: about 50 in 100 are women.", UNKNOWN]),
    ("José", ["Read as jose.", WOMEN]),
    ("Zoë", ["Read as zoe.", WOMEN]),
    ("Łukasz", ["Read as lukasz.", MEN]),
    ("D’Angelo", ["Read as d'angelo.", MEN]),
    ("O'Connor", ["It was sure from the first letter, and nothing changed its mind.", MEN]),
    ("Jean-Pierre", [WOMEN, UNKNOWN]),
    (
        "Marie  Anne",
        ["Read as marie anne.", "Is that a full name? Then read Marie as the given name or A"],
    ),
    ("maria garcia", [WOMEN, "Is that a full name? Then read Maria as the given name or Garcia"]),
    ("Nguyễn Thị Lan", ["Is that a full name? Then read Thị Lan as the given name or Nguyễn as the given"]),
    ("Σοφία", ["Read as sofia.", WOMEN]),
    ("Дмитрий", ["Read as dmitriy.", "about 50 in 100 are women."]),
    ("محمد", [MEN]),
    ("麗華", ["Read as 丽华.", WOMEN]),
    ("अनिता", ["Read as anita.", WOMEN]),
    ("민준", [MEN]),
    ("\u202eanna\u202c", ["as anna", WOMEN]),
    ("Ms. Kim", ["Read as kim; Ms. left out (a title).", "people called Kim"]),
    ("Dr. Anna, PhD", ["Read as anna; Dr. and PhD left out (a title, a suffix).", WOMEN]),
    ("Johnson, Emily", ["Read as emily; Johnson left out (a surname)."]),
    ("Anna 🌸", ["Read as anna.", WOMEN]),
    ("b" * 30, ["It was sure from the first letter, and nothing changed its mind.", MEN]),
    ("b" * 31, [MEN, UNKNOWN]),
    ("a" * 64, [WOMEN, UNKNOWN]),
    ("<b>Anna</b>", ["Read as anna.", WOMEN]),
]

UNREADABLE = [
    ("4nna", "Digits stand among the letters of this."),
    ("x", "Initials alone are no name that could be read."),
    ("J. K.", "Initials alone are no name that could be read."),
    ("Ms.", "This is a title, without a name."),
    ("Anna & Tom", "These are the names of two people: ask for one at a time."),
    ("N/A", "This stands where a name is missing."),
    ("anna@example.org", "This is an address, not a name."),
    ("<script>alert(1)</script>", "This is markup, and no name can be told from it with certainty."),
    ("12", "There is no letter in this that the network could read."),
    ("🌸🌸", "There is no letter in this that the network could read."),
    ("' - '", "There is no letter in this that the network could read."),
    ("a" * 65, "A name may have up to 64 characters; this one has 65."),
    ("ㅤ" * 3, "There is no letter in this that the network could read."),
]


@pytest.mark.parametrize(("name", "expected"), READABLE, ids=[repr(name)[:20] for name, _ in READABLE])
def test_what_the_page_says_of_a_name(client: FlaskClient, name: str, expected: list[str]) -> None:
    words = show(client, name)
    assert [sentence for sentence in expected if sentence not in words] == []


@pytest.mark.parametrize(("name", "sentence"), UNREADABLE, ids=[repr(name)[:20] for name, _ in UNREADABLE])
def test_what_cannot_be_read_is_refused_in_a_sentence(client: FlaskClient, name: str, sentence: str) -> None:
    answer = client.get("/", query_string={"name": name})
    assert (
        answer.status_code,
        sentence in words(answer.text),
    ) == (422, True)


def test_the_field_keeps_what_was_refused(client: FlaskClient) -> None:
    assert 'value="1234"' in client.get("/?name=1234").text


def test_what_was_read_is_not_told_when_it_is_what_was_typed(client: FlaskClient) -> None:
    assert "Read as" not in show(client, " Anna ")


def test_a_compound_name_that_the_records_know_is_no_full_name(client: FlaskClient) -> None:
    assert "Is that a full name" not in show(client, "Anna")


def test_markup_stays_text(client: FlaskClient) -> None:
    assert "<img" not in client.get("/", query_string={"name": '"><img src=x onerror=alert(1)>'}).text


def test_each_letter_has_its_tile_in_its_colour(client: FlaskClient) -> None:
    page = client.get("/?name=Lara").text
    assert re.findall(r'class="tile (p-\d+)">(.)<', page) == [
        ("p-5", "L"),
        ("p-95", "a"),
        ("p-5", "r"),
        ("p-95", "a"),
    ]


def test_each_letter_has_its_bar(client: FlaskClient) -> None:
    page = client.get("/?name=Anna").text
    assert re.findall(r'class="tile-bar" aria-hidden="true"><rect width="(\d+)%"', page)[-1] == "95"


def test_the_page_names_the_version_that_guessed(client: FlaskClient) -> None:
    assert 'href="/versions/v2">v2</a>' in client.get("/?name=Lara").text


def test_a_page_with_a_token_is_never_stored(client: FlaskClient) -> None:
    answer = client.get("/?name=Lara")
    assert 'name="token"' in answer.text and answer.headers["Cache-Control"] == "private, no-store"


def test_the_empty_page_makes_no_visitor(client: FlaskClient) -> None:
    assert "Set-Cookie" not in client.get("/").headers


@pytest.mark.parametrize(
    ("name", "offered"),
    [
        ("Lara", ["right", "male", "both"]),
        ("John", ["right", "female", "both"]),
        ("Roy", ["right", "female", "male"]),
    ],
)
def test_an_answer_is_one_click_and_what_was_guessed_is_no_correction(
    client: FlaskClient, name: str, offered: list[str]
) -> None:
    page = client.get(f"/?name={name}").text
    assert re.findall(r'name="answer" value="(\w+)"', page) == offered


def test_the_live_guess_holds_no_token_and_makes_no_visitor(client: FlaskClient) -> None:
    answer = client.get("/guess?name=Lara")
    assert "token" not in answer.text and "Set-Cookie" not in answer.headers


def test_the_live_guess_says_what_the_page_says(client: FlaskClient) -> None:
    answer = client.get("/guess?name=Lara").json
    assert answer and answer["says"] == WOMEN and 'class="tile p-95">a<' in answer["html"]


def test_the_live_guess_refuses_in_a_sentence(client: FlaskClient) -> None:
    answer = client.get("/guess?name=12")
    assert answer.status_code == 422 and answer.json and "no letter" in answer.json["says"]


def test_a_surprise_is_a_name_that_no_training_saw(client: FlaskClient) -> None:
    address = client.get("/surprise").headers["Location"]
    assert address.removeprefix("/?name=") in ("Torbern", "Zuleika", "Amparo")


def test_guesses_are_limited_by_the_setting(instance: Path) -> None:
    app = create_app(settings_for(instance, RATELIMIT_ENABLED=True, GUESSES_PER_MINUTE=2))
    visitor = app.test_client()
    codes = [visitor.get("/guess?name=Lara").status_code for _ in range(3)]
    database.dispose(app)
    assert codes == [200, 200, 429]


def teach(app: Flask, name: str) -> None:
    """Let v2 have learned a name from visitors."""
    with app.app_context(), database.writing() as session:
        session.add(TaughtName(version_id=2, name=name, answer="female"))
    app.extensions["predictor"].champion = None


@pytest.mark.parametrize("name", ["Torbern", "Ysolde"])
def test_a_name_that_visitors_taught_is_not_called_unseen(app: Flask, client: FlaskClient, name: str) -> None:
    teach(app, name.lower())
    words = show(client, name)
    assert "Visitors corrected it. v2 " in words and "has learned from them" not in words
    assert "no training has seen it" not in words and "by its letters alone" not in words


def test_the_page_says_what_each_of_several_given_names_says_alone(client: FlaskClient) -> None:
    page = show(client, "Mary Jane")
    assert "Alone, mary leans to" in page and "and jane leans to women" in page
    assert "Alone" not in show(client, "Maria")


def test_a_full_name_is_read_as_it_is_said_to_be(client: FlaskClient) -> None:
    page = client.get("/", query_string={"name": "Kovács Éva", "form": "surname-first"}).text
    assert "Read as eva; Kovács left out (a surname)." in words(page)
    assert '<option value="surname-first" selected>' in page


def test_a_form_that_is_none_is_refused(client: FlaskClient) -> None:
    answer = client.get("/?name=Anna&form=x")
    assert answer.status_code == 422 and "given-first" in answer.text


def test_the_page_asks_where_a_full_name_is_not_said_to_be_one(client: FlaskClient) -> None:
    page = client.get("/", query_string={"name": "Anna Müller"}).text
    assert "Is that a full name?" in words(page) and "form=given-first" in page
    assert "full name?" not in words(client.get("/?name=Ms.%20Kim").text)


def test_what_looks_like_keys_says_that_it_is_doubtful(client: FlaskClient) -> None:
    assert "This looks like keys of a keyboard" in show(client, "asdfgh")


def test_the_records_of_the_same_latin_letters_are_not_shown(client: FlaskClient) -> None:
    page = show(client, "ອັນນາ")
    assert "The records have never met this name." in page and "which keep less than its own" in page
    assert "The records have never met this name." in show(client, "آنا")


def test_the_live_guess_takes_the_form(client: FlaskClient) -> None:
    answer = client.get("/guess", query_string={"name": "Kovács Éva", "form": "surname-first"}).json
    assert answer and answer["name"] == "eva"


def test_the_choice_of_a_country_holds_each_once_in_the_order_of_its_names(client: FlaskClient) -> None:
    shown = client.get("/?lang=de&country=at").text
    options = re.findall(r'<option value="([A-Z]{2})"( selected)?>([^<]+)</option>', shown)
    assert [code for code, chosen, _ in options if chosen] == ["AT"]
    assert {code for code, *_ in options} == set(COUNTRIES) and len(options) == len(COUNTRIES)
    assert ("DE", "", "Deutschland") in options and [name for *_, name in options] == sorted(
        name for *_, name in options
    )


def test_pages_of_one_site_at_two_places_keep_to_their_own_addresses(client: FlaskClient) -> None:
    below = client.get("/?name=Anna", environ_overrides={"SCRIPT_NAME": "/names"}).text
    above = client.get("/?name=Anna").text
    assert 'href="/names/static/guess.css?v=' in below and 'href="/names/?name=Giovanna"' in below
    assert "/names" not in above and 'href="/static/guess.css?v=' in above


def test_the_page_is_limited_by_the_setting_and_says_when_to_come_again(instance: Path) -> None:
    app = create_app(settings_for(instance, RATELIMIT_ENABLED=True, GUESSES_PER_MINUTE=2))
    answers = [app.test_client().get("/?name=Lara") for _ in range(3)]
    database.dispose(app)
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert 1 <= int(answers[-1].headers["Retry-After"]) <= 60


def test_the_forms_token_of_a_page_is_taken_and_another_is_not(app: Flask) -> None:
    client = app.test_client()
    page = client.get("/?name=Giovanna").text
    form = dict(re.findall(r'name="(csrf_token|token)"[^>]* value="([^"]+)"', page))
    again = dict(re.findall(r'name="(csrf_token)"[^>]* value="([^"]+)"', client.get("/?name=Ada").text))
    for token, is_taken in ((form["csrf_token"], True), (again["csrf_token"], True), ("x" * 60, False)):
        answer = client.post("/feedback", data=form | {"csrf_token": token, "answer": "right"})
        assert (answer.status_code < 400) == is_taken
