"""Every figure of the pages as JSON."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.support.cards import CARD
from tests.support.factories import add_tally, answer
from tests.support.networks import tiny_artifact
from webapp.versions import service as versions

BASE = "/api/v1/scoreboard"


def test_days_as_json(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        add_tally(8), add_tally(2, "female", "male")
    charts = client.get(f"{BASE}/time?days=today").json["charts"]
    assert [chart["chart"] for chart in charts] == ["accuracy", "volume"]
    assert charts[0]["rows"][0]["answers that say the guess was right"] == 0.8


def test_names_as_json_obey_the_publishing_rule(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        answer("amparo"), answer("rudeword")
    told = client.get(f"{BASE}/names").json["missed"]
    assert [row["name"] for row in told["names"]] == ["amparo"] and told["others"] == 1
    cell = client.get(f"{BASE}/names?guessed=male&answer=female").json
    assert [row["name"] for row in cell["names"]] == ["amparo"]


def test_a_holdout_as_json(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        made = versions.add(tiny_artifact(7, **CARD), "import", "test").id
    told = client.get(f"{BASE}/holdout?version={made}").json
    assert told["curves"]["auc"] == 0.9 and told["scores"]["tp"] == 4


@pytest.mark.parametrize("page", ["play", "versions", "again", "holdout", "time", "names"])
def test_every_figure_is_there_on_a_fresh_site(client: FlaskClient, page: str) -> None:
    assert client.get(f"{BASE}/{page}").is_json


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("time?days=x", 422),
        ("holdout?version=99", 404),
        ("versions?names=x", 422),
        ("names?guessed=male", 422),
    ],
)
def test_what_cannot_be_told_is_a_problem(client: FlaskClient, address: str, status: int) -> None:
    answer = client.get(f"{BASE}/{address}")
    assert answer.status_code == status and answer.mimetype == "application/problem+json"
