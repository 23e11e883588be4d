"""KEEP_ANSWERS_DAYS: what is older goes by itself, and every count stays right."""

import os
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select, update

from tests.support.databases import where_is
from tests.support.factories import answer
from tests.support.sites import settings_for
from tests.support.waiting import eventually
from webapp import create_app
from webapp.config import ROOT, BadSetting, read_settings
from webapp.extensions import db
from webapp.feedback import name_tallies, review_cases, tallies
from webapp.game import service as game
from webapp.models import Feedback, Game, now
from webapp.privacy import retention
from webapp.storage.database import writing


@pytest.fixture
def site(app: Flask):
    """A site with an answer of today, one given long ago, one changed since, and a game of long ago."""
    app.config["KEEP_ANSWERS_DAYS"] = 30
    with app.app_context():
        answer("anna", says="right", visitor="ann")
        grow_old(answer("kim", says="right", visitor="bob"), changed=100)
        grow_old(answer("zuleika", says="right", visitor="dan"), changed=1)
        begun = game.start("bob")
        with writing() as session:
            session.get_one(Game, begun.id).created_at = now() - timedelta(days=100)
        yield app


def grow_old(row: Feedback, changed: int) -> None:
    given = now() - timedelta(days=100)
    with writing() as session:
        moments = {"created_at": given, "updated_at": now() - timedelta(days=changed)}
        session.execute(update(Feedback).where(Feedback.id == row.id).values(moments))


def names() -> list[str]:
    db.session.rollback()
    return sorted(db.session.scalars(select(Feedback.name)))


def tick_until_nothing_is_old(app: Flask) -> None:
    while retention.tick() or app.extensions.get(retention._NEXT) is None:
        pass


def test_the_worker_deletes_what_is_older_and_counts_stay_right(site: Flask) -> None:
    tick_until_nothing_is_old(site)
    assert names() == ["anna", "zuleika"] and not list(db.session.scalars(select(Game)))
    assert [compare(db.session) for compare in (tallies.compare, review_cases.compare)] == [[], []]
    assert name_tallies.compare(db.session) == []


def test_once_nothing_is_old_the_worker_pauses(site: Flask) -> None:
    tick_until_nothing_is_old(site)
    grow_old(db.session.scalars(select(Feedback)).first(), changed=100)
    retention.tick()
    assert len(names()) == 2
    del site.extensions[retention._NEXT]
    retention.tick()
    assert len(names()) == 1


def test_everything_is_kept_unless_the_setting_says_otherwise(site: Flask) -> None:
    site.config["KEEP_ANSWERS_DAYS"] = read_settings({})["KEEP_ANSWERS_DAYS"]
    retention.tick()
    assert len(names()) == 3


def test_the_command_counts_and_deletes(site: Flask) -> None:
    run = site.test_cli_runner().invoke
    assert (
        "2 answers and games are older than 30 days." in run(args=["feedback", "expire", "--dry-run"]).output
    )
    assert len(names()) == 3
    assert "2 answers and games deleted" in run(args=["feedback", "expire"]).output
    assert names() == ["anna", "zuleika"]


def test_the_command_takes_other_days(site: Flask) -> None:
    site.test_cli_runner().invoke(args=["feedback", "expire", "--days", "200"])
    assert len(names()) == 3


def test_the_command_without_days_says_what_to_set(app: Flask) -> None:
    done = app.test_cli_runner().invoke(args=["feedback", "expire"])
    assert done.exit_code == 1 and "set KEEP_ANSWERS_DAYS" in done.output


@pytest.mark.parametrize("value", ["0", "-1", "ever", "36501"])
def test_days_that_are_none_stop_the_start(value: str) -> None:
    with pytest.raises(BadSetting, match="KEEP_ANSWERS_DAYS"):
        read_settings({"KEEP_ANSWERS_DAYS": value})


def test_a_locked_database_does_not_end_the_worker(instance, site: Flask) -> None:
    locked = create_app(settings_for(instance, KEEP_ANSWERS_DAYS=30, BUSY_SECONDS=0.1))
    with writing() as session:
        session.connection()
        with locked.app_context():
            retention.tick()
            db.engine.dispose()
    assert len(names()) == 3


@pytest.mark.process
def test_the_worker_that_make_run_starts_does_it(instance: Path, site: Flask) -> None:
    given = {"INSTANCE": str(instance), "KEEP_ANSWERS_DAYS": "30", **where_is(instance)}
    worker = subprocess.Popen(
        [sys.executable, "-m", "flask", "--app", "wsgi", "worker"], cwd=ROOT, env=os.environ | given
    )
    try:
        assert eventually(lambda: names() == ["anna", "zuleika"])
    finally:
        worker.terminate()
        worker.wait(timeout=30)
