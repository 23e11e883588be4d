"""A visitor reads what is kept of them, takes it along, and deletes all of it at once."""

import csv
import io
import json

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from tests.support.factories import add_version, answer, promote_another
from tests.support.visits import post, words
from webapp.extensions import db
from webapp.feedback import name_tallies, review_cases, tallies
from webapp.feedback import service as feedback
from webapp.game import service as game
from webapp.models import Case, Feedback, Game, GameTally
from webapp.privacy import service as privacy
from webapp.review import service as review

MARKUP = '=1+1"><script>alert(1)</script>'


def be(client: FlaskClient, visitor: str) -> FlaskClient:
    with client.session_transaction() as session:
        session["visitor"] = visitor
    return client


@pytest.fixture
def ann(app: Flask, client: FlaskClient) -> FlaskClient:
    """The browser of a visitor who corrected two names and played one turn; Bob corrected one of them too."""
    with app.app_context():
        answer("zuleika", typed=MARKUP)
        answer("kim", says="right")
        answer("zuleika", visitor="bob")
        begun = game.start("ann")
        game.answer(begun.link, "ann", 0, "female")
    return be(client, "ann")


def counts_are_right() -> bool:
    compared = (tallies.compare, review_cases.compare, name_tallies.compare)
    return [found for compare in compared for found in compare(db.session)] == []


def n(table: type) -> int:
    return db.session.scalar(select(func.count()).select_from(table)) or 0


def test_all_answers_are_downloaded_as_csv(ann: FlaskClient) -> None:
    file = ann.get("/history/download.csv")
    rows = list(csv.DictReader(io.StringIO(file.text)))
    assert "attachment" in file.headers["Content-Disposition"]
    assert [row["name"] for row in rows] == ["zuleika", "kim"]
    assert rows[0]["typed"] == "'" + MARKUP and ann.get(rows[0]["address"]).status_code == 200


def test_everything_is_downloaded_as_json(ann: FlaskClient) -> None:
    whole = json.loads(ann.get("/history/download.json").text)
    assert whole["visitor"] == "ann" and [row["answer"] for row in whole["answers"]] == ["female", "male"]
    (played,) = whole["games"]
    assert played["turns"][0]["answer"] == "female" and played["finished_at"] is None


def test_nobody_downloads_what_is_anothers(ann: FlaskClient, app: Flask) -> None:
    stranger = app.test_client()
    assert json.loads(stranger.get("/history/download.json").text) == {
        "visitor": None,
        "answers": [],
        "games": [],
    }
    assert stranger.get("/history/download.csv").text.count("\n") == 1
    assert ann.get("/history/download.xml").status_code == 404


def test_what_is_downloaded_is_in_no_cache(ann: FlaskClient) -> None:
    assert ann.get("/history/download.json").headers["Cache-Control"] == "private, no-store"


def test_deleting_asks_first_and_says_what_it_does(ann: FlaskClient, app: Flask) -> None:
    page = words(ann.get("/history/delete").text)
    assert "2 answers and 1 game, for good." in page and "Keep it" in page
    assert "learned already" not in page
    with app.app_context():
        assert n(Feedback) == 3


def test_everything_of_a_visitor_is_deleted_at_once_and_nothing_of_anothers(
    ann: FlaskClient, app: Flask
) -> None:
    done = post(ann, "/history/delete")
    assert done.status_code == 303 and "Deleted: every answer and game of yours." in ann.get("/history").text
    with app.app_context():
        assert [row.visitor for row in db.session.scalars(select(Feedback))] == ["bob"]
        assert n(Game) == 0 and counts_are_right()
        assert [(case.name, case.votes) for case in db.session.scalars(select(Case))] == [("zuleika", 1)]


def test_the_totals_of_the_game_stay(ann: FlaskClient, app: Flask) -> None:
    post(ann, "/history/delete")
    with app.app_context():
        assert db.session.scalar(select(func.sum(GameTally.n))) == 1


def test_the_next_answer_is_a_new_visitors(ann: FlaskClient) -> None:
    post(ann, "/history/delete")
    with ann.session_transaction() as session:
        assert "visitor" not in session


def test_deleting_nothing_says_so(client: FlaskClient) -> None:
    assert "There is nothing of yours" in client.get("/history/delete").text
    post(client, "/history/delete")
    assert "There was nothing of yours to delete." in client.get("/history").text


def test_more_answers_than_one_transaction_takes_are_deleted(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(feedback, "AT_ONCE", 2)
    with app.app_context():
        for name in ("anna", "maria", "john", "kim", "zuleika"):
            answer(name)
        assert privacy.delete_all("ann").answers == 5
        assert n(Feedback) == 0 and counts_are_right()


def test_accepted_and_learned_corrections_are_told_apart(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        answer("zuleika"), answer("kim")
        review.accept(["zuleika", "kim"], by="ada")
        assert privacy.count("ann").accepted == 2
        db.session.scalars(select(Feedback)).first().learned_id = promote_another()
        db.session.commit()
        counted = privacy.count("ann")
        assert (counted.accepted, counted.learned) == (1, 1)
    page = words(be(client, "ann").get("/history/delete").text)
    assert "1 correction of yours was learned already." in page
    assert "1 correction of yours was accepted and is not learned yet" in page


def test_answers_to_several_versions_are_all_deleted(app: Flask) -> None:
    with app.app_context():
        answer("zuleika"), answer("zuleika", version_id=add_version(2))
        privacy.delete_all("ann")
        assert n(Feedback) == 0 and counts_are_right()


def test_the_page_tells_what_belongs_to_this_browser(ann: FlaskClient) -> None:
    page = words(ann.get("/privacy").text)
    assert "Kept of this browser: 2 answers and 1 game." in page
    assert "Answers and games are kept until you delete them." in page


def test_the_page_tells_for_how_long(app: Flask, client: FlaskClient) -> None:
    app.config["KEEP_ANSWERS_DAYS"] = 400
    assert (
        "Answers and games are deleted 400 days after you last changed them." in client.get("/privacy").text
    )


def test_every_page_leads_to_what_is_kept(client: FlaskClient) -> None:
    assert 'href="/privacy"' in client.get("/").text
