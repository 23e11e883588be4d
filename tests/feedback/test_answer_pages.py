"""Answering, the thank-you, history and an answer's own page, as a browser sees them."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import delete, select

from tests.support.letters import letters_artifact
from tests.support.sites import settings_for
from tests.support.visits import post
from webapp import create_app
from webapp.extensions import db
from webapp.guessing import predictor, tokens
from webapp.models import Feedback, Promotion
from webapp.storage import database
from webapp.storage.database import writing
from webapp.versions import service as versions

MARKUP = "<script>alert(1)</script>"
RTL = "\u202eanna\u202c"
ZALGO = "a" + "\u0301" * 63


def token_for(client: FlaskClient, name: str = "Zuleika", visitor: str = "ann") -> str:
    with client.session_transaction() as session:
        session["visitor"] = visitor
    with client.application.app_context():
        return tokens.make(predictor.get().current().guess(name), visitor)


def give(client: FlaskClient, name: str = "Zuleika", says: str = "both", **more: str):
    return post(client, "/feedback", token=token_for(client, name), answer=says, **more)


def stored(app: Flask) -> list[Feedback]:
    with app.app_context():
        return list(db.session.scalars(select(Feedback)))


def test_an_answer_leads_to_a_thank_you_with_what_happens_and_the_next_name(client: FlaskClient) -> None:
    answer = give(client)
    page = client.get(answer.location)
    assert answer.status_code == 303
    assert "You say this name is given to both." in page.text
    assert "A reviewer reads it next" in page.text and "Next: " in page.text and "Undo" in page.text


def test_a_script_gets_the_thank_you_as_json(client: FlaskClient) -> None:
    client.environ_base["HTTP_ACCEPT"] = "application/json"
    body = give(client, says="right").json
    assert body["status"] == "right" and body["thanks"].startswith("Thank you")
    assert client.get(body["story"]).status_code == 200


def test_only_the_token_and_the_answer_are_read(app: Flask, client: FlaskClient) -> None:
    extra = {"status": "accepted", "is_admin": "1", "name": "john", "visitor": "bob", "p_female": "0.5"}
    post(client, "/feedback", token=token_for(client), answer="both", **extra)
    (row,) = stored(app)
    assert (row.status, row.name, row.visitor) == ("pending", "zuleika", "ann")


def test_a_replayed_token_updates_the_one_row(app: Flask, client: FlaskClient) -> None:
    token = token_for(client)
    for says in ("both", "right", "both"):
        post(client, "/feedback", token=token, answer=says)
    assert [row.answer for row in stored(app)] == ["both"]


@pytest.mark.parametrize("token", ["", "forged", "x" * 5_000])
def test_a_forged_token_stores_nothing(app: Flask, client: FlaskClient, token: str) -> None:
    assert post(client, "/feedback", token=token, answer="right").status_code == 422
    assert stored(app) == []


def test_another_visitors_token_is_refused(client: FlaskClient) -> None:
    token = token_for(client, visitor="bob")
    token_for(client, visitor="ann")
    assert post(client, "/feedback", token=token, answer="right").status_code == 403


def test_an_answer_needs_a_csrf_token(client: FlaskClient) -> None:
    assert client.post("/feedback", data={"token": token_for(client), "answer": "right"}).status_code == 400


def test_answers_are_limited(instance) -> None:
    app = create_app(settings_for(instance, RATELIMIT_ENABLED=True, ANSWERS_PER_MINUTE=3))
    client = app.test_client()
    assert [give(client).status_code for _ in range(4)] == [303, 303, 303, 429]
    database.dispose(app)


def test_a_thank_you_is_ones_own(app: Flask, client: FlaskClient) -> None:
    assert app.test_client().get(give(client).location).status_code == 404


@pytest.mark.parametrize("action", ["undo", "delete"])
def test_an_answer_can_be_taken_back(app: Flask, client: FlaskClient, action: str) -> None:
    give(client)
    answer = post(client, f"/feedback/{stored(app)[0].id}/{action}")
    assert answer.location == "/history" and stored(app) == []


@pytest.mark.parametrize("action", ["undo", "delete"])
def test_nobody_takes_the_answer_of_another_back(app: Flask, client: FlaskClient, action: str) -> None:
    give(client)
    assert post(app.test_client(), f"/feedback/{stored(app)[0].id}/{action}").status_code == 404
    assert len(stored(app)) == 1


def test_history_tells_what_was_said_and_what_the_network_says_now(client: FlaskClient) -> None:
    give(client)
    page = client.get("/history").text
    for words in ("Zuleika", "waits for review", "You said both", "Now v1 says"):
        assert words in page


def test_history_is_kind_when_it_is_empty(client: FlaskClient) -> None:
    assert "You have not rated a guess yet." in client.get("/history").text


def test_history_finds_a_name(client: FlaskClient) -> None:
    give(client, "Zuleika"), give(client, "Amparo")
    page = client.get("/history?search=ZUL").text
    assert "Zuleika" in page and "Amparo" not in page


def test_history_survives_restarts(instance, client: FlaskClient) -> None:
    give(client)
    again = create_app(settings_for(instance, SECRET_KEY=client.application.secret_key))
    browser = again.test_client()
    browser.set_cookie("nomen", client.get_cookie("nomen").value)
    assert "Zuleika" in browser.get("/history").text
    database.dispose(again)


@pytest.mark.parametrize("path", ["/history", "/history?search=a&page=7", "/history?page=x"])
def test_history_is_private(client: FlaskClient, path: str) -> None:
    headers = client.get(path).headers
    assert headers["Cache-Control"] == "private, no-store" and "Cookie" in headers["Vary"]


def test_history_of_a_stranger_sets_no_cookie(client: FlaskClient) -> None:
    assert "Set-Cookie" not in client.get("/history").headers


def test_an_answers_page_needs_no_cookie_and_is_not_indexed(app: Flask, client: FlaskClient) -> None:
    give(client)
    page = app.test_client().get(f"/c/{stored(app)[0].link}")
    assert page.headers["X-Robots-Tag"] == "noindex" and 'content="noindex"' in page.text
    assert "Zuleika" in page.text and "A reviewer has not read it yet." in page.text


@pytest.mark.parametrize("link", ["1", "..", "%2e%2e%2fnomen.db", "x" * 300])
def test_an_unknown_link_is_not_found(client: FlaskClient, link: str) -> None:
    assert client.get(f"/c/{link}").status_code == 404


@pytest.mark.parametrize("typed", [RTL, ZALGO, "Anna (<&>)", "javascript alert"])
def test_any_name_is_shown_as_text(client: FlaskClient, typed: str) -> None:
    location = give(client, typed).location
    for page in (client.get(location).text, client.get("/history").text):
        assert "<script>alert" not in page and "<&>" not in page and "<bdi" in page


@pytest.mark.parametrize("typed", [MARKUP, '"><img onerror=alert(1)>'])
def test_what_was_typed_when_markup_was_read_is_shown_as_text(
    app: Flask, client: FlaskClient, typed: str
) -> None:
    location = give(client).location
    with app.app_context(), writing() as session:
        session.scalars(select(Feedback)).one().typed = typed
    for page in (client.get(location).text, client.get("/history").text):
        assert "<script>alert" not in page and "<img" not in page and "<bdi" in page


def test_an_answer_is_about_the_name_and_not_about_the_phrase(app: Flask, client: FlaskClient) -> None:
    give(client, "Ms. Zuleika")
    assert [(row.name, row.typed) for row in stored(app)] == [("zuleika", "Ms. Zuleika")]
    assert "Ms.</bdi> left out" in client.get("/history").text


def test_history_is_shown_while_no_network_serves(app: Flask, client: FlaskClient) -> None:
    give(client)
    with app.app_context(), writing() as session:
        session.execute(delete(Promotion))
    predictor.configure(app)  # as in a process that starts now
    assert client.get("/?name=Anna").status_code == 503
    assert "Zuleika" in client.get("/history").text


def test_a_guess_of_women_and_men_alike_is_kept_and_told_as_that(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        versions.promote(versions.add(letters_artifact(), origin="import", by="test").id, by="test")
    given = give(client, "Roy", "right")  # this network says one half after a y
    thanks = client.get(given.location).text
    assert "guessed women and men alike for" in thanks and "Good to know that it was right" in thanks
    with app.app_context():
        row = db.session.scalars(select(Feedback)).one()
        assert (row.guessed, row.answer, row.status) == ("both", "both", "right")
    assert "guessed women and men alike. You said right." in client.get("/history").text
