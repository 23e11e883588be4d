"""The home of staff: its large button is what is to be done next."""

import re

from flask import Flask
from flask.testing import FlaskClient

from tests.support.factories import add_version, answer, correct
from webapp.models import Run, now
from webapp.storage.database import writing


def large_button(client: FlaskClient) -> str | None:
    """Return what the large button of the home says."""
    found = re.search(r'class="button primary large"[^>]*>([^<]+)<', client.get("/admin").text)
    return found and found[1]


def test_nothing_waits_so_nothing_is_urged(admin_client: FlaskClient) -> None:
    assert large_button(admin_client) is None and ">Retrain</a>" in admin_client.get("/admin").text


def test_what_waits_is_to_be_reviewed_first(app: Flask, admin_client: FlaskClient) -> None:
    with app.app_context():
        correct("kim", "female"), answer("zuleika", "female")
    assert large_button(admin_client) == "Review 1 name"


def test_then_what_was_accepted_is_to_be_learned(
    app: Flask, admin_client: FlaskClient, reviewer_client: FlaskClient
) -> None:
    with app.app_context():
        correct("kim", "female")
    assert large_button(admin_client) == "Retrain with 1 name"
    assert large_button(reviewer_client) is None  # who may not retrain


def test_a_new_version_is_to_be_compared(app: Flask, admin_client: FlaskClient) -> None:
    with app.app_context():
        correct("kim", "female")
        version_id = add_version()
        with writing() as session:
            ended = {"state": "finished", "is_active": None, "finished_at": now(), "started_at": now()}
            row = Run(created_by="ada", kind="fine-tune", settings={}, champion_id=1, version_id=version_id)
            for name, value in ended.items():
                setattr(row, name, value)
            session.add(row)
    assert large_button(admin_client) == f"Compare v{version_id} with v1"
