"""Whatever happens in whatever order, what is counted equals the answers."""

from collections.abc import Iterator
from contextlib import suppress

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select

from tests.support.factories import add_tally, add_version, answer
from tests.support.sites import copy_instance, settings_for
from webapp import create_app
from webapp.errors import NomenError
from webapp.extensions import db
from webapp.feedback import name_tallies, review_cases, tallies
from webapp.feedback import service as feedback
from webapp.models import Case, Feedback, NameTally, Tally
from webapp.review import service as review
from webapp.storage import database
from webapp.storage.database import writing

NAMES = st.sampled_from(["anna", "zuleika", "kim"])
VISITORS = st.sampled_from(["ann", "bob", "dan"])
ANSWERS = st.sampled_from(["right", "female", "male", "both"])
ROWS = st.integers(1, 6)
STEPS = st.one_of(
    st.tuples(st.just("answer"), NAMES, ANSWERS, VISITORS, st.integers(1, 2)),
    st.tuples(st.just("undo"), VISITORS, ROWS),
    st.tuples(st.just("delete"), VISITORS, ROWS),
    st.tuples(st.just("accept"), NAMES, st.sampled_from([None, "female", "male", "both"])),
    st.tuples(st.just("reject"), NAMES),
    st.tuples(st.just("decide"), ROWS, st.sampled_from(["accepted", "rejected"])),
    st.tuples(st.just("reopen"), ROWS),
    st.tuples(st.just("undecide")),
    st.tuples(st.just("reject visitor"), ROWS),
)


@pytest.fixture(scope="module")
def site(blank_instance, tmp_path_factory) -> Iterator[Flask]:
    folder = copy_instance(blank_instance, tmp_path_factory.mktemp("counts") / "instance")
    app = create_app(settings_for(folder))
    with app.app_context():
        add_version(2)
        yield app
    database.dispose(app)


def take(step: tuple, decided: list) -> None:
    ids = list(db.session.scalars(select(Feedback.id).order_by(Feedback.id)))
    what, *rest = step
    row = ids[rest[-1] % len(ids)] if ids and isinstance(rest[-1:] and rest[-1], int) else 0
    if what == "answer":
        name, says, visitor, version = rest
        answer(name, says, visitor=visitor, version_id=version, guessed="female" if version == 1 else "male")
    elif what in ("undo", "delete"):
        getattr(feedback, what)(rest[0], row)
    elif what == "accept":
        decided.append(review.accept([rest[0]], "eve", answer=rest[1]))
    elif what == "reject":
        decided.append(review.reject([rest[0]], "eve"))
    elif what == "decide":
        decided.append(review.decide([ids[rest[0] % len(ids)]] if ids else [], rest[1], "eve"))
    elif what == "reopen":
        review.reopen([row], "eve")
    elif what == "reject visitor":
        decided.append(review.reject_visitor(row, "eve"))
    elif decided:
        review.undecide(decided.pop().at, "eve")


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
@given(st.lists(STEPS, max_size=12))
def test_counts_equal_the_answers_after_any_steps(site: Flask, steps: list[tuple]) -> None:
    with writing() as session:
        for table in (Feedback, Tally, Case, NameTally):
            session.execute(delete(table))
    decided: list = []
    for step in steps:
        with suppress(NomenError):  # what may not be done must leave the counts as they were, too
            take(step, decided)
        assert tallies.compare(db.session) == [] and review_cases.compare(db.session) == []
        assert name_tallies.compare(db.session) == []


def test_a_tally_of_no_answers_is_emptied(app: Flask) -> None:
    with app.app_context():
        add_tally(3)
        with writing() as session:
            assert len(tallies.recount(session)) == 1
        with writing() as session:
            assert tallies.compare(session) == []
