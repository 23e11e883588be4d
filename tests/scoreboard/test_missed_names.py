"""Names that were missed, and which of them strangers may see."""

from types import SimpleNamespace

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.support.factories import answer
from webapp.extensions import db
from webapp.feedback import name_tallies
from webapp.feedback import service as feedback
from webapp.scoreboard import filters as scoreboard_filters
from webapp.scoreboard import missed_names
from webapp.scoreboard import service as scoreboard
from webapp.storage.database import writing

EVERYTHING = scoreboard_filters.Filters(window="all")
FEMALE_CALLED_MALE = "/scoreboard/names?guessed=male&answer=female"


def counts(found: missed_names.Names) -> list[tuple[str, int]]:
    return [(row.name, row.n) for row in found.rows]


def test_the_most_missed_names_come_first(app: Flask) -> None:
    with app.app_context():
        answer("amparo"), answer("zuleika"), answer("zuleika", visitor="bob"), answer("anna", "right")
        assert [(row.name, row.n) for row in missed_names.most_missed(EVERYTHING).rows] == [
            ("zuleika", 2),
            ("amparo", 1),
        ]


def test_a_name_that_nobody_vouches_for_is_one_of_the_others(app: Flask) -> None:
    with app.app_context():
        answer("rudeword"), answer("amparo")
        found = missed_names.most_missed(EVERYTHING)
        assert [row.name for row in found.rows] == ["amparo"] and found.others == 1


def test_a_name_that_a_reviewer_accepted_is_shown(app: Flask) -> None:
    with app.app_context():
        row = answer("xochitlita")
        with writing():
            row.status = "accepted"
        assert [row.name for row in missed_names.most_missed(EVERYTHING).rows] == ["xochitlita"]


def test_disputed_names_are_those_where_visitors_contradict_the_records(app: Flask) -> None:
    with app.app_context():
        answer("anna", "male", guessed="female"), answer("zuleika", "female"), answer("kim", "both")
        assert [(row.name, row.men) for row in missed_names.disputed(EVERYTHING).rows] == [("anna", 1)]


def test_undoing_and_deleting_take_the_counts_back(app: Flask) -> None:
    with app.app_context():
        row = answer("amparo")
        answer("amparo", "both")
        feedback.undo("ann", row.id)
        assert missed_names.most_missed(EVERYTHING).rows[0].women == 1
        feedback.delete("ann", row.id)
        assert missed_names.most_missed(EVERYTHING).rows == [] and name_tallies.compare(db.session()) == []


def test_a_recount_mends_what_was_lost(app: Flask) -> None:
    with app.app_context():
        answer("amparo"), answer("anna", "male", guessed="female")
        with writing() as session:
            session.execute(db.delete(name_tallies.NameTally))
        with writing() as session:
            assert name_tallies.recount(session) == ["amparo", "anna"]
        assert name_tallies.compare(db.session()) == []


def test_a_cell_shows_its_names(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        answer("amparo"), answer("rudeword"), answer("anna", "right")
    page = client.get(FEMALE_CALLED_MALE).text
    assert "Amparo" in page and "rudeword" not in page.lower() and "1 other" in page and "Anna" not in page


def test_the_matrix_links_to_the_names_of_its_cells(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        answer("amparo")
    assert FEMALE_CALLED_MALE.replace("&", "&amp;") in client.get("/scoreboard").text


def test_a_cell_obeys_the_filters(app: Flask) -> None:
    with app.app_context():
        answer("amparo"), answer("zuleika", source="api")
        api_only = scoreboard_filters.Filters(source="api")
        assert [row.name for row in missed_names.in_cell(api_only, "male", "female").rows] == ["zuleika"]
        assert missed_names.in_cell(scoreboard_filters.Filters(reviewed=True), "male", "female").rows == []


@pytest.mark.parametrize("window", ["all", "7"])
def test_the_lists_are_alike_whether_counted_or_read(app: Flask, window: str) -> None:
    with app.app_context():
        answer("amparo"), answer("zuleika"), answer("zuleika", visitor="bob"), answer("kim", "both")
        answer("anna", "male", guessed="female"), answer("torbern", "male"), answer("rudeword")
        view = scoreboard_filters.Filters(window=window)
        found = missed_names.most_missed(view)
        assert [(row.name, row.n) for row in found.rows] == [
            ("zuleika", 2),
            ("amparo", 1),
            ("anna", 1),
            ("kim", 1),
        ]
        assert found.others == 1
        assert counts(missed_names.disputed(view)) == [("anna", 1)]


def test_the_lists_obey_the_filters(app: Flask) -> None:
    with app.app_context():
        answer("amparo"), answer("zuleika", source="api")
        for view in (
            scoreboard_filters.Filters(source="api"),
            scoreboard_filters.Filters((1,), "today", source="api"),
        ):
            assert [row.name for row in missed_names.most_missed(view).rows] == ["zuleika"]
        assert missed_names.most_missed(scoreboard_filters.Filters((99,))).rows == []
        assert missed_names.disputed(scoreboard_filters.Filters(reviewed=True)).rows == []


def test_only_the_newest_answers_of_a_cell_are_read(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(missed_names, "LOOKED_AT", 2)
    with app.app_context():
        answer("amparo"), answer("zuleika"), answer("maria")
        found = missed_names.most_missed(scoreboard_filters.Filters())
        assert ([row.name for row in found.rows], found.looked_at) == (["maria", "zuleika"], 2)


def test_a_narrower_view_says_which_answers_its_list_is_made_from(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        answer("amparo"), answer("zuleika"), answer("anna", "right")
    page = client.get("/scoreboard/time?source=guess").text
    assert "From the newest 2 answers of this view that call a guess wrong." in page


@pytest.mark.parametrize("address", ["", "?guessed=neither&answer=male", "?guessed=male&answer=x"])
def test_a_cell_that_does_not_exist_is_refused(client: FlaskClient, address: str) -> None:
    assert client.get("/scoreboard/names" + address).status_code == 422


def test_where_answers_come_every_second_lists_are_read_once_a_minute(
    client: FlaskClient, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = 1_000_000.0
    monkeypatch.setattr(scoreboard, "MANY", 1)
    monkeypatch.setattr(scoreboard, "time", SimpleNamespace(time=lambda: now))
    with app.app_context():
        answer("amparo")
    assert "zuleika" not in client.get(FEMALE_CALLED_MALE).text.lower()
    with app.app_context():
        answer("zuleika")
    assert "zuleika" in client.get(FEMALE_CALLED_MALE).text.lower()  # two are few no more: the minute's first
    with app.app_context():
        answer("torbern")
    assert "torbern" not in client.get(FEMALE_CALLED_MALE).text.lower()
    now += scoreboard.LIST_SECONDS
    assert "torbern" in client.get(FEMALE_CALLED_MALE).text.lower()
