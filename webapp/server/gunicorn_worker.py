"""gunicorn's worker, patient within limits: a slow or silent client cannot hold a thread for long."""

import errno
import selectors
import socket
import time
from functools import partial
from typing import Any

from gunicorn.workers.gthread import TConn, ThreadWorker

FIRST_SECONDS = 15  # for a request to arrive …
SLOWEST = 20_000  # … and one more second for each so many bytes of it
SEND_SECONDS = 120  # for one piece of an answer to be taken


class PatientSocket(socket.socket):
    """A socket whose reads share one deadline, which moves as bytes arrive."""

    started = 0.0
    received = 0

    def begin(self) -> None:
        """Start the clock for one request."""
        self.started, self.received = time.monotonic(), 0

    def setblocking(self, flag: bool) -> None:
        """Block, but not for ever."""
        self.settimeout(SEND_SECONDS if flag else 0)

    def recv(self, size: int, flags: int = 0) -> bytes:
        """Return what has arrived; raise ConnectionResetError when the client is too slow."""
        left = self.started + FIRST_SECONDS + self.received / SLOWEST - time.monotonic()
        if left <= 0:
            raise _too_slow()
        try:
            self.settimeout(left)
            data = super().recv(size, flags)
        except TimeoutError as error:
            raise _too_slow() from error
        finally:
            self.settimeout(SEND_SECONDS)
        self.received += len(data)
        return data


def _too_slow() -> ConnectionResetError:
    return ConnectionResetError(errno.ECONNRESET, "the client is too slow")


class PatientWorker(ThreadWorker):
    """Threads for requests that have begun to arrive; silent connections wait without one."""

    def enqueue_req(self, conn: TConn) -> None:
        """Give a connection a thread once its first byte is there."""
        if conn.initialized or conn.data_ready:
            super().enqueue_req(conn)
            return
        conn.sock = PatientSocket(fileno=conn.sock.detach())
        conn.sock.setblocking(False)
        conn.timeout = time.monotonic() + self.cfg.keepalive
        self.pending_conns.append(conn)
        ready = partial(self.on_pending_socket_readable, conn)
        self.poller.register(conn.sock, selectors.EVENT_READ, ready)

    def handle(self, conn: TConn) -> Any:
        """Answer one request."""
        conn.sock.begin()
        return super().handle(conn)

    def handle_error(self, req: Any, client: Any, addr: Any, exc: Any) -> None:
        """Answer what is no HTTP; the log does not learn from where it came."""
        super().handle_error(req, client, ("-", 0), exc)
