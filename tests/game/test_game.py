"""Ten names: drawn by chance, answered once, counted apart."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from webapp.errors import Conflict, Invalid, NotFound
from webapp.extensions import db
from webapp.game import service as games
from webapp.models import Feedback, Game, GameTally, TaughtName
from webapp.scoreboard import filters as scoreboard_filters
from webapp.scoreboard import service as scoreboard
from webapp.storage.database import writing

ALL = scoreboard_filters.Filters(versions=(), window="all")
HOLDOUT = {"torbern": "male", "zuleika": "female", "amparo": "female"}  # with 100 bearers or more


def play_through(visitor: str = "ann", label: str = "female") -> Game:
    """Answer every turn of a new game with the same label."""
    game = games.start(visitor)
    for index in range(len(game.turns)):
        game = games.answer(game.link, visitor, index, label)
    return game


def csrf(page: str) -> str:
    return re.search(r'name="csrf_token" value="([^"]+)"', page)[1]


def test_names_come_from_the_holdout_each_once(app: Flask) -> None:
    with app.app_context():
        assert {turn.name for turn in games.start("ann").turns} == set(HOLDOUT)


def test_names_that_visitors_taught_are_not_drawn(app: Flask) -> None:
    with app.app_context():
        with writing() as session:
            session.add(TaughtName(version_id=1, name="amparo", answer="female"))
        assert {turn.name for turn in games.start("ann").turns} == {"torbern", "zuleika"}


def test_the_records_decide_who_is_right(app: Flask) -> None:
    with app.app_context():
        assert games.score(play_through())[0] == 2


def test_starting_again_does_not_change_the_names(app: Flask) -> None:
    with app.app_context():
        assert games.start("ann").link == games.start("ann").link


def test_nobody_is_asked_a_name_twice(app: Flask) -> None:
    with app.app_context():
        play_through()
        with pytest.raises(Conflict):
            games.start("ann")
        assert len(games.start("bob").turns) == 3


def test_a_second_answer_changes_nothing(app: Flask) -> None:
    with app.app_context():
        game = games.start("ann")
        games.answer(game.link, "ann", 0, "female")
        assert games.answer(game.link, "ann", 0, "male").turns[0].answer == "female"
        assert scoreboard.games(ALL).n == 1


def test_a_name_cannot_be_left_out(app: Flask) -> None:
    with app.app_context(), pytest.raises(NotFound):
        games.answer(games.start("ann").link, "ann", 1, "female")


def test_a_game_is_nobody_elses(app: Flask) -> None:
    with app.app_context():
        game = games.start("ann")
        for visitor in ("bob", None):
            with pytest.raises(NotFound):
                games.answer(game.link, visitor, 0, "female")


def test_an_answer_is_women_or_men(app: Flask) -> None:
    with app.app_context(), pytest.raises(Invalid):
        games.answer(games.start("ann").link, "ann", 0, "both")


def test_people_and_the_network_are_counted_apart_from_feedback(app: Flask) -> None:
    with app.app_context():
        game = play_through()
        totals = scoreboard.games(ALL)
        assert (totals.n, totals.people.value) == (3, 2 / 3)
        assert totals.network.value == games.score(game)[1] / 3
        assert db.session.query(Feedback).count() == 0
        assert scoreboard.page(scoreboard_filters.Filters()).live.n == 0


def test_totals_obey_version_and_time(app: Flask) -> None:
    with app.app_context():
        play_through()
        assert scoreboard.games(scoreboard_filters.Filters((2,), "all")).n == 0
        assert scoreboard.games(scoreboard_filters.Filters((1,), "today")).n == 3


def test_a_new_score_changes_the_tag_of_live_pages(app: Flask) -> None:
    with app.app_context():
        before = scoreboard.tag()
        play_through()
        assert scoreboard.tag() != before


def test_the_tally_equals_the_games(app: Flask) -> None:
    with app.app_context():
        play_through(), play_through("bob", "male")
        assert sum(row.n for row in db.session.query(GameTally)) == 6


def test_a_game_works_without_a_script(client: FlaskClient) -> None:
    page = client.get("/play").text
    answer = client.post("/play", data={"csrf_token": csrf(page)}, follow_redirects=True)
    for number in range(1, 4):
        assert f"Name {number} of 3" in answer.text
        where = re.search(r'action="(/play/[^"]+)"', answer.text)[1]
        form = {"csrf_token": csrf(answer.text), "answer": "female"}
        reveal = client.post(where, data=form, follow_redirects=True)
        assert "is mostly given to" in reveal.text
        answer = client.get(where.rsplit("/", 1)[0])
    assert "You knew 2 of 3" in answer.text


def test_a_question_does_not_hold_its_answer(app: Flask, client: FlaskClient) -> None:
    page = client.get("/play").text
    asked = client.post("/play", data={"csrf_token": csrf(page)}, follow_redirects=True).text
    assert "in 100" not in asked and "%" not in asked


def test_a_finished_score_may_be_shared_and_an_unfinished_game_not(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        done, begun = play_through().link, games.start("bob").link
    page = client.get(f"/play/{done}").text
    assert "Somebody knew 2 of 3" in page and 'property="og:image"' in page
    assert client.get(f"/play/{done}/picture.png").mimetype == "image/png"
    assert client.get(f"/play/{begun}").status_code == 404
    assert client.get(f"/play/{begun}/picture.png").status_code == 404
    again = client.get(f"/play/{done}?after=0").text
    again = again.replace("after=0&amp;", "").replace("?after=0", "")  # in the links to other languages
    assert again.replace(csrf(again), "") == page.replace(csrf(page), "")


def test_the_scoreboard_says_why_the_two_samples_differ(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        play_through()
    page = client.get("/scoreboard").text
    assert "2 of 3" in page and "unbiased sample" in page


def test_a_post_without_its_token_is_refused(client: FlaskClient) -> None:
    assert client.post("/play").status_code == 400
