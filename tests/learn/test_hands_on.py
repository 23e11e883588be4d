"""Two names side by side, and the matrix that a reader builds from ten."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.support.letters import letters_artifact
from tests.support.visits import words
from training.model.inference import cpu_network
from webapp.guessing import predictor
from webapp.guessing.predictor import Champion
from webapp.learn.hands_on.ten_names import Cell, DrawnName, Sheet, draw


def sheet() -> Sheet:
    rows = ((0.95, 0.9), (0.95, 0.2), (0.02, 0.7), (0.02, 0.1))
    names = tuple(DrawnName(f"name{n}", 500, share, p) for n, (share, p) in enumerate(rows))
    return Sheet(1, names, 90)


def test_each_name_has_its_cell() -> None:
    assert [row.cell for row in sheet().names] == [Cell.TP, Cell.FN, Cell.FP, Cell.TN]
    assert (sheet().matrix.tp, sheet().matrix.fn, sheet().matrix.fp, sheet().matrix.tn) == (1, 1, 1, 1)


def test_the_reader_s_matrix_is_counted_as_it_was_built() -> None:
    filled = sheet().placed([Cell.TP, Cell.TP, None, Cell.TN])
    assert (filled.own_matrix.tp, filled.own_matrix.tn, filled.own_matrix.n) == (2, 1, 3)
    assert filled.well_placed == 2 and filled.is_begun and not sheet().is_begun


def test_a_number_draws_the_same_names_and_none_that_are_unisex_or_rare(app: Flask) -> None:
    with app.app_context():
        champion = predictor.get().current()
        first, again = draw(champion, 3), draw(champion, 3)
    assert first == again and {row.name for row in first.names} == {"torbern", "zuleika", "amparo"}


def test_names_that_it_gets_wrong_are_among_them(app: Flask) -> None:
    # It hears the last letter alone: "a" is women, all else is men.
    champion = Champion(1, 1, cpu_network.load(letters_artifact()))
    with app.app_context():
        drawn = draw(champion, 1)
    assert {row.name for row in drawn.names if not row.is_right} == {"amparo"}


def test_the_page_says_where_a_name_belongs_and_computes_with_the_reader_s_counts(
    client: FlaskClient,
) -> None:
    page = words(client.get("/learn/mistakes?draw=1&c0=tp&c1=tp&c2=tp").text)
    assert "(3 + 0) / 3 = 100.0%" in page and "of 3 are where they belong" in page
    assert "Empty yet" in client.get("/learn/mistakes").text


def test_two_names_part_where_their_letters_do(client: FlaskClient) -> None:
    page = words(client.get("/learn/two-names?name=Giovanna&other=Giovanni").text)
    assert "They part at letter 8. Before it the distance is exactly 0" in page


def test_equal_names_never_part(client: FlaskClient) -> None:
    assert "the same to the network" in client.get("/learn/two-names?name=Anna&other=anna").text


@pytest.mark.parametrize(("one", "other"), [("Jo", "Maximiliana"), ("Maximiliana", "Jo"), ("Anna", "123")])
def test_names_of_any_two_lengths_stand_side_by_side(client: FlaskClient, one: str, other: str) -> None:
    answer = client.get("/learn/two-names", query_string={"name": one, "other": other})
    assert answer.status_code == 200
    assert ("stands in meanwhile" in answer.text) == (other == "123")
