"""A socket that waits for slow clients, within limits. The tests move its clock instead of waiting."""

import socket
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from webapp.server.patient_socket import FIRST_SECONDS, SLOWEST, PatientSocket


@dataclass
class Pair:
    """A client's socket and the server's patient one."""

    client: socket.socket
    served: PatientSocket

    def let_pass(self, seconds: float) -> None:
        """Let the request have begun so much earlier."""
        self.served.started -= seconds

    def take(self, data: bytes) -> bytes:
        """Send `data` and return what the server has of it."""
        self.client.sendall(data)
        return self.served.recv(len(data))


@pytest.fixture
def pair() -> Iterator[Pair]:
    """Two ends of a connection."""
    client, other = socket.socketpair()
    with client, PatientSocket(other.detach()) as served:
        yield Pair(client, served)


def test_a_request_that_stops_in_the_middle_is_given_up(pair: Pair) -> None:
    assert pair.take(b"GET") == b"GET"
    pair.let_pass(FIRST_SECONDS - 0.01)
    with pytest.raises(ConnectionResetError, match="too slow"):
        pair.served.recv(100)


def test_a_request_that_is_too_late_is_not_waited_for(pair: Pair) -> None:
    pair.let_pass(FIRST_SECONDS + 1)
    pair.client.sendall(b"GET")
    with pytest.raises(ConnectionResetError, match="too slow"):
        pair.served.recv(100)


def test_drops_that_arrive_in_time_do_not_prolong_a_request(pair: Pair) -> None:
    for _ in range(4):
        assert pair.take(b"x") == b"x"
        pair.let_pass(FIRST_SECONDS / 4)
    with pytest.raises(ConnectionResetError, match="too slow"):
        pair.take(b"x")


def test_a_large_request_gets_the_time_it_needs(pair: Pair) -> None:
    pair.take(b"x" * SLOWEST)
    pair.let_pass(FIRST_SECONDS + 0.5)
    assert pair.take(b"y") == b"y"


def test_the_next_request_gets_time_of_its_own(pair: Pair) -> None:
    pair.let_pass(FIRST_SECONDS + 1)
    pair.served.begin()
    assert pair.take(b"GET") == b"GET"
