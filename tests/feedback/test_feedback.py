"""Answers: one row a visitor, name and version, counted in the same breath."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from tests.support.factories import add_version, answer, make_claim
from webapp.errors import Conflict, Invalid, NotFound
from webapp.extensions import db
from webapp.feedback import news, review_cases, tallies
from webapp.feedback import service as feedback
from webapp.models import Case, Feedback, Revision, Tally, TaughtName
from webapp.storage.database import writing


@pytest.fixture(autouse=True)
def _inside(app: Flask):
    with app.app_context():
        yield
        assert tallies.compare(db.session) == []
        assert review_cases.compare(db.session) == []


def tallied(**which: object) -> int:
    return db.session.scalar(select(func.coalesce(func.sum(Tally.n), 0)).filter_by(**which))


def decide(row: Feedback, status: str) -> None:
    with writing() as session:
        tallies.count(session, row, -1)
        row.status, row.decided_by, row.decided_at, row.reason = status, "eve", row.created_at, "Sure."
        tallies.count(session, row, +1)
        review_cases.recount(session, row.name)


def test_a_wrong_guess_waits_for_review() -> None:
    row = answer("zuleika", "female", guessed="male")
    assert (row.status, row.answer, row.guessed) == ("pending", "female", "male")


def test_right_counts_at_once_as_the_guessed_label() -> None:
    row = answer("anna", "right", guessed="female")
    assert (row.status, row.answer) == ("right", "female")
    assert db.session.get(Case, "anna") is None


def test_naming_the_guessed_label_is_right() -> None:
    assert answer("anna", "female", guessed="female").status == "right"


def test_both_is_never_right() -> None:
    assert answer("kim", "both", guessed="female").status == "pending"


@pytest.mark.parametrize("nonsense", ["", "Female", "accepted", "girl", "right "])
def test_any_other_answer_is_refused(nonsense: str) -> None:
    with pytest.raises(Invalid):
        answer("anna", nonsense)


def test_another_answer_updates_the_row_and_its_cell() -> None:
    first, second = answer(says="female"), answer(says="both")
    assert first.id == second.id
    assert (tallied(answer="female"), tallied(answer="both"), tallied()) == (0, 1, 1)


def test_right_after_wrong_leaves_nothing_to_review() -> None:
    answer(says="female")
    assert answer(says="right").status == "right"
    assert db.session.get(Case, "zuleika") is None


def test_the_same_answer_again_keeps_the_decision() -> None:
    row = answer(says="female")
    decide(row, "accepted")
    assert answer(says="female").status == "accepted"


def test_another_answer_after_the_decision_is_reviewed_anew() -> None:
    row = answer(says="female")
    decide(row, "rejected")
    again = answer(says="both")
    assert (again.status, again.decided_by, again.decided_at, again.reason) == ("pending", None, None, "")


def test_another_version_has_a_row_of_its_own() -> None:
    answer(version_id=1), answer(version_id=add_version(2))
    assert tallied() == 2


def test_a_visitor_has_one_vote_over_versions() -> None:
    answer(says="female", version_id=1), answer(says="both", version_id=add_version(2))
    case = db.session.get(Case, "zuleika")
    assert (case.women, case.both, case.votes) == (0, 1, 1)


def test_the_same_word_on_two_versions_is_one_vote() -> None:
    answer(says="female", version_id=1), answer(says="female", version_id=add_version(2))
    assert db.session.get(Case, "zuleika").votes == 1


def test_a_later_right_that_says_otherwise_withdraws_the_vote() -> None:
    answer(says="female", version_id=1), answer(says="right", version_id=add_version(2))
    assert db.session.get(Case, "zuleika") is None


def test_a_later_right_that_says_the_same_keeps_the_vote() -> None:
    answer(says="female", version_id=1)
    answer(says="right", guessed="female", version_id=add_version(2))
    assert db.session.get(Case, "zuleika").women == 1


def test_votes_that_differ_contest_a_name() -> None:
    answer(says="female"), answer(says="both", visitor="bob")
    case = db.session.get(Case, "zuleika")
    assert (case.women, case.both, case.votes, case.is_contested) == (1, 1, 2, True)


@pytest.mark.parametrize(
    ("name", "says", "guessed", "contested"),
    [
        ("anna", "male", "female", True),  # 380,000 bearers, 99% women
        ("anna", "both", "female", True),
        ("kim", "both", "female", False),  # 75% women
        ("kim", "male", "female", True),
        ("amparo", "male", "female", False),  # only 900 bearers
        ("xyzzy", "male", "female", False),
    ],
)
def test_thousands_of_bearers_contest_a_vote(name: str, says: str, guessed: str, contested: bool) -> None:
    answer(name, says, guessed=guessed)
    assert db.session.get(Case, name).is_contested is contested


def test_a_case_knows_the_surest_mistake() -> None:
    answer(p_female=0.4), answer(p_female=0.02, visitor="bob"), answer(p_female=0.1, visitor="eve")
    case = db.session.get(Case, "zuleika")
    assert (case.p_female, case.surest) == (0.02, 0.98)


def test_a_name_the_version_was_taught_is_told_apart() -> None:
    with writing() as session:
        session.add(TaughtName(version_id=1, name="zuleika", answer="female"))
    assert (answer("zuleika").taught, answer("amparo").taught) == (True, False)


def test_an_answer_about_a_version_that_is_gone_is_refused() -> None:
    with pytest.raises(NotFound):
        answer(version_id=99)


def test_the_day_is_that_of_utc() -> None:
    row = answer()
    assert row.day == row.created_at.date() and row.created_at.utcoffset() == timedelta(0)


def test_every_answer_changes_the_revision() -> None:
    before = db.session.scalars(select(Revision.n)).one()
    answer()
    assert db.session.scalars(select(Revision.n)).one() == before + 1


def test_undo_takes_a_first_answer_back() -> None:
    assert feedback.undo("ann", answer().id) is None
    assert (tallied(), db.session.get(Case, "zuleika")) == (0, None)


def test_undo_brings_the_answer_before_back() -> None:
    answer(says="right")
    row = feedback.undo("ann", answer(says="female").id)
    assert row is not None and (row.status, row.answer) == ("right", "male")


def test_what_is_decided_cannot_be_undone_but_deleted() -> None:
    row = answer()
    decide(row, "accepted")
    with pytest.raises(Conflict):
        feedback.undo("ann", row.id)
    assert feedback.delete("ann", row.id) == "zuleika"
    assert tallied() == 0


@pytest.mark.parametrize("action", [feedback.undo, feedback.delete])
def test_nobody_touches_the_answers_of_others(action) -> None:
    row = answer(visitor="ann")
    with pytest.raises(NotFound):
        action("bob", row.id)


def test_history_is_ones_own_and_newest_first() -> None:
    answer("anna"), answer("john"), answer("kim", visitor="bob")
    assert [row.name for row in feedback.history("ann").rows] == ["john", "anna"]


def test_history_has_pages_and_a_search() -> None:
    for letter in "abcdefghijklmnopqrstuvwxyzabcdefghij"[:36]:
        answer(f"{letter}xy" if len(letter) else letter)
    page = feedback.history("ann", page=99)
    assert (page.pages, page.total) == (1, 26)
    assert [row.name for row in feedback.history("ann", search="bx").rows] == ["bxy"]


def test_signs_that_search_uses_are_data() -> None:
    answer("anna")
    assert feedback.history("ann", search="%").total == 0


def test_an_answer_is_found_by_its_link() -> None:
    assert feedback.find_by_link(answer().link).name == "zuleika"
    with pytest.raises(NotFound):
        feedback.find_by_link("guess-me")


def test_outcomes_are_news_once() -> None:
    row, other = answer("anna", guessed="male"), answer("john", says="both")
    decide(row, "accepted")
    decide(other, "rejected")
    told = news.tell("ann")
    assert told and (told.accepted, told.rejected, told.taught) == (["anna"], ["john"], {})
    assert news.tell("ann") is None


def test_a_visitor_without_answers_has_no_news() -> None:
    assert news.find_news(None) is None
    assert feedback.history(None).rows == []


@pytest.mark.parametrize("typed", ["a\r\nb", "\x1b[31mred", "\0null", "\ud800"])
def test_what_was_typed_is_kept_without_control_characters(typed: str) -> None:
    kept = answer(typed=typed).typed
    assert "\ufffd" in kept and len(kept) == len(typed)


def test_the_claim_is_what_counts() -> None:
    row = feedback.submit(make_claim(source="api", p_female=0.25), "female")
    assert (row.source, row.p_female, row.version_id) == ("api", 0.25, 1)
