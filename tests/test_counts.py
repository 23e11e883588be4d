"""Whatever is answered, undone, decided and deleted: every count equals a recount."""

from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.factories import answer
from webapp import cases, feedback, missed, review, tally
from webapp.database import writing
from webapp.errors import NomenError
from webapp.extensions import db
from webapp.models import Case, Feedback, NameTally, Tally

NAMES = st.sampled_from(["anna", "zuleika", "dakota", "unheardof"])
VISITORS = st.sampled_from(["ann", "bob", "eve"])
STEPS = st.one_of(
    st.tuples(st.just("answer"), VISITORS, NAMES, st.sampled_from(["right", "female", "male", "both"])),
    st.tuples(st.just("undo"), VISITORS, NAMES),
    st.tuples(st.just("delete"), VISITORS, NAMES),
    st.tuples(st.just("accept"), NAMES, st.sampled_from([None, "female", "male", "both"])),
    st.tuples(st.just("reject"), NAMES),
    st.tuples(st.just("decide"), VISITORS, NAMES, st.sampled_from(["accepted", "rejected"])),
    st.tuples(st.just("reopen"), VISITORS, NAMES),
)


def row_id(visitor: str, name: str) -> int:
    row = db.session.query(Feedback).filter_by(visitor=visitor, name=name).first()
    return row.id if row else 0


def take(kind: str, *facts: str) -> None:
    """Take one step; what the site refuses changes nothing."""
    steps = {
        "answer": lambda visitor, name, said: answer(name, said, visitor=visitor),
        "undo": lambda visitor, name: feedback.undo(visitor, row_id(visitor, name)),
        "delete": lambda visitor, name: feedback.delete(visitor, row_id(visitor, name)),
        "accept": lambda name, said: review.accept([name], "eve", "", said),
        "reject": lambda name: review.reject([name], "eve"),
        "decide": lambda visitor, name, said: review.decide([row_id(visitor, name)], said, "eve"),
        "reopen": lambda visitor, name: review.reopen([row_id(visitor, name)], "eve"),
    }
    try:
        steps[kind](*facts)
    except NomenError:
        db.session.rollback()


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(STEPS, min_size=1, max_size=14))
def test_every_count_equals_a_recount_after_any_sequence(app: Flask, steps: list[tuple[str, ...]]) -> None:
    with app.app_context():
        with writing() as session:
            for table in (Feedback, Tally, NameTally, Case):
                session.execute(db.delete(table))
        for step in steps:
            take(*step)
        assert tally.compare(db.session()) == []
        assert missed.compare(db.session()) == []
        assert cases.compare(db.session()) == []


def test_a_count_that_was_lost_is_found(app: Flask) -> None:
    with app.app_context():
        answer()
        with writing() as session:
            session.execute(db.update(NameTally).values(missed=7))
        assert missed.compare(db.session()) == ["zuleika"]
