"""gunicorn's threaded worker, patient within limits: a slow client never holds a thread.

The event loop, one thread for all connections, takes each request in and sends what a client has not taken.
A thread of the pool only ever works on a request that is there, and hands its answer back. So hundreds of
clients that send a byte a second, or read nothing of what they asked for, cost memory and no more.
"""

import contextlib
import selectors
import socket
import time
from collections import deque
from concurrent.futures import Future
from functools import partial
from typing import Any

from gunicorn.workers.gthread import TConn, ThreadWorker

from webapp.server.patient_socket import SEND_SECONDS, PatientSocket

MOST_UNSENT = 64 * 2**20
"""Bytes that may wait for all clients of a process; beyond, who took nothing for longest is cut off."""
LINGER_SECONDS = 2  # for a client to end a connection that we have ended


class PatientWorker(ThreadWorker):
    """Threads for requests that have arrived; the event loop waits for all else."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.sending: dict[TConn, Future[Any]] = {}
        """Connections whose answer is made and not taken yet, each with the outcome of its request."""
        self.lingering: dict[TConn, float] = {}
        """Connections that we have ended, each with the moment at which we stop waiting for the client."""
        self.long_bodies: set[TConn] = set()
        """Connections whose thread reads a body as it arrives: at most half of the threads."""
        self.queued: deque[TConn] = deque()
        """Connections with a long body that wait for such a thread."""

    def enqueue_req(self, conn: TConn) -> None:
        """Give a connection a thread once its request is there."""
        if not isinstance(conn.sock, PatientSocket):
            # The same connection in our class; detach, or the old object would close it.
            conn.sock = PatientSocket(conn.sock.detach())
        conn.sock.setblocking(False)
        conn.sock.begin()
        # What came with the last request may be a whole one.
        if not self._is_given_a_thread(conn):
            self.pending_conns.append(conn)
            self.poller.register(conn.sock, selectors.EVENT_READ, partial(self._take_in, conn))

    def _take_in(self, conn: TConn, sock: PatientSocket) -> None:
        try:
            is_open = sock.take_in()
        except OSError:
            is_open = False
        if not is_open:
            self._forget_pending(conn)
            self._drop(conn)
        elif self._is_given_a_thread(conn):
            self._forget_pending(conn)

    def _is_given_a_thread(self, conn: TConn) -> bool:
        if not conn.sock.has_headers:
            return False
        # Counted in as taken care of: it has a place in the line, though perhaps no thread yet.
        if conn.sock.is_long:
            self.queued.append(conn)
            self._start_long_bodies()
            return True
        if conn.sock.has_body:
            self._give_a_thread(conn)
            return True
        return False

    def _start_long_bodies(self) -> None:
        while self.queued and len(self.long_bodies) < max(1, self.cfg.threads // 2):
            conn = self.queued.popleft()
            self.long_bodies.add(conn)
            self._give_a_thread(conn)

    def _give_a_thread(self, conn: TConn) -> None:
        conn.data_ready = True
        super().enqueue_req(conn)

    def _forget_pending(self, conn: TConn) -> None:
        self.poller.unregister(conn.sock)
        self.pending_conns.remove(conn)

    def finish_request(self, conn: TConn, fs: Future[Any]) -> None:
        """Send what the client has not taken yet; then keep the connection for a next request, or end it."""
        self.long_bodies.discard(conn)
        self._start_long_bodies()
        # Closed by the thread, or by what went wrong in it.
        if conn.sock.fileno() < 0:
            self._drop(conn)
        elif conn.sock.unsent:
            conn.sock.setblocking(False)
            self.sending[conn] = fs
            self.poller.register(conn.sock, selectors.EVENT_WRITE, partial(self._send, conn))
        else:
            self._finish_sent(conn, fs)

    def _send(self, conn: TConn, sock: PatientSocket) -> None:
        try:
            is_sent = sock.flush()
        except OSError:
            self._cut_off(conn)
            return
        if is_sent:
            self.poller.unregister(sock)
            self._finish_sent(conn, self.sending.pop(conn))

    def _finish_sent(self, conn: TConn, fs: Future[Any]) -> None:
        # gthread's result: whether the connection is kept alive.
        is_kept = not fs.cancelled() and fs.exception() is None and fs.result()
        if not is_kept:
            self._linger(conn)
            return
        conn.sock.arrived[:0] = conn.parser.unreader.take_buffered()  # read ahead of the request that ended
        if conn.sock.arrived:
            self.enqueue_req(conn)  # the next request came with this one
        else:
            super().finish_request(conn, fs)

    def on_client_socket_readable(self, conn: TConn, client: socket.socket) -> None:
        """Take in the next request of a connection that was kept."""
        self.poller.unregister(client)
        self.keepalived_conns.remove(conn)
        self.enqueue_req(conn)

    def _linger(self, conn: TConn) -> None:
        # To close at once could cut off the last of the answer (RFC 9112, 9.6); to wait would stop the loop.
        try:
            conn.sock.setblocking(False)
            conn.sock.shutdown(socket.SHUT_WR)
        except OSError:
            self._drop(conn)
            return
        self.lingering[conn] = time.monotonic() + LINGER_SECONDS
        self.poller.register(conn.sock, selectors.EVENT_READ, partial(self._drain, conn))

    def _drain(self, conn: TConn, sock: PatientSocket) -> None:
        try:
            is_open = bool(socket.socket.recv(sock, 64 * 1024))
        except BlockingIOError:
            return
        except OSError:
            is_open = False
        if not is_open:
            self._end_linger(conn)

    def _end_linger(self, conn: TConn) -> None:
        del self.lingering[conn]
        self.poller.unregister(conn.sock)
        self._drop(conn)

    def _cut_off(self, conn: TConn) -> None:
        del self.sending[conn]
        self.poller.unregister(conn.sock)
        self._drop(conn)

    def _drop(self, conn: TConn) -> None:
        # gthread counts connections itself and takes no more than it may have.
        self.nr_conns -= 1
        conn.close()

    def murder_pending(self) -> None:
        """End the connections whose time is up: too slow to send, to take, or to go."""
        now = time.monotonic()
        for conn in [conn for conn in self.pending_conns if conn.sock.deadline < now]:
            self._forget_pending(conn)
            self._drop(conn)
        for conn in [conn for conn in self.queued if conn.sock.started + SEND_SECONDS < now]:
            self.queued.remove(conn)
            self._drop(conn)
        for conn in [conn for conn, until in self.lingering.items() if until < now]:
            self._end_linger(conn)
        for conn in [conn for conn in self.sending if conn.sock.moved + SEND_SECONDS < now]:
            self._cut_off(conn)
        # Who took nothing for longest goes first; that may be enough for all others.
        while sum(conn.sock.n_unsent for conn in self.sending) > MOST_UNSENT:
            self._cut_off(min(self.sending, key=lambda conn: conn.sock.moved))

    def handle(self, conn: TConn) -> Any:
        """Answer one request."""
        conn.sock.setblocking(True)
        return super().handle(conn)

    def handle_error(self, req: Any, client: Any, addr: Any, exc: Any) -> None:
        """Answer what is no HTTP; the log does not learn from where it came."""
        with contextlib.suppress(OSError):
            super().handle_error(req, client, ("-", 0), exc)
