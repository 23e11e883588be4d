"""Clients that others wrote for genderize.io, as they come from PyPI: pointed here, they are answered."""

import threading
from collections.abc import Iterator
from contextlib import closing

import demografix
import pytest
import requests
from flask import Flask
from genderize import Genderize
from requests.adapters import HTTPAdapter
from werkzeug.serving import make_server

from webapp.accounts.keys import service as api_keys


class Redirected(HTTPAdapter):
    """Sends what goes to genderize.io to this site, as a host name in one's own network would."""

    def __init__(self, address: str) -> None:
        super().__init__()
        self.address = address

    def send(self, request: requests.PreparedRequest, **how: object) -> requests.Response:  # type: ignore[override]
        assert request.url is not None
        request.url = request.url.replace("https://api.genderize.io/", f"{self.address}/")
        return super().send(request, **how)  # type: ignore[arg-type]


@pytest.fixture
def address(app: Flask) -> Iterator[str]:
    """Where the endpoint is, on a port of its own."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.port}/genderize"
    server.shutdown()
    server.server_close()
    thread.join()


def test_genderize_gets_its_answers(address: str) -> None:
    client = Genderize()
    with closing(client.session) as session:
        session.mount("https://api.genderize.io", Redirected(address))
        anna, nobody = client.get(["Dr. Anna", "N/A"])
        assert client.get1("Giovanna")["count"] == 12_846
    assert (anna["name"], anna["count"]) == ("Dr. Anna", 380_000) and anna["gender"] in ("female", "male")
    assert nobody == {"name": "N/A", "gender": None, "probability": 0.0, "count": 0}


def test_demografix_gets_its_answers(app: Flask, address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("demografix.client.GENDERIZE_HOST", address)
    with app.app_context():
        secret = api_keys.add("ours", ["read"], None, by="command line").secret
    client = demografix.Demografix(secret)
    one = client.genderize("Anna", country_id="DE")
    assert (one.name, one.count, one.quota.limit) == ("Anna", 704_000, 100_000)
    many = client.genderize_batch(["Anna", "Ms. Kim"])
    assert [found.name for found in many.results] == ["Anna", "Ms. Kim"]
    with pytest.raises(demografix.AuthError, match="Invalid API key"):
        demografix.Demografix("wrong").genderize("Anna")
