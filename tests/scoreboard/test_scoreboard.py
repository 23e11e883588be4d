"""The scoreboard: what it counts, how it is filtered, and how it stays live."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update

from tests.support.cards import SCORES
from tests.support.factories import add_tally, promote_another
from tests.support.networks import tiny_artifact
from webapp.errors import Invalid
from webapp.models import Revision
from webapp.scoreboard import filters as scoreboard_filters
from webapp.scoreboard import service as scoreboard
from webapp.storage.database import writing
from webapp.versions import service as versions


def add_matrix() -> None:
    """Put the answers of a matrix of 1,164 into the tally."""
    add_tally(561), add_tally(49, "male", "female")
    add_tally(62, "female", "male"), add_tally(492, "male", "male")


def live(**parameters: str) -> scoreboard.Live:
    """Return what the scoreboard says of the answers under an address's parameters."""
    return scoreboard.page(
        scoreboard_filters.read_filters({name: [value] for name, value in parameters.items()})
    ).live


def test_an_answer_lands_in_its_cell(app: Flask) -> None:
    with app.app_context():
        add_matrix()
        matrix = live().matrix
    assert (matrix.tp, matrix.fn, matrix.fp, matrix.tn) == (561, 49, 62, 492)


def test_both_stands_in_a_row_of_its_own(app: Flask) -> None:
    with app.app_context():
        add_tally(3), add_tally(2, "male", "both")
        assert live().both == {"female": 0, "male": 2}
        assert live().matrix.n == 3 and live().n == 5


def test_a_guess_of_women_and_men_alike_stands_in_a_column_of_its_own(
    app: Flask, client: FlaskClient
) -> None:
    with app.app_context():
        add_tally(3), add_tally(2, "both", "both"), add_tally(1, "both", "male")
        assert live().alike == {"female": 0, "male": 1, "both": 2}
        assert live().matrix.n == 3 and live().n == 6
    page = client.get("/scoreboard").text
    assert "guessed both" in page and "guessed=both&amp;answer=male" in page


