"""Second opinions: asked, given, kept beside decisions, and compared."""

import pytest
from flask import Flask

from tests.support.factories import answer
from tests.support.sites import add_user
from webapp.accounts import service as accounts
from webapp.audit import trail as audit
from webapp.errors import Conflict, Invalid, NotFound
from webapp.extensions import db
from webapp.models import SecondOpinion
from webapp.review import service as review
from webapp.review.opinions import queries, wording
from webapp.review.opinions import service as opinions
from webapp.review.opinions.queries import Agreement

ADA, EVE = "admin@example.org", "reviewer@example.org"


@pytest.fixture(autouse=True)
def _inside(app: Flask):
    with app.app_context():
        answer(), answer(says="both", visitor="bob")
        yield


def told(name: str = "zuleika") -> dict[str, str]:
    return {word.by: wording.word(word) for word in queries.words([name]).get(name, [])}


def actions() -> list[tuple[str, str]]:
    entries, _ = audit.page(audit.AuditFilter())
    return [(entry.actor, entry.action) for entry in entries if entry.action.startswith("opinion.")]


def test_a_colleague_is_asked_and_sees_it() -> None:
    opinions.ask("zuleika", EVE, ADA, " Is it Persian? ")
    (row,) = queries.asked_of(EVE)
    assert (row.name, row.asked_by, row.question) == ("zuleika", ADA, "Is it Persian?")
    assert queries.asked_of(ADA) == [] and actions() == [(ADA, "opinion.ask")]


def test_an_opinion_decides_nothing_and_is_kept() -> None:
    row = opinions.ask("zuleika", EVE, ADA)
    opinions.give(row.id, "female", EVE, "My aunt is.")
    assert review.n_pending() == 1 and queries.asked_of(EVE) == []
    assert told() == {EVE: "would accept women, reject both"}
    assert row.comment == "My aunt is." and actions()[0] == (EVE, "opinion.give")


def test_decision_and_opinion_are_both_kept_and_compared() -> None:
    opinions.give(opinions.ask("zuleika", EVE, ADA).id, "female", EVE)
    review.accept(["zuleika"], ADA, answer="both")
    assert told() == {EVE: "would accept women, reject both", ADA: "accepted both, rejected women"}
    assert queries.agreement() == Agreement(n=2, agreed=0, accepted=0.5)
    assert [(row.name, row.answer, row.accept, row.reject) for row in queries.differences()] == [
        ("zuleika", "both", (ADA,), (EVE,)),
        ("zuleika", "female", (EVE,), (ADA,)),
    ]


def test_two_of_one_mind_agree() -> None:
    review.accept(["zuleika"], ADA, answer="female")
    opinions.give(opinions.ask("zuleika", EVE, ADA).id, "female", EVE)
    assert queries.agreement() == Agreement(n=2, agreed=2, accepted=0.5) and queries.differences() == []
    assert queries.pairs() == [queries.Pair(ADA, EVE, 2, 2)]


def test_an_opinion_can_be_that_nothing_should_be_accepted() -> None:
    opinions.give(opinions.ask("zuleika", EVE, ADA).id, opinions.NONE, EVE)
    assert told() == {EVE: "would reject both and women"}


def test_an_opinion_can_be_given_anew() -> None:
    row = opinions.ask("zuleika", EVE, ADA)
    opinions.give(row.id, "female", EVE), opinions.give(row.id, "both", EVE)
    assert told() == {EVE: "would accept both, reject women"}


def test_who_decides_has_answered() -> None:
    opinions.ask("zuleika", EVE, ADA), answer("amparo"), opinions.ask("amparo", EVE, ADA)
    review.reject(["zuleika"], EVE)
    assert [row.name for row in queries.asked_of(EVE)] == ["amparo"]
    assert told() == {EVE: "rejected both and women"}


def test_who_undoes_their_own_decision_has_not_looked() -> None:
    outcome = review.accept(["zuleika"], ADA, answer="female")
    review.undecide(outcome.at, ADA)
    assert told() == {}


