"""What corrections will do is told before a run, and one that can do nothing is not started."""

from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event

from tests.support.factories import answer, correct
from tests.support.visits import post
from training.names import Label
from webapp.errors import Conflict
from webapp.extensions import db
from webapp.feedback import service as feedback
from webapp.models import Feedback
from webapp.review import correction_effects, queries
from webapp.review import service as review
from webapp.runs import service as runs


@pytest.fixture(autouse=True)
def _in_the_app(app: Flask) -> Iterator[None]:
    with app.app_context():
        yield


def test_corrections_are_weighed_against_what_the_records_know() -> None:
    correct("ilmarinen", "female"), correct("torbern", "female"), correct("zyx", "male")
    balance = correction_effects.weigh(review.accepted())
    assert (balance.names, [row.name for row in balance.outweighed]) == (3, ["torbern"])


def test_visitors_who_disagree_are_weighed_together() -> None:
    correct("torbern", "female", "ann"), correct("torbern", "male", "bob")
    [row] = correction_effects.weigh(review.accepted()).outweighed
    assert (row.visitors, row.said) == (2, 0.5)


def forecast(name: str, label: Label) -> str:
    """Return what review says beforehand of accepting an answer."""
    case = queries.case_of(name)
    assert case
    return correction_effects.forecasts([case])[name][label]


def test_a_vote_that_will_not_turn_its_name_is_told_with_how_many_would() -> None:
    answer("john", "female", guessed="male")
    assert forecast("john", Label.FEMALE) == (
        "One vote will not turn it (16% women would be taught); 6 would."
    )


def test_votes_accepted_before_count_too() -> None:
    for visitor in "abcde":
        correct("john", "female", visitor)
    answer("john", "female", guessed="male")
    assert forecast("john", Label.FEMALE) == ""


def test_votes_that_disagree_are_told_as_that_where_there_are_enough_of_them() -> None:
    for visitor in "abcdefgh":
        correct("john", "male", visitor)
    answer("john", "female", guessed="male")
    assert forecast("john", Label.FEMALE).startswith("9 votes that disagree will not turn it (")


def test_both_is_turned_where_it_ends_near_one_half_whoever_disagrees() -> None:
    for visitor in "abcdef":
        correct("zyx", "female", visitor), correct("zyx", "male", visitor + visitor)
    answer("zyx", "both", guessed="female")
    assert forecast("zyx", Label.BOTH) == ""


def test_a_vote_that_turns_its_name_needs_no_warning() -> None:
    answer("zyx", "male", guessed="female")
    assert forecast("zyx", Label.MALE) == ""


def test_letters_that_no_network_reads_are_told_before_accepting() -> None:
    answer("ພອນ", "male", guessed="female")
    assert forecast("ພອນ", Label.MALE) == correction_effects.WAITS


def test_review_shows_the_warning_before_accepting(reviewer_client: FlaskClient) -> None:
    answer("john", "female", guessed="male")
    for address in ("/review", "/review/name/john"):
        assert "One vote will not turn it" in reviewer_client.get(address).text


@pytest.mark.parametrize(
    ("counts", "sentence"),
    [
        ((1, 0, 0), "It is to be learned as visitors say."),
        ((3, 0, 0), "All are to be learned as visitors say."),
        (
            (3, 1, 2),
            (
                "None of 3 is to be learned as visitors say. 1 ends at one half: the records weigh as much."
                " 2 stay on the records’ side."
            ),
        ),
        ((3, 0, 1), "2 of 3 are to be learned as visitors say. 1 stays on the records’ side."),
        ((1, 1, 0), "It ends at one half: the records weigh as much."),
    ],
)
def test_what_becomes_of_them_is_a_sentence(counts: tuple[int, int, int], sentence: str) -> None:
    assert correction_effects.in_words(*counts) == sentence


def test_a_fine_tune_that_would_change_nothing_is_refused_with_the_reason(admin_client: FlaskClient) -> None:
    correct("torbern", "female")
    answer = post(admin_client, "/retraining", kind="fine-tune")
    assert answer.status_code == 409 and "what the records know of Torbern weighs more" in answer.text
    assert runs.history() == []


def test_one_correction_that_is_learned_is_enough() -> None:
    correct("torbern", "female")
    with pytest.raises(Conflict):
        runs.start(runs.Plan(), by="ada")
    correct("ilmarinen", "female")
    assert runs.start(runs.Plan(), by="ada").state == "queued"


def test_the_names_that_visitors_have_not_turned_are_listed(admin_client: FlaskClient) -> None:
    correct("torbern", "female"), correct("ilmarinen", "female")
    page = admin_client.get("/retraining").text
    assert "1 of 2 is to be learned as visitors say. 1 stays on the records’ side." in page
    assert "120 people, 0% women" in page


def test_corrections_are_weighed_anew_only_when_they_are_others(admin_client: FlaskClient) -> None:
    asked: list[str] = []
    event.listen(db.engine, "before_cursor_execute", lambda *call: asked.append(call[2]))

    def weighs() -> bool:
        asked.clear()
        assert admin_client.get("/retraining").status_code == admin_client.get("/review").status_code == 200
        return any("row_number" in statement for statement in asked)

    answer("amparo", visitor="bob"), correct("ilmarinen", "female")
    assert weighs() and not weighs()
    answer("zuleika", visitor="eve")
    admin_client.get("/review")  # another name waits; what was accepted is the same
    assert not weighs()
    review.accept(["amparo"], by="ann")
    assert weighs() and not weighs() and "2 names" in admin_client.get("/retraining").text
    feedback.delete("bob", db.session.query(Feedback).filter_by(visitor="bob").one().id)
    assert weighs() and "2 names" not in admin_client.get("/retraining").text
