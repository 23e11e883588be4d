"""Decisions: who is heard, what is counted, what can be undone."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from tests.support.factories import add_version, answer
from webapp.audit import trail as audit
from webapp.errors import Conflict, Invalid, NotFound
from webapp.extensions import db
from webapp.feedback import news, review_cases, tallies
from webapp.feedback import service as feedback
from webapp.models import AuditEntry, Case, Feedback, now
from webapp.review import service as review
from webapp.review.service import AcceptedCorrection


@pytest.fixture(autouse=True)
def _inside(app: Flask):
    with app.app_context():
        yield
        assert tallies.compare(db.session) == []
        assert review_cases.compare(db.session) == []


def statuses(name: str = "zuleika") -> dict[str, str]:
    return {row.visitor: row.status for row in db.session.scalars(select(Feedback).filter_by(name=name))}


def test_accepting_a_name_accepts_what_all_say() -> None:
    answer(), answer(visitor="bob")
    outcome = review.accept(["zuleika"], by="eve", reason="True.")
    assert (outcome.n, statuses()) == (2, {"ann": "accepted", "bob": "accepted"})
    assert review.n_pending() == 0


def test_a_decision_says_who_when_and_why() -> None:
    row = answer()
    outcome = review.accept(["zuleika"], by="eve", reason=" True. ")
    assert (row.decided_by, row.decided_at, row.reason) == ("eve", outcome.at, "True.")


def test_split_votes_are_left_alone_without_an_answer() -> None:
    answer(), answer(says="both", visitor="bob"), answer("amparo")
    outcome = review.accept(["zuleika", "amparo"], by="eve")
    assert (outcome.names, outcome.contested) == (["amparo"], ["zuleika"])
    assert set(statuses().values()) == {"pending"}


def test_an_answer_settles_split_votes() -> None:
    answer(), answer(says="both", visitor="bob")
    review.accept(["zuleika"], by="eve", answer="both")
    assert statuses() == {"ann": "rejected", "bob": "accepted"}
    assert db.session.scalars(select(Feedback.reason).filter_by(visitor="ann")).one() == review.OTHERWISE


def test_an_answer_for_many_names_takes_no_contested_one() -> None:
    answer("anna", "male", guessed="female"), answer("amparo", "male", guessed="female")
    outcome = review.accept(["anna", "amparo"], by="eve", answer="male")
    assert (outcome.names, outcome.contested) == (["amparo"], ["anna"])


def test_a_thousand_cookies_against_the_corpus_are_contested() -> None:
    for n in range(12):
        answer("anna", "male", guessed="female", visitor=f"cookie {n}")
    assert review.accept(["anna"], by="eve").contested == ["anna"]


def test_what_nobody_says_cannot_be_accepted() -> None:
    answer()
    with pytest.raises(Conflict):
        review.accept(["zuleika"], by="eve", answer="both")


@pytest.mark.parametrize("nonsense", ["", "women", "right"])
def test_an_answer_must_be_one(nonsense: str) -> None:
    with pytest.raises(Invalid):
        review.accept(["zuleika"], by="eve", answer=nonsense)


def test_votes_that_came_after_the_page_wait_on() -> None:
    answer()
    seen = now()
    answer(visitor="bob", says="both")
    review.accept(["zuleika"], by="eve", answer="female", until=seen)
    assert statuses() == {"ann": "accepted", "bob": "pending"}


def test_rejecting_a_name_rejects_all_that_is_pending() -> None:
    answer(), answer(says="both", visitor="bob"), answer(says="right", visitor="dan")
    review.reject(["zuleika"], by="eve", reason="No.")
    assert statuses() == {"ann": "rejected", "bob": "rejected", "dan": "right"}


def test_a_decision_can_be_undone() -> None:
    answer(), answer(says="both", visitor="bob")
    outcome = review.accept(["zuleika"], by="eve", answer="female")
    assert review.undecide(outcome.at, by="eve").n == 2
    assert set(statuses().values()) == {"pending"} and db.session.get(Case, "zuleika").votes == 2


def test_what_is_undone_cannot_be_undone_again() -> None:
    answer()
    outcome = review.reject(["zuleika"], by="eve")
    review.undecide(outcome.at, by="eve")
    with pytest.raises(Conflict):
        review.undecide(outcome.at, by="eve")


def test_single_answers_can_be_decided_again() -> None:
    row = answer()
    review.decide([row.id], "accepted", by="eve")
    review.decide([row.id], "rejected", by="dan")
    assert (row.status, row.decided_by) == ("rejected", "dan")


def test_a_right_answer_is_not_reviewed() -> None:
    row = answer(says="right")
    with pytest.raises(NotFound):
        review.decide([row.id], "rejected", by="eve")


def test_single_decisions_can_be_undone() -> None:
    row = answer()
    review.decide([row.id], "rejected", by="eve")
    assert review.reopen([row.id], by="eve").n == 1 and row.status == "pending"


def test_everything_of_a_visitor_can_be_rejected() -> None:
    row = answer(visitor="mob")
    answer("amparo", visitor="mob"), answer("torbern", visitor="ann")
    assert review.reject_visitor(row.id, by="eve").n == 2
    assert db.session.scalars(select(Case.name)).all() == ["torbern"]


def test_a_visitors_newest_can_be_rejected_alone() -> None:
    row = answer(visitor="mob")
    moment = now()
    answer("amparo", visitor="mob")
    assert review.reject_visitor(row.id, by="eve", since=moment).names == ["amparo"]


def test_a_flood_is_rejected_whole_and_undone_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(review, "AT_ONCE", 4)
    for n in range(11):
        answer(visitor=f"mob {n}", says="both" if n % 2 else "female")
    outcome = review.reject_since(now() - timedelta(hours=1), by="eve")
    assert (outcome.n, review.n_pending()) == (11, 0)
    assert review.undecide(outcome.at, by="eve").n == 11


def test_every_decision_is_in_the_audit_trail() -> None:
    row = answer()
    outcome = review.accept(["zuleika"], by="eve", reason="True.")
    review.undecide(outcome.at, by="dan")
    review.reject_visitor(row.id, by="fay")
    decisions = select(AuditEntry).where(AuditEntry.action.startswith("feedback."))
    entries = db.session.scalars(decisions.order_by(AuditEntry.id)).all()
    assert [(entry.actor, entry.action) for entry in entries] == [
        ("eve", "feedback.accept"),
        ("dan", "feedback.undo"),
        ("fay", "feedback.reject"),
    ]
    assert entries[0].subject == "zuleika" and entries[0].detail["accepted"] == {"female": 1}
    assert entries[2].subject == feedback.visitor_label("ann")


def test_what_is_accepted_is_counted_by_answer_and_visitor() -> None:
    answer(), answer(visitor="bob")
    review.accept(["zuleika"], by="eve")
    answer(visitor="dan", says="both")
    review.accept(["zuleika"], by="eve", answer="both")
    found = [(row.name, row.answer, row.visitors) for row in review.accepted()]
    assert found == [("zuleika", "both", 1), ("zuleika", "female", 2)]


def test_a_visitors_latest_accepted_word_is_their_only_one() -> None:
    answer(says="female", version_id=1)
    review.accept(["zuleika"], by="eve")
    answer(says="both", version_id=add_version(2))
    review.accept(["zuleika"], by="eve", answer="both")
    assert review.accepted() == [AcceptedCorrection("zuleika", "both", 1)]


def test_names_not_yet_learned_are_counted_once() -> None:
    answer(), answer(visitor="bob"), answer("amparo")
    review.accept(["zuleika", "amparo"], by="eve")
    assert review.n_unlearned() == 2


def test_deciding_is_news_for_the_visitor() -> None:
    answer()
    review.reject(["zuleika"], by="eve")
    assert news.tell("ann").rejected == ["zuleika"]


def test_a_reason_has_a_longest() -> None:
    answer()
    with pytest.raises(Invalid, match="500"):
        review.reject(["zuleika"], by="eve", reason="x" * 501)
    assert audit.page(audit.AuditFilter(action="feedback.reject"))[0] == []


def test_a_name_in_letters_that_no_network_reads_waits(app: Flask) -> None:
    with app.app_context():
        answer("ພອນ", says="female")
        answer("ly", says="female")
        review.accept(["ພອນ", "ly"], by="eve")
        assert [row.name for row in review.accepted()] == ["ly"]
        assert review.n_unlearned() == 1
