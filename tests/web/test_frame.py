"""What stands around every page: the way to the others, and the calm sentence."""

import re

import pytest
from flask.testing import FlaskClient

from tests.support.visits import words

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
