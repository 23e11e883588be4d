"""The champion in memory: what it answers, what it remembers, when it is swapped."""

from pathlib import Path

import pytest
from flask import Flask

from tests.support.databases import away
from tests.support.factories import promote_another
from tests.support.networks import tiny_artifact
from tests.support.waiting import eventually
from training.model.inference import cpu_network
from webapp.guessing import predictor
from webapp.records import lookup


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


def test_names_that_most_people_bear_are_read_before_they_are_asked_for(
    app: Flask, holder: predictor.Predictor
) -> None:
    champion, asked = holder.current(), []
    with app.app_context():
        names = lookup.most_borne(3)
        as_asked = [cpu_network.load(tiny_artifact()).share(name) for name in names]
        for _ in range(3):  # at last there is nothing left to read
            champion.read_ahead()
    champion.network.note = lambda remembered, read: asked.append((remembered, read))
    assert [champion.network.share(name) for name in names] == pytest.approx(as_asked, abs=1e-6)
    assert asked == [(1, 0)] * 3 and names


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
