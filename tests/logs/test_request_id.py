"""The id of a request: comes back, stands in each log line, is followed into the run that it starts."""

import json
import logging
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.support.factories import correct
from tests.support.sites import open_site
from tests.support.visits import post
from webapp.logs import request_id
from webapp.logs.log_format import ForRequest
from webapp.runs import service as runs

OWN = re.compile(r"[0-9a-f]{16}")
INSANE = [
    "short",
    "x" * 65,
    "-begins-with-a-dash",
    "two words here",
    "line\nfeed-123",
    "é" * 10,
    "a;b=c,d;e=f",
    "",
]


@pytest.fixture
def behind_proxy(instance: Path) -> Iterator[Flask]:
    """A site with one proxy in front."""
    with open_site(instance, PROXIES=1) as app:
        yield app


def id_of(client: FlaskClient, sent: str | None = None, path: str = "/healthz") -> str:
    headers = {} if sent is None else {"X-Request-ID": sent}
    return client.get(path, headers=headers).headers["X-Request-ID"]


def test_every_answer_has_an_id_of_its_own(client: FlaskClient) -> None:
    assert OWN.fullmatch(id_of(client)) and id_of(client) != id_of(client)


@pytest.mark.parametrize(
    "path", ["/", "/nothing-here", "/static/nomen.css", "/admin", "/history/download.csv"]
)
def test_every_kind_of_answer_has_one_id(client: FlaskClient, path: str) -> None:
    with client.get(path) as answer:
        assert len(answer.headers.getlist("X-Request-ID")) == 1


def test_what_is_refused_for_its_host_has_an_id(client: FlaskClient) -> None:
    refused = client.get("/", headers={"Host": "a..b"})
    assert refused.status_code == 400 and OWN.fullmatch(refused.headers["X-Request-ID"])


def test_a_visitors_id_is_not_believed(client: FlaskClient) -> None:
    assert OWN.fullmatch(id_of(client, "from-a-visitor-1"))


@pytest.mark.parametrize("sent", ["abcdef12", "f47ac10b-58cc-4372-a567-0e02b2c3d479", "x" * 64])
def test_a_proxys_id_is_taken(behind_proxy: Flask, sent: str) -> None:
    assert id_of(behind_proxy.test_client(), sent) == sent


@pytest.mark.parametrize("sent", [bad for bad in INSANE if "\n" not in bad])
def test_a_proxys_id_that_is_not_sane_is_not_taken(behind_proxy: Flask, sent: str) -> None:
    assert OWN.fullmatch(id_of(behind_proxy.test_client(), sent))


@pytest.mark.parametrize("sent", INSANE)
def test_what_is_no_id_is_not_sane(sent: str) -> None:
    assert not request_id.is_sane(sent)


def test_the_lines_of_a_request_have_its_id(app: Flask, caplog: pytest.LogCaptureFixture) -> None:
    @app.get("/speak")
    def speak() -> str:
        app.logger.warning("something")
        return request_id.current()

    caplog.handler.addFilter(ForRequest())
    answer = app.test_client().get("/speak")
    (record,) = [record for record in caplog.records if record.getMessage() == "something"]
    assert record.request_id == answer.text == answer.headers["X-Request-ID"]  # type: ignore[attr-defined]


def test_no_request_has_the_id_of_another_afterwards(client: FlaskClient) -> None:
    client.get("/history/download.csv")
    event = logging.LogRecord("x", logging.INFO, __file__, 1, "later", (), None)
    assert request_id.current() == "" and ForRequest().filter(event) and not hasattr(event, "request_id")


def test_a_fault_of_ours_tells_its_number(app: Flask) -> None:
    app.config["PROPAGATE_EXCEPTIONS"] = False

    @app.get("/fall")
    def fall() -> str:
        raise RuntimeError("unforeseen")

    answer = app.test_client().get("/fall")
    assert answer.status_code == 500 and f"<code>{answer.headers['X-Request-ID']}</code>" in answer.text


def test_a_run_keeps_the_id_of_the_request_that_started_it(app: Flask, admin_client: FlaskClient) -> None:
    with app.app_context():
        correct("ilmarinen", "female")
    started = post(admin_client, "/retraining", kind="fine-tune")
    assert started.status_code == 303
    sent = started.headers["X-Request-ID"]
    with app.app_context():
        assert runs.latest().request_id == sent
        shown = app.test_cli_runner().invoke(args=["runs", "show", "1"]).output
    assert f"request  {sent}" in shown and sent in admin_client.get(started.location).text


def test_a_run_from_the_terminal_has_none(app: Flask) -> None:
    with app.app_context():
        correct("ilmarinen", "female")
        started = app.test_cli_runner().invoke(args=["runs", "start"])
        assert started.exit_code == 0 and runs.latest().request_id == ""
        assert "request" not in app.test_cli_runner().invoke(args=["runs", "show", "1"]).output


def test_the_api_tells_which_request_started_a_run(app: Flask) -> None:
    description = json.dumps(app.test_client().get("/api/openapi.json").json)
    assert "X-Request-ID of the request that started it" in description
