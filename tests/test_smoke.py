"""The site starts and answers."""

from flask.testing import FlaskClient


def test_a_name_is_guessed(client: FlaskClient) -> None:
    assert client.get("/?name=Anna").status_code == 200


def test_a_name_without_letters_is_refused(client: FlaskClient) -> None:
    assert client.get("/?name=12").status_code == 422


def test_the_site_is_ready_when_a_version_serves(client: FlaskClient) -> None:
    assert client.get("/readyz").json == {"status": "ready", "version": "v1"}
