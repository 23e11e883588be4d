"""Hundreds of clients that send or read slowly, with no proxy in front: everybody else is answered."""

import contextlib
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.processes import GUNICORN, Process, Visitor, running
from tests.support.sites import copy_instance
from tests.support.waiting import eventually
from webapp.presentation import plotly_asset

pytestmark = pytest.mark.process
CLIENTS = 200
POST = b"POST /login HTTP/1.1\r\nHost: localhost\r\nContent-Length: 20000\r\n"
"""A form whose body is announced and does not come."""
LONG = b"POST /batch HTTP/1.1\r\nHost: localhost\r\nContent-Length: 90000000\r\n"


@pytest.fixture(scope="module")
def served(blank_instance: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Process]:
    """A site with one web process of four threads."""
    instance = copy_instance(blank_instance, tmp_path_factory.mktemp("slow") / "instance")
    with running(GUNICORN, instance, WEB_WORKERS="1", WEB_THREADS="4") as process:
        yield process


@pytest.fixture(scope="module", autouse=True)
def stuck(served: Process) -> Iterator[socket.socket]:
    """A connection with half a line of a request, which waits while the other tests run."""
    with clients(served, b"GET / HT", 1) as [client]:
        yield client


@contextlib.contextmanager
def clients(process: Process, first: bytes, n: int = CLIENTS) -> Iterator[list[socket.socket]]:
    """Give `n` connections that have sent `first` and nothing more; they read nothing."""
    port = int(process.address.rpartition(":")[2])
    with contextlib.ExitStack() as stack:
        yield [stack.enter_context(_client(port, first)) for _ in range(n)]


def _client(port: int, first: bytes) -> socket.socket:
    client = socket.socket()
    client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)  # little is in flight
    client.connect(("127.0.0.1", port))
    client.sendall(first)
    return client


def asked(path: str) -> bytes:
    return f"GET {path} HTTP/1.1\r\nHost: localhost\r\nAccept-Encoding: gzip\r\n\r\n".encode()


@pytest.mark.parametrize(
    "first",
    [
        b"G",
        b"GET / HTTP/1.1\r\nHost: localhost\r\n",
        POST,
        POST + b"\r\nemail=",
        LONG + b"\r\nxyz",
        b"POST /login HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nem",
    ],
    ids=["a letter", "half the headers", "no end of headers", "half a form", "a long file", "half a chunk"],
)
def test_slow_senders_hold_nobody_up(served: Process, first: bytes) -> None:
    with clients(served, first):
        assert "ok" in Visitor(served.address).get("/healthz")
        assert "Giovanna" in Visitor(served.address).get("/?name=Giovanna")


def test_those_who_never_read_hold_nobody_up(served: Process) -> None:
    with clients(served, asked(f"/scoreboard/plotly-{plotly_asset.release()}.js"), 40):
        assert "Giovanna" in Visitor(served.address).get("/?name=Giovanna")


def test_those_who_never_hang_up_hold_nobody_up(served: Process) -> None:
    with clients(served, asked("/healthz").replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n")):
        assert "Giovanna" in Visitor(served.address).get("/?name=Giovanna")


def test_a_slow_reader_gets_the_whole_of_a_large_answer(served: Process) -> None:
    whole = plotly_asset.compressed()
    port = int(served.address.rpartition(":")[2])
    with _client(port, asked(f"/scoreboard/plotly-{plotly_asset.release()}.js")) as client:
        answer = bytearray()
        while len(answer) < len(whole) or not answer.endswith(whole[-64:]):
            answer += client.recv(65536)
    assert bytes(answer).partition(b"\r\n\r\n")[2] == whole


def test_requests_that_come_together_are_all_answered(served: Process) -> None:
    port = int(served.address.rpartition(":")[2])
    with _client(port, asked("/healthz") * 5) as client:
        answer = bytearray()
        assert eventually(lambda: answer.extend(client.recv(65536)) or answer.count(b"200 OK") == 5)


@pytest.mark.parametrize("piece", [1, 7, 1000])
def test_a_form_that_comes_in_pieces_is_read_whole(served: Process, piece: int) -> None:
    body = b"email=nobody%40example.org&password=" + b"x" * 300
    head = f"POST /login HTTP/1.1\r\nHost: localhost\r\nContent-Length: {len(body)}\r\n"
    text = head.encode() + b"Content-Type: application/x-www-form-urlencoded\r\n\r\n" + body
    with _client(int(served.address.rpartition(":")[2]), text[:piece]) as client:
        for start in range(piece, len(text), piece):
            client.sendall(text[start : start + piece])
        assert client.recv(4096).startswith(b"HTTP/1.1 400")  # read, and refused for want of a CSRF token


def test_a_body_is_awaited_when_the_client_asks_first(served: Process) -> None:
    head = b"POST /login HTTP/1.1\r\nHost: localhost\r\nContent-Length: 7\r\nExpect: 100-continue\r\n\r\n"
    with _client(int(served.address.rpartition(":")[2]), head) as client:
        answer = bytearray(client.recv(4096))
        client.sendall(b"email=a")
        assert eventually(lambda: b"HTTP/1.1 400" in answer or answer.extend(client.recv(4096)))
    assert answer.startswith(b"HTTP/1.1 100")


def test_nobody_is_waited_for_for_ever(stuck: socket.socket) -> None:
    stuck.settimeout(0.05)

    def is_over() -> bool:
        with contextlib.suppress(TimeoutError):
            return stuck.recv(100) == b""
        return False

    assert eventually(is_over, 40)