def test_no_column_for_what_nobody_answered(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        add_tally(3)
    assert "guessed both" not in client.get("/scoreboard").text


def test_rejected_answers_are_never_counted(app: Flask) -> None:
    with app.app_context():
        add_tally(3), add_tally(7, "female", "male", status="rejected")
        assert live().n == 3


def test_reviewed_only_leaves_out_what_waits(app: Flask) -> None:
    with app.app_context():
        add_tally(3), add_tally(7, "female", "male"), add_tally(2, "male", "female", status="accepted")
        assert live().pending == 7
        assert live(reviewed="1").n == 5 and live(reviewed="1").pending == 0


def test_taught_names_are_shown_apart(app: Flask) -> None:
    with app.app_context():
        add_tally(3), add_tally(31, taught=True)
        assert live().n == 3 and live().taught.n == 31


@pytest.mark.parametrize(("days", "n"), [("today", 1), ("7", 3), ("30", 7), ("all", 15)])
def test_time_counts_whole_days(app: Flask, days: str, n: int) -> None:
    with app.app_context():
        add_tally(1), add_tally(2, back=6), add_tally(4, back=29), add_tally(8, back=30)
        assert live(days=days).n == n


def test_the_serving_version_is_shown_unless_another_is_asked_for(app: Flask) -> None:
    with app.app_context():
        other = versions.add(tiny_artifact(1), "import", "test").id
        add_tally(3), add_tally(5, version_id=other)
        assert (live().n, live(version="v2").n, live(version="all").n) == (3, 5, 8)


def test_one_source_can_be_looked_at_alone(app: Flask) -> None:
    with app.app_context():
        add_tally(3), add_tally(5, source="api")
        assert live(source="api").n == 5 and live().n == 8


@pytest.mark.parametrize(
    "address", ["?days=8", "?version=x", "?version=²", "?positive=both", "?source='", "?reviewed=2"]
)
def test_a_filter_that_does_not_exist_is_refused(client: FlaskClient, address: str) -> None:
    assert client.get("/scoreboard" + address).status_code == 422


def test_too_many_versions_are_refused() -> None:
    with pytest.raises(Invalid):
        scoreboard_filters.read_filters({"version": [str(number) for number in range(51)]})


def test_a_version_that_is_not_there_is_not_found(client: FlaskClient) -> None:
    assert client.get("/scoreboard?version=99").status_code == 404


def test_a_view_survives_the_way_through_its_address() -> None:
    view = scoreboard_filters.Filters((3, 1), "7", True, "male", "api")
    address = {name: value if isinstance(value, list) else [value] for name, value in view.query().items()}
    texts = {name: [str(v) for v in values] for name, values in address.items()}
    assert scoreboard_filters.read_filters(texts) == view


def test_the_holdout_of_the_version_stands_beside(app: Flask) -> None:
    with app.app_context():
        version = versions.add(tiny_artifact(1, holdout={"hundred": SCORES}), "import", "test")
        beside = scoreboard.holdout(version, positive="male")
        assert beside and (beside.matrix.tp, beside.matrix.fn) == (3, 1)


def test_a_version_without_scores_is_shown_without_any(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        assert scoreboard.page(scoreboard_filters.Filters()).holdout is None
    assert "came without scores" in client.get("/scoreboard").text


def test_an_empty_scoreboard_says_so_kindly(client: FlaskClient) -> None:
    assert "Nobody has rated a guess yet. Yours would be the first." in client.get("/scoreboard").text


def test_after_a_promotion_the_answers_about_all_versions_stand_in(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        add_tally(6), add_tally(2, "female", "male")
        promote_another()
    page = client.get("/scoreboard").text
    assert "Nobody has rated v2 in this view yet, so these are the answers about all versions." in page
    assert "8 answers" in page and "guessed=female&amp;answer=male&amp;version=all" in page
    assert "6 of 8" in page and "75.0%" not in page


def test_a_version_with_answers_of_its_own_is_shown_alone(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        add_tally(6), add_tally(1, version_id=promote_another())
    assert "answers about all versions" not in client.get("/scoreboard").text


def test_a_version_that_is_asked_for_is_not_replaced_by_all(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        add_tally(6), promote_another()
    assert "No answer falls into this view." in client.get("/scoreboard?version=2").text


def test_a_view_without_answers_leads_to_all_of_them(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        add_tally(1, back=9)
    page = client.get("/scoreboard?days=today").text
    assert "No answer falls into this view." in page and "days=all" in page


def test_the_page_shows_the_matrix_with_shares_and_intervals(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        add_matrix()
    page = client.get("/scoreboard").text
    for words in ("TP · ", "92.0%", "90.5%", "88.6 to 92.0", '<th scope="row">women', "<caption"):
        assert words in page


def test_a_poll_is_answered_304_until_something_changes(app: Flask, client: FlaskClient) -> None:
    first = client.get("/scoreboard/live")
    again = {"If-None-Match": first.headers["ETag"]}
    assert client.get("/scoreboard/live", headers=again).status_code == 304
    with app.app_context():
        add_tally(1)
    assert "1 answer" in client.get("/scoreboard/live", headers=again).text


def test_a_part_is_made_once_for_all_who_ask(app: Flask, client: FlaskClient) -> None:
    first = client.get("/scoreboard/live").text
    with app.app_context():
        add_tally(1)
        with writing() as session:
            session.execute(update(Revision).values(n=Revision.n - 1))  # as if nothing had been announced
    assert client.get("/scoreboard/live").text == first
    assert client.get("/scoreboard/live?days=all").text != first


def test_a_poll_sets_no_cookie(client: FlaskClient) -> None:
    assert "Set-Cookie" not in client.get("/scoreboard/live").headers


def test_the_pages_own_tag_is_what_the_first_poll_sends(client: FlaskClient) -> None:
    tag = client.get("/scoreboard/live").headers["ETag"].strip('"')
    assert f'data-live-tag="{tag}"' in client.get("/scoreboard").text


def test_figures_as_json(app: Flask) -> None:
    with app.app_context():
        add_tally(3), add_tally(1, "female", "male")
        told = scoreboard.as_dict(scoreboard.page(scoreboard_filters.Filters()))
    assert told["live"]["matrix"]["accuracy"]["value"] == 0.75
    assert told["live"]["macro"]["recall"]["value"] == 0.5
