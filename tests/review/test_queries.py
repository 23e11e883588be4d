"""The lists of review stay quick: an index leads to every first page, and nothing is sorted."""

import pytest
from flask import Flask
from sqlalchemy import event, text

from tests.support.factories import answer
from training.names import Label
from webapp.extensions import db
from webapp.review import queries
from webapp.review.queries import SORTS, STATUSES, ReviewFilter

of_sqlite = pytest.mark.sqlite(
    reason="reads SQLite's plan; tests/cluster/test_plans.py reads both databases' at a million rows"
)


def plan(app: Flask, look) -> list[str]:
    """Return SQLite's plan of the last query that `look` asks."""
    asked: list[tuple] = []
    with app.app_context():
        event.listen(db.engine, "before_cursor_execute", lambda *call: asked.append((call[2], call[3])))
        look()
        statement, values = asked[-1]
        rows = db.session.connection().exec_driver_sql("EXPLAIN QUERY PLAN " + statement, values)
        return [row[3] for row in rows]


def is_quick(steps: list[str]) -> bool:
    return all("TEMP B-TREE" not in step and ("INDEX" in step or "LIST" in step) for step in steps)


@of_sqlite
@pytest.mark.parametrize("sort", SORTS)
def test_names_that_wait_are_read_in_order(app: Flask, sort: str) -> None:
    assert is_quick(plan(app, lambda: queries.waiting(ReviewFilter(sort=sort))))


@of_sqlite
@pytest.mark.parametrize("more", [{}, {"version": 1}, {"text": "ann"}, {"version": 1, "label": "both"}])
@pytest.mark.parametrize("status", STATUSES)
def test_answers_are_read_in_order(app: Flask, status: str, more: dict) -> None:
    wanted = ReviewFilter(status=status, **more)
    assert is_quick(plan(app, lambda: queries.answers(wanted)))


def test_a_guess_of_women_and_men_alike_that_was_right_is_found(app: Flask) -> None:
    with app.app_context():
        right = answer("kim", "right", guessed=Label.BOTH, p_female=0.5)
        found = queries.answers(ReviewFilter(status="right", label="both")).rows
        assert [row.id for row in found] == [right.id]


@of_sqlite
def test_the_answers_of_a_name_are_read_in_order(app: Flask) -> None:
    assert is_quick(plan(app, lambda: queries.of_name("anna", after='["2026-01-01T00:00:00+00:00", 1]')))


@of_sqlite
def test_a_list_that_is_sorted_would_be_noticed(app: Flask) -> None:
    asked = text("SELECT * FROM feedback ORDER BY reason")
    assert not is_quick(plan(app, lambda: db.session.execute(asked).all()))
