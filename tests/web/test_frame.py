"""What stands around every page: the way to the others, and the calm sentence."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.support.visits import rules, words
from webapp.presentation.dates import today
from webapp.presentation.template_filters import long_day
from webapp.web import access

PLACES = {
    "/": "Guess",
    "/play": "Play",
    "/scoreboard": "Scoreboard",
    "/learn": "How it learns",
    "/history": "Your answers",
}


def current(page: str) -> list[str]:
    """Return the words of the links that are marked as the page one is on."""
    return re.findall(r'aria-current="page"[^>]*>([^<]+)<', page.split("</header>")[0])


@pytest.mark.parametrize(("address", "words"), PLACES.items())
def test_the_page_one_is_on_is_marked(client: FlaskClient, address: str, words: str) -> None:
    assert current(client.get(address).text) == [words]


def test_a_page_below_another_marks_that_one(client: FlaskClient) -> None:
    assert current(client.get("/scoreboard/time").text)[0] == "Scoreboard"


def test_every_page_says_what_a_name_is_not(client: FlaskClient) -> None:
    assert "A name is not a person." in client.get("/nothing-here").text


def test_the_first_link_skips_to_the_page(client: FlaskClient) -> None:
    page = client.get("/").text
    assert re.findall(r'<a [^>]*href="([^"]+)"', page)[0] == "#main" and 'id="main"' in page


def test_visitors_see_nothing_of_the_staff_s_line(client: FlaskClient) -> None:
    assert "Log out" not in client.get("/").text


def test_a_reviewer_sees_only_what_a_reviewer_may(reviewer_client: FlaskClient) -> None:
    page = reviewer_client.get("/").text
    assert "Review" in page and "Log out" in page and ">Users<" not in page


def test_an_admin_sees_every_place(admin_client: FlaskClient) -> None:
    page = admin_client.get("/").text
    assert all(f">{words}<" in page for words in ("Admin", "Retraining", "Versions", "Users", "Audit"))


@pytest.mark.parametrize(("status", "address"), [(404, "/nothing-here"), (404, "/versions/v99")])
def test_an_error_says_what_it_is_and_leads_on(client: FlaskClient, status: int, address: str) -> None:
    answer = client.get(address)
    assert answer.status_code == status and "Guess a name" in words(answer.text)
    assert "404" not in words(answer.text)


def test_every_public_page_has_a_description_of_its_own(app: Flask, client: FlaskClient) -> None:
    described: dict[str, str] = {}
    for rule, path in rules(app, writing=False):
        is_public = rule.endpoint.partition(".")[0] not in access.GUARDED
        answer = client.get(path) if is_public and not rule.arguments else None
        # A part of a page, as live ones ask for it, has no head.
        if answer and answer.status_code == 200 and "<!doctype html>" in answer.text:
            found = re.findall(r'<meta name="description" content="([^"]+)">', answer.text)
            assert len(found) == 1 and 50 <= len(found[0]) <= 165, path
            assert described.setdefault(found[0], rule.endpoint) == rule.endpoint, path
    assert len(described) >= 10


def test_robots_are_kept_from_what_is_for_one_person_or_for_staff(client: FlaskClient) -> None:
    answer = client.get("/robots.txt")
    assert answer.mimetype == "text/plain" and "User-agent: *" in answer.text
    assert all(f"Disallow: {path}\n" in answer.text for path in ("/admin", "/review", "/history/", "/c/"))


def test_who_asks_for_an_icon_gets_it(client: FlaskClient) -> None:
    answer = client.get("/favicon.ico")
    assert answer.status_code == 200 and answer.mimetype == "image/svg+xml"


@pytest.mark.parametrize("path", ["/", "/scoreboard", "/learn"])
def test_a_printed_page_says_what_it_is_and_of_which_day(client: FlaskClient, path: str) -> None:
    page = client.get(path).text
    title = re.findall(r"<title>([^<]+)</title>", page)[0]
    assert f'<p class="print-head">{title}, printed on {long_day(today())}</p>' in page


def test_the_title_of_a_scoreboard_says_its_view(client: FlaskClient) -> None:
    title = re.findall(
        r"<title>([^<]+)</title>", client.get("/scoreboard?days=7&version=all&reviewed=1").text
    )
    assert title == ["How often is it right? 7 days, all versions, reviewed only · Nomen"]
