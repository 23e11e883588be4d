"""A version whose weights were damaged where they lie: another one serves, and the site says so."""

import logging
import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.support.databases import damage
from tests.support.factories import promote_another
from tests.support.processes import GUNICORN, Visitor, running
from tests.support.sites import copy_instance
from tests.support.waiting import eventually
from training.model.artifact import SHIPPED
from webapp.guessing import predictor
from webapp.versions import service as versions


@pytest.fixture
def degraded(app: Flask, instance: Path) -> Iterator[predictor.Predictor]:
    """A site whose newest version, v2, was damaged before anybody asked."""
    with app.app_context():
        promote_another()
    damage(instance, 2)
    with app.app_context():
        yield predictor.get()


def test_the_version_that_served_before_serves(degraded: predictor.Predictor) -> None:
    assert degraded.current().version_id == 1


def test_the_log_says_so_once(degraded: predictor.Predictor, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.ERROR):
        degraded.current()
        degraded.refresh()
    assert len([record for record in caplog.records if "v1 serves instead" in record.message]) == 1


def test_readyz_says_degraded(degraded: predictor.Predictor, client: FlaskClient) -> None:
    told = client.get("/readyz").json
    assert told["status"] == "degraded" and told["version"] == "v1" and "v2 cannot be read" in told["trouble"]


def test_the_staffs_home_says_so(degraded: predictor.Predictor, admin_client: FlaskClient) -> None:
    degraded.current()
    assert "v1 serves instead" in admin_client.get("/admin").text


def test_a_sound_site_has_no_notice(admin_client: FlaskClient) -> None:
    assert "serves instead" not in admin_client.get("/admin").text


def test_guesses_and_answers_go_on(degraded: predictor.Predictor, client: FlaskClient) -> None:
    assert client.get("/?name=Zuleika").status_code == 200


def test_the_newest_is_tried_again(degraded: predictor.Predictor, instance: Path) -> None:
    degraded.current()
    damage(instance, 2)  # the same bit: it is sound again
    degraded._retry_at = 0.0
    degraded.refresh()
    assert degraded.current().version_id == 2 and degraded.trouble == ""


def test_with_no_version_left_the_shipped_network_serves(app: Flask, instance: Path) -> None:
    with app.app_context():
        shipped = versions.add(SHIPPED.read_bytes(), origin="shipped", by="test").id
        versions.promote(shipped, by="test")
    damage(instance, 1)
    damage(instance, shipped)
    with app.app_context():
        assert predictor.get().current().version_id == shipped


def test_a_shipped_network_that_was_never_here_is_stored_and_serves(app: Flask, instance: Path) -> None:
    damage(instance, 1)
    with app.app_context():
        assert predictor.get().current().version_id == 2
        assert versions.data(2) == SHIPPED.read_bytes()


def test_setup_says_that_a_version_is_damaged(degraded: predictor.Predictor, app: Flask) -> None:
    said = app.test_cli_runner().invoke(args=["setup"])
    assert said.exit_code == 0 and "v2 cannot be read" in said.output


@pytest.mark.process
def test_the_site_outlives_a_damaged_version_and_a_killed_process(
    blank_instance: Path, tmp_path: Path
) -> None:
    instance = copy_instance(blank_instance, tmp_path / "instance")
    with running(GUNICORN, instance) as process:
        damage(instance, 1)
        os.kill(process.web_workers()[0], signal.SIGKILL)
        assert eventually(lambda: "degraded" in Visitor(process.address).get("/readyz"))
        assert "Giovanna" in Visitor(process.address).get("/?name=Giovanna")
