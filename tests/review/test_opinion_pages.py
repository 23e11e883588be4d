"""Second opinions as reviewers see them, without JavaScript."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.support.factories import answer
from tests.support.visits import post, words
from webapp.extensions import db
from webapp.models import Feedback

EVE, ADA = "reviewer@example.org", "admin@example.org"


@pytest.fixture
def waiting(app: Flask) -> Flask:
    with app.app_context():
        answer(), answer(says="both", visitor="bob")
    return app


def ask(client: FlaskClient, question: str = "Is it Persian?", **more: str):
    form = {"name": "zuleika", "of": EVE, "question": question, "back": "/review/name/zuleika"}
    return post(client, "/review/opinions", **form | more)


def test_a_colleague_reads_on_the_review_page_what_is_asked(
    waiting: Flask, admin_client: FlaskClient, reviewer_client: FlaskClient
) -> None:
    assert 'value="zuleika"' in admin_client.get("/review/name/zuleika").text
    answered = ask(admin_client)
    assert answered.location == "/review/name/zuleika"
    assert f"{EVE} is asked about Zuleika." in words_with_told(admin_client.get(answered.location).text)
    page = words(reviewer_client.get("/review").text)
    assert "A colleague asks what you think of 1 name:" in page and "“Is it Persian?”" in page
    assert "A colleague asks" not in words(admin_client.get("/review").text)
    assert "A colleague asks what you think of 1 name." in words(reviewer_client.get("/admin").text)
    assert f"{EVE} is asked" in words(admin_client.get("/review").text)


def words_with_told(page: str) -> str:
    return page[page.index("</header>") :]


def test_a_question_is_asked_from_the_story_of_an_answer(
    waiting: Flask, admin_client: FlaskClient, client: FlaskClient
) -> None:
    with waiting.app_context():
        address = f"/c/{db.session.get_one(Feedback, 1).link}"
    assert "Ask for a second opinion" in admin_client.get(address).text
    assert "For reviewers" not in words(client.get(address).text)
    assert ask(admin_client, back=address).location == address


def test_who_is_asked_already_is_not_offered_again(
    waiting: Flask, admin_client: FlaskClient, reviewer_client: FlaskClient
) -> None:
    assert f"<option>{EVE}</option>" in admin_client.get("/review/name/zuleika").text
    ask(admin_client)
    page = admin_client.get("/review/name/zuleika").text
    assert f"<option>{EVE}</option>" not in page
    assert "All who may review are asked for a second opinion." in words(page)
    post(reviewer_client, "/review/opinions/1", said="female")
    assert f"<option>{EVE}</option>" in admin_client.get("/review/name/zuleika").text


def test_an_opinion_is_given_on_the_page_of_the_name(
    waiting: Flask, admin_client: FlaskClient, reviewer_client: FlaskClient
) -> None:
    ask(admin_client)
    page = words(reviewer_client.get("/review/name/zuleika").text)
    for sentence in (f"{ADA} asks what you think: “Is it Persian?”", "I would accept women", "nothing yet"):
        assert sentence in page
    assert "I would accept men" not in page
    post(reviewer_client, "/review/opinions/1", said="female", comment="My aunt is.")
    page = words(admin_client.get("/review/name/zuleika").text)
    assert f"{EVE} would accept women, reject both: “My aunt is.”" in page
    assert f"{EVE} would accept women, reject both" in words(admin_client.get("/review").text)


def test_agreement_is_shown_to_staff(
    waiting: Flask, admin_client: FlaskClient, reviewer_client: FlaskClient
) -> None:
    assert "No two reviewers have looked" in words(reviewer_client.get("/review/opinions").text)
    ask(admin_client)
    post(reviewer_client, "/review/opinions/1", said="female")
    post(admin_client, "/review/decide", do="accept both zuleika")
    page = words(reviewer_client.get("/review/opinions").text)
    assert "Two reviewers or more looked at 2 corrections, and agree on none of them." in page
    assert "Where they differ" in page and f"{EVE} would accept women, reject both" in page


def test_a_question_is_taken_back(waiting: Flask, admin_client: FlaskClient) -> None:
    ask(admin_client)
    assert "Take back" in admin_client.get("/review/opinions").text
    assert post(admin_client, "/review/opinions/1/withdraw").location == "/review/opinions"
    assert "Nobody has asked a colleague yet." in admin_client.get("/review/opinions").text


def test_who_was_asked_already_is_told_of(waiting: Flask, admin_client: FlaskClient) -> None:
    ask(admin_client)
    assert "already" in admin_client.get(ask(admin_client).location).text


def test_nobody_answers_for_another(waiting: Flask, admin_client: FlaskClient) -> None:
    ask(admin_client)
    assert post(admin_client, "/review/opinions/1", said="female").status_code == 404


def test_a_question_does_not_lead_away_from_the_site(waiting: Flask, admin_client: FlaskClient) -> None:
    assert ask(admin_client, back="//evil").location == "/review/opinions"


def test_text_is_shown_as_text(
    waiting: Flask, admin_client: FlaskClient, reviewer_client: FlaskClient
) -> None:
    ask(admin_client, "<script>alert(1)</script>")
    post(reviewer_client, "/review/opinions/1", said="none", comment="<img src=x>")
    for path in ("/review", "/review/name/zuleika", "/review/opinions"):
        page = admin_client.get(path).text + reviewer_client.get(path).text
        assert "<script>alert" not in page and "<img src" not in page


def test_who_is_alone_is_told_so(waiting: Flask, admin_client: FlaskClient) -> None:
    post(admin_client, "/users/disable", email=EVE)
    assert "Nobody else may review yet" in words(admin_client.get("/review/name/zuleika").text)
