"""The chapters of /learn: each an address of its own, whole without scripts, its state in its address."""

import json
import re

import pytest
from flask.testing import FlaskClient

from tests.support.visits import words
from webapp.learn.chapters import CHAPTERS

SLUGS = [chapter.slug for chapter in CHAPTERS]
PLACES = ["/learn" + (f"/{slug}" if slug else "") for slug in SLUGS]
NAMES = ["Giovanna", "Xu", "Σοφία", "mary jo", "o'neil", "z" * 64, "Al"]


def test_every_chapter_is_drawn_for_any_name(client: FlaskClient) -> None:
    asked = [(place, name) for place in PLACES for name in NAMES]
    statuses = [(*pair, client.get(pair[0], query_string={"name": pair[1]}).status_code) for pair in asked]
    wrong = [answer for answer in statuses if answer[2] != 200]
    assert not wrong, wrong


@pytest.mark.parametrize("place", PLACES)
def test_every_chapter_leads_to_all_others(client: FlaskClient, place: str) -> None:
    page = client.get(f"{place}?name=anna").text
    assert all(f'href="{other}?name=anna"' in page for other in PLACES)


@pytest.mark.parametrize("place", PLACES)
def test_every_chapter_has_exercises_with_folded_answers(client: FlaskClient, place: str) -> None:
    page = client.get(place).text
    assert page.count("<summary>Answer</summary>") >= 2


def test_a_chapter_that_is_none_is_not_found(client: FlaskClient) -> None:
    assert client.get("/learn/nothing").status_code == 404


@pytest.mark.parametrize("place", [place for place in PLACES if place not in ("/learn/training",)])
def test_an_unreadable_name_is_refused_and_another_drawn(client: FlaskClient, place: str) -> None:
    answer = client.get(f"{place}?name=123")
    assert answer.status_code == 422 and "There is no letter in this" in answer.text


@pytest.mark.parametrize(
    "query",
    [
        "neuron?step=0", "neuron?step=x", "neuron?target=all", "backwards?times=9", "backwards?rate=2",
        "backwards?clip=1", "gates?cell=elman", "mistakes?draw=0", "mistakes?draw=1e3", "mistakes?c0=yes",
    ],
)  # fmt: skip
def test_what_no_chapter_knows_is_refused(client: FlaskClient, query: str) -> None:
    assert client.get(f"/learn/{query}").status_code == 422


def test_a_state_is_in_the_address_and_its_links_keep_it(client: FlaskClient) -> None:
    page = client.get("/learn/backwards?name=anna&target=men&times=2&rate=1&clip=on&step=3").text
    assert (
        "/learn/backwards?name=anna&amp;target=men&amp;times=2&amp;rate=1&amp;clip=on&amp;step=4#player"
        in page
    )


def test_nobody_else_s_words_get_into_the_links(client: FlaskClient) -> None:
    page = client.get("/learn/backwards?slug=x&_scheme=javascript&_external=1&more=y").text
    # The links to the page in other languages, which keep all of its address, are beside it.
    page = re.sub(r'<link rel="alternate".*?>|<nav class="languages".*?</nav>', "", page, flags=re.DOTALL)
    assert 'href="/learn/x' not in page and "javascript:" not in page and "more=y" not in page


def test_a_step_of_the_player_is_a_page(client: FlaskClient) -> None:
    page = client.get("/learn/neuron?name=anna&step=2").text
    assert page.count('class="lesson-step is-away"') == 3 and 'class="lesson-step" data-at="2"' in page
    assert "is-away" not in client.get("/learn/neuron?name=anna&step=all").text
    assert 'class="lesson-step" data-at="4"' in client.get("/learn/neuron?name=anna&step=9").text


def test_what_the_service_answers_is_what_the_page_shows(client: FlaskClient) -> None:
    page = words(client.get("/learn/service?name=Dr. Anna").text)
    shown = page[page.index("{") : page.index("}", page.index('"version"')) + 1]
    assert json.loads(shown) == client.get("/api/v1/guess?name=Dr. Anna").json
