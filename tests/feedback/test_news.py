"""On return the site says what it has learned of a visitor's, once, in one quiet line."""

from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text

from tests.support.databases import away
from tests.support.factories import correct
from tests.support.letters import letters_artifact
from webapp.extensions import db
from webapp.feedback import news
from webapp.guessing import predictor
from webapp.models import Feedback, TaughtName
from webapp.storage.database import writing
from webapp.versions import service as versions

Learn = Callable[..., None]
LEARNED = "Since you were last here: The network learned Zuleika from you."


@pytest.fixture
def learn(app: Flask, client: FlaskClient) -> Learn:
    """Let v2, which goes by the last letter alone, have learned what this browser's visitor said."""
    client.get("/?name=Lara")
    with client.session_transaction() as session:
        visitor = session["visitor"]
    with app.app_context():
        versions.promote(versions.add(letters_artifact(), origin="import", by="test").id, by="test")

    def learn(name: str, answer: str, learned: bool = True, before: float | None = None) -> None:
        with app.app_context():
            row_id = correct(name, answer, visitor).id
            with writing() as session:
                session.get_one(Feedback, row_id).learned_id = 2 if learned else None
                if learned:
                    session.add(TaughtName(version_id=2, name=name, answer=answer, before=before))
            predictor.get().champion = None

    return learn


def test_the_guess_page_says_what_was_learned_once(client: FlaskClient, learn: Learn) -> None:
    learn("zuleika", "female")
    first = client.get("/")
    assert LEARNED in first.text and first.headers["Cache-Control"] == "private, no-store"
    assert LEARNED not in client.get("/").text


def test_it_is_said_beside_a_guess_too(client: FlaskClient, learn: Learn) -> None:
    learn("zuleika", "female")
    assert LEARNED in client.get("/?name=Anna").text


def test_what_was_counted_and_not_turned_is_not_called_learned(client: FlaskClient, learn: Learn) -> None:
    learn("zuleika", "male")
    assert "counted in what you said of Zuleika, and the records still weigh more" in client.get("/").text
    assert "counted in v2; the records still weigh more" in client.get("/history").text


def test_what_turned_back_is_not_called_learned(client: FlaskClient, learn: Learn) -> None:
    learn("zuleika", "male", before=0.03)
    assert "was taught what you said of Zuleika, and turned back" in client.get("/").text
    assert "turned back in v2" in client.get("/history").text


def test_other_news_waits_for_the_history(client: FlaskClient, learn: Learn) -> None:
    learn("zuleika", "female", learned=False)
    assert "Since you were last here" not in client.get("/").text
    assert "Accepted: Zuleika" in client.get("/history").text


def test_a_visitor_without_a_cookie_costs_no_query(app: Flask) -> None:
    with app.app_context():
        db.session.execute(text("DROP TABLE feedback"))
        db.session.commit()
        assert news.learned_lately(None) is None


def test_the_guess_does_without_while_the_database_is_away(
    instance: Path, client: FlaskClient, learn: Learn
) -> None:
    learn("zuleika", "female")
    client.get("/?name=Anna")  # the champion is in memory
    with away(instance, "feedback"):
        answer = client.get("/?name=Lara")
    assert answer.status_code == 200 and "Since you were last here" not in answer.text


def test_a_visitor_without_news_is_not_looked_up_again_until_a_promotion(
    app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    client.get("/?name=Lara")
    looked: list[str | None] = []
    monkeypatch.setattr(news, "find_news", lambda visitor, _learned_alone: looked.append(visitor))
    for name in ("Lara", "Kim"):
        client.get(f"/?name={name}")
    assert len(looked) == 1
    with app.app_context():
        versions.promote(versions.add(letters_artifact(), origin="import", by="test").id, by="test")
    app.extensions["predictor"].refresh()
    for name in ("Lara", "Kim"):
        client.get(f"/?name={name}")
    assert len(looked) == 2