def test_a_colleague_who_undoes_a_decision_leaves_the_word() -> None:
    outcome = review.accept(["zuleika"], ADA, answer="female")
    review.undecide(outcome.at, EVE)
    review.accept(["zuleika"], EVE, answer="both")
    assert told() == {ADA: "accepted women, rejected both", EVE: "accepted both, rejected women"}


def test_a_single_answer_that_is_decided_is_a_word_on_its_correction_alone() -> None:
    review.decide([1], "accepted", ADA)
    assert told() == {ADA: "accepted women"}


def test_a_flood_is_nobodys_second_look() -> None:
    review.reject_visitor(1, ADA)
    assert told() == {}


def test_the_command_line_is_nobodys_second_look() -> None:
    review.accept(["zuleika"], "command line", answer="female")
    review.decide([1, 2], "rejected", ADA)
    assert queries.agreement().n == 0 and queries.pairs() == []


@pytest.mark.parametrize("of", [ADA, "nobody@example.org", ""])
def test_only_a_colleague_can_be_asked(of: str) -> None:
    with pytest.raises(Invalid):
        opinions.ask("zuleika", of, ADA)


def test_who_is_disabled_is_not_asked() -> None:
    add_user("bob@example.org", "reviewer")
    assert opinions.colleagues(ADA) == ["bob@example.org", EVE]
    accounts.disable("bob@example.org", by=ADA)
    assert opinions.colleagues(ADA) == [EVE]


def test_nobody_is_asked_twice_about_a_name() -> None:
    opinions.ask("zuleika", EVE, ADA)
    with pytest.raises(Conflict, match="already"):
        opinions.ask("zuleika", EVE, ADA)


def test_what_no_visitor_corrects_is_not_asked() -> None:
    answer("torbern", "right")
    with pytest.raises(NotFound):
        opinions.ask("torbern", EVE, ADA)


def test_nobody_answers_for_a_colleague() -> None:
    row = opinions.ask("zuleika", EVE, ADA)
    with pytest.raises(NotFound):
        opinions.give(row.id, "female", ADA)


@pytest.mark.parametrize("said", ["male", "", "right"])
def test_an_opinion_is_about_what_visitors_say(said: str) -> None:
    row = opinions.ask("zuleika", EVE, ADA)
    with pytest.raises(Invalid):
        opinions.give(row.id, said, EVE)


@pytest.mark.parametrize("field", ["question", "comment"])
def test_a_text_has_a_longest(field: str) -> None:
    with pytest.raises(Invalid, match="500"):
        if field == "question":
            opinions.ask("zuleika", EVE, ADA, "x" * 501)
        else:
            opinions.give(opinions.ask("zuleika", EVE, ADA).id, "female", EVE, "x" * 501)


def test_a_question_is_taken_back_by_who_asked() -> None:
    row = opinions.ask("zuleika", EVE, ADA)
    with pytest.raises(NotFound):
        opinions.withdraw(row.id, EVE)
    opinions.withdraw(row.id, ADA)
    assert queries.asked_of(EVE) == [] and actions()[0] == (ADA, "opinion.withdraw")


def test_what_was_answered_is_not_taken_back() -> None:
    row = opinions.ask("zuleika", EVE, ADA)
    opinions.give(row.id, "both", EVE)
    with pytest.raises(NotFound):
        opinions.withdraw(row.id, ADA)
    assert db.session.get(SecondOpinion, row.id) is not None


@pytest.mark.parametrize(
    ("found", "sentence"),
    [
        (Agreement(0, 0, None), "No two reviewers have looked at the same correction yet."),
        (Agreement(1, 1, 1.0), "Two reviewers looked at one correction, and agree."),
        (Agreement(1, 0, 0.5), "Two reviewers looked at one correction, and do not agree."),
        (Agreement(6, 6, 0.5), "Two reviewers or more looked at 6 corrections, and agree on all of them."),
        (
            Agreement(40, 36, 0.9),
            "Two reviewers or more looked at 40 corrections, and agree on 36 of them (90%)."
            " By chance alone it would be about 82%.",
        ),
    ],
)
def test_agreement_in_words(found: Agreement, sentence: str) -> None:
    assert wording.agreement(found) == sentence
