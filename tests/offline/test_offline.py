"""What a browser may take to keep: the network that serves, byte by byte, and nothing of anybody."""

import json
from http import HTTPStatus

from flask import Flask
from flask.testing import FlaskClient

from webapp.versions import service as versions


def test_the_network_that_serves_is_told_of_and_sent(app: Flask, client: FlaskClient) -> None:
    told = client.get("/offline/network.json").get_json()
    sent = client.get(told["network"])
    with app.app_context():
        assert told["version"] == "v1" and sent.data == versions.data(1)
    assert sent.headers["Cache-Control"].startswith("public, max-age=")


def test_no_other_version_is_sent(client: FlaskClient) -> None:
    assert client.get("/offline/v99.safetensors").status_code == HTTPStatus.NOT_FOUND


def test_the_worker_comes_from_the_top_and_is_asked_for_again(client: FlaskClient) -> None:
    with client.get("/service-worker.js") as sent:
        assert sent.mimetype == "text/javascript" and sent.headers["Cache-Control"] == "no-cache"


def test_the_manifest_names_icons_that_are_there(client: FlaskClient) -> None:
    sent = client.get("/manifest.webmanifest")
    manifest = json.loads(sent.data)
    assert sent.mimetype == "application/manifest+json" and manifest["start_url"] == "/"
    for icon in manifest["icons"]:
        with client.get(icon["src"]) as picture:
            assert picture.mimetype == "image/png"


def test_the_page_is_of_nobody(client: FlaskClient) -> None:
    page = client.get("/offline")
    assert "Set-Cookie" not in page.headers and "csrf" not in page.text
