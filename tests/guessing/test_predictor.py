"""The champion in memory: what it answers, what it remembers, when it is swapped."""

from pathlib import Path

import pytest
from flask import Flask

from tests.support.databases import away
from tests.support.factories import promote_another
from tests.support.waiting import eventually
from webapp.guessing import predictor


@pytest.fixture
def holder(app: Flask) -> predictor.Predictor:
    """The predictor of a site, with v1 in memory."""
    with app.app_context():
        holder = predictor.get()
        holder.current()
    return holder


def test_many_names_are_answered_as_one_by_one(holder: predictor.Predictor) -> None:
    champion, keys = holder.current(), ["anna", "jo", "emile", "anna", "li", "mary jane"]
    together = predictor.guess_keys(champion, keys, traced=True)
    for key, many in zip(keys, together, strict=True):
        one = champion.guess(key, traced=True)
        assert one.name == many.name and one.trace == pytest.approx(many.trace, abs=1e-6)
        assert one.p_female == pytest.approx(many.p_female, abs=1e-6)


def test_no_trace_is_made_where_none_is_asked_for(holder: predictor.Predictor) -> None:
    champion = holder.current()
    assert champion.guess("Anna").trace == predictor.guess_keys(champion, ["anna"])[0].trace == ()
    assert len(champion.guess("Anna", traced=True).trace) == 4


def test_a_promotion_is_served_soon(app: Flask, holder: predictor.Predictor) -> None:
    holder.watch()
    with app.app_context():
        newer = promote_another()
    assert eventually(lambda: holder.current().version_id == newer)


def test_a_request_keeps_the_champion_it_took(app: Flask, holder: predictor.Predictor) -> None:
    taken = holder.current()
    with app.app_context():
        promote_another()
    holder.refresh()
    assert taken.guess("anna").version_id == 1 and holder.current().guess("anna").version_id == 2


def test_the_old_champion_serves_while_the_database_is_away(
    app: Flask, instance: Path, holder: predictor.Predictor, caplog: pytest.LogCaptureFixture
) -> None:
    with away(instance, "promotion"):
        holder.watch()
        assert eventually(lambda: "could not look for a newer champion" in caplog.text)
        assert holder.current().version_id == 1
    with app.app_context():
        newer = promote_another()
    assert eventually(lambda: holder.current().version_id == newer)
