"""The site under gunicorn as `make run` starts it: kills, slow clients, large requests, log lines."""

import http.client
import json
import os
import signal
import socket
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path

import pytest

from tests.support.processes import GUNICORN, Process, Refused, Visitor, running
from tests.support.raters import Raters
from tests.support.sites import copy_instance
from tests.support.waiting import eventually

pytestmark = pytest.mark.process


@pytest.fixture(scope="module")
def served(blank_instance: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Process]:
    """A site with two web processes, which logs every request."""
    instance = copy_instance(blank_instance, tmp_path_factory.mktemp("served") / "instance")
    with running(GUNICORN, instance, ACCESS_LOG="on") as process:
        yield process


def stored(process: Process) -> set[str]:
    with closing(sqlite3.connect(process.instance / "nomen.db")) as database:
        return {name for (name,) in database.execute("SELECT name FROM feedback")}


def test_every_thank_you_survives_killed_web_processes(served: Process) -> None:
    with Raters(lambda: served.address, 3) as raters:
        thanked = raters.acknowledged
        for kills in range(1, 4):
            assert eventually(lambda wanted=kills * 5: len(thanked) >= wanted and served.web_workers())
            os.kill(served.web_workers()[0], signal.SIGKILL)
        assert eventually(lambda: len(served.web_workers()) == 2 and len(thanked) >= 20)
    assert set(thanked) <= stored(served) and not raters.unexpected


def test_silent_connections_hold_no_thread(served: Process) -> None:
    port = int(served.address.rpartition(":")[2])
    silent = [socket.create_connection(("127.0.0.1", port)) for _ in range(64)]
    began = time.monotonic()
    assert "Nomen" in Visitor(served.address).get("/")
    assert time.monotonic() - began < 5
    for connection in silent:  # which were open all the while
        connection.setblocking(False)
        with pytest.raises(BlockingIOError):
            connection.recv(1)
        connection.close()


@pytest.mark.parametrize("path", ["/?name=" + "x" * 1_000_000, "/" + "x" * 1_000_000])
def test_an_endless_address_is_refused(served: Process, path: str) -> None:
    with pytest.raises(OSError) as refused:
        Visitor(served.address).get(path)
    assert getattr(refused.value, "status", 400) in (400, 414)


def test_a_body_without_end_is_refused_unread(served: Process) -> None:
    port = int(served.address.rpartition(":")[2])
    with socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
        connection.sendall(
            b"POST /login HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000000000\r\n"
            b"Content-Type: application/x-www-form-urlencoded\r\n\r\nemail="
        )
        assert b" 413 " in connection.recv(4096)


def test_the_access_log_holds_no_query_no_address_and_no_secret(served: Process) -> None:
    with suppress(Refused):
        Visitor(served.address).get("/c/abcdefghijklmnopqrstuvwxyz123456?apikey=verysecret")
    assert eventually(lambda: "/c/…" in served.log())
    assert "apikey" not in served.log() and "abcdefghij" not in served.log()
    assert "127.0.0.1" not in served.log().replace(served.address, "")


def test_a_request_cannot_forge_a_log_line(served: Process) -> None:
    with suppress(Refused):
        Visitor(served.address).get("/x%0A2030-01-01%20INFO%20forged%1B%5B31m")
    assert eventually(lambda: "forged" in served.log())
    line = next(line for line in served.log().splitlines() if "forged" in line)
    assert "GET /x\\x0a2030" in line and "\x1b" not in line


def test_events_of_json_hold_what_an_access_line_does_and_the_id_that_came_back(
    blank_instance: Path, tmp_path: Path
) -> None:
    instance = copy_instance(blank_instance, tmp_path / "instance")
    settings = {"ACCESS_LOG": "on", "LOG_FORMAT": "json", "WEB_WORKERS": "1"}
    with running(GUNICORN, instance, **settings) as process:
        connection = http.client.HTTPConnection(process.address.removeprefix("http://"), timeout=30)
        with closing(connection):
            connection.request("GET", "/scoreboard?version=all")
            sent = connection.getresponse().headers["X-Request-ID"]
        assert eventually(lambda: sent in process.log())
        (event,) = [json.loads(line) for line in process.log().splitlines() if sent in line]
    assert (event["method"], event["path"], event["status"]) == ("GET", "/scoreboard", "200")
    assert event["request_id"] == sent and event["bytes"] > 1000 and "version=all" not in str(event)
