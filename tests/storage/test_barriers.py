"""Two who decide the same at the same moment, on both databases: one wins, and the other is told."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from flask import Flask
from sqlalchemy import func, select

from tests.support import sites
from tests.support.factories import add_version, answer
from tests.support.runs import queued
from webapp.accounts import service as accounts
from webapp.comparisons import service as comparisons
from webapp.errors import Conflict
from webapp.extensions import db
from webapp.feedback import review_cases, tallies
from webapp.game import service as games
from webapp.models import Game, GameTally, Promotion, Run
from webapp.review import service as review
from webapp.runs import lifecycle
from webapp.runs import service as runs
from webapp.runs.plans import Plan
from webapp.versions import service as versions

TRIES = 5
Deed = Callable[[], object]


def at_once(app: Flask, *deeds: Deed) -> list[object]:
    """Do all deeds at the same moment, each in a thread of its own; return what they returned or raised."""
    barrier = threading.Barrier(len(deeds))

    def do(deed: Deed) -> object:
        with app.app_context():
            db.session.connection()  # so that nobody is late for having to connect first
            db.session.rollback()
            barrier.wait()
            try:
                return deed()
            except Conflict as error:
                return error
            finally:
                db.session.rollback()

    with ThreadPoolExecutor(len(deeds)) as threads:
        return [asked.result() for asked in [threads.submit(do, deed) for deed in deeds]]


def won(results: list[object]) -> list[object]:
    return [result for result in results if not isinstance(result, Conflict)]


def test_of_two_promotions_with_one_expectation_one_wins(each_app: Flask) -> None:
    with each_app.app_context():
        rivals = [add_version(2), add_version(3)]
        for _ in range(TRIES):
            newest = versions.promote(1, by="tests").id

            def promote(version_id: int, expected: int = newest) -> int:
                return versions.promote(version_id, by="tests", expected=expected).version_id

            results = at_once(each_app, *(lambda rival=rival: promote(rival) for rival in rivals))
            assert len(won(results)) == 1
            db.session.rollback()
            assert db.session.scalar(select(func.count()).where(Promotion.id > newest)) == 1


def test_two_admins_who_disable_each_other_leave_one(each_app: Flask) -> None:
    with each_app.app_context():
        sites.add_user("second@example.org", "admin")
    pair = ["admin@example.org", "second@example.org"]
    for _ in range(TRIES):
        results = at_once(
            each_app, *(lambda email=email: accounts.disable(email, by="the other") for email in pair)
        )
        assert len(won(results)) == 1
        with each_app.app_context():
            assert accounts.has_admin()
            for email in pair:
                accounts.enable(email, by="tests")


def test_two_admins_who_take_each_others_role_leave_one(each_app: Flask) -> None:
    with each_app.app_context():
        sites.add_user("second@example.org", "admin")
    pair = ["admin@example.org", "second@example.org"]
    for _ in range(TRIES):
        deeds = (lambda email=email: accounts.set_role(email, "reviewer", by="tests") for email in pair)
        assert len(won(at_once(each_app, *deeds))) == 1
        with each_app.app_context():
            assert accounts.has_admin()
            for email in pair:
                accounts.set_role(email, "admin", by="tests")


def test_of_two_starts_one_is_queued(each_app: Flask) -> None:
    for _ in range(TRIES):
        results = at_once(
            each_app, *[lambda: runs.start(Plan(kind="scratch", preset="tiny"), by="tests").id] * 2
        )
        assert len(won(results)) == 1
        with each_app.app_context():
            runs.cancel(won(results)[0], by="tests")


def test_a_run_is_claimed_once(each_app: Flask) -> None:
    for _ in range(TRIES):
        with each_app.app_context():
            run_id = queued(kind="scratch", preset="tiny").id
        results = at_once(each_app, *[lambda run_id=run_id: lifecycle.claim(run_id) is not None] * 3)
        assert sorted(results) == [False, False, True]
        with each_app.app_context():
            lifecycle.end(run_id, lifecycle.RunState.FAILED)
            assert db.session.get_one(Run, run_id).is_active is None


def test_a_comparison_is_asked_for_and_claimed_once(each_app: Flask) -> None:
    with each_app.app_context():
        pair = [1, add_version(2)]
    ids = at_once(each_app, *[lambda: comparisons.ask(pair, by="tests").id] * 3)
    assert len(set(ids)) == 1
    assert sorted(at_once(each_app, *[lambda: comparisons.claim(ids[0])] * 3)) == [False, False, True]


def test_a_name_is_decided_once_and_the_counts_hold(each_app: Flask) -> None:
    with each_app.app_context():
        for n in range(6):
            answer("zuleika", "female", visitor=f"v{n}")
    results = at_once(
        each_app,
        lambda: review.accept(["zuleika"], by="one").n,
        lambda: review.reject(["zuleika"], by="two").n,
        lambda: answer("zuleika", "female", visitor="late"),
    )
    assert sorted(n for n in results if isinstance(n, int))[0] in (0, 1)
    with each_app.app_context():
        assert tallies.compare(db.session) == [] and review_cases.compare(db.session) == []


def test_two_tabs_play_one_game_and_a_turn_counts_once(each_app: Flask) -> None:
    links = at_once(each_app, *[lambda: games.start("ann").link] * 2)
    assert links[0] == links[1]

    def play(label: str) -> object:
        return games.answer(links[0], "ann", 0, label).turns[0].answer

    said = at_once(each_app, lambda: play("female"), lambda: play("male"))
    assert said[0] == said[1]
    with each_app.app_context():
        assert db.session.scalar(select(func.count(Game.id))) == 1
        assert db.session.scalar(select(func.sum(GameTally.n))) == 1
