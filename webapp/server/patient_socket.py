"""A client's socket with a buffer on each side, so that no thread waits for a slow one.

What has arrived is kept in `arrived` until a thread reads it. What the client does not take yet is kept in
`unsent` until the event loop has sent it.
"""

import errno
import re
import socket
import time
from collections import deque

MOST_HEADERS = 64 * 1024
MOST_BODY = 256 * 1024
"""Bytes of a body that are waited for without a thread; a longer one is read by the thread that wants it."""
FIRST_SECONDS = 15  # for a request to arrive …
SLOWEST = 20_000  # … and one more second for each so many bytes of it
SEND_BUFFER = 256 * 1024  # bytes that the system takes for a client at once
SEND_SECONDS = 30  # for the client to take anything at all of what waits for it
MOST_UNSENT = 8 * 2**20
"""Bytes of one answer that wait for the client; beyond, the thread that makes them waits with them."""
_LENGTH = re.compile(rb"\r\ncontent-length:[ \t]*(\d{1,18})[ \t]*\r\n", re.I)
_STREAMED = re.compile(rb"\r\n(transfer-encoding|expect):", re.I)


class PatientSocket(socket.socket):
    """A socket whose reads share one deadline, which moves as bytes arrive, and whose writes do not wait."""

    def __init__(self, fileno: int) -> None:
        super().__init__(fileno=fileno)
        # What nobody reads waits here, where it is shared and counted, not in the system's memory.
        self.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SEND_BUFFER)
        self.arrived = bytearray()
        self.unsent: deque[memoryview] = deque()
        self.n_unsent = 0
        self.begin()

    def begin(self) -> None:
        """Start the clock for one request."""
        # Bytes of a next request that came early count for it.
        self.started, self.received = time.monotonic(), len(self.arrived)
        self.moved = self.started

    @property
    def deadline(self) -> float:
        """When the request must have arrived, on the monotonic clock."""
        return self.started + FIRST_SECONDS + self.received / SLOWEST

    def setblocking(self, flag: bool) -> None:
        """Block, but not for ever."""
        self.settimeout(SEND_SECONDS if flag else 0)

    def take_in(self) -> bool:
        """Keep what has arrived, without waiting; return False at the end of what the client sends."""
        try:
            data = super().recv(64 * 1024)
        except BlockingIOError:
            return True
        self.arrived += data
        self.received += len(data)
        return bool(data)

    @property
    def has_headers(self) -> bool:
        """Whether the request's headers are there, or so much that they never will be."""
        return b"\r\n\r\n" in self.arrived or len(self.arrived) > MOST_HEADERS

    @property
    def is_long(self) -> bool:
        """Whether the body is too long to wait for without a thread, or of a length that nobody knows."""
        headers = self._headers()
        length = _LENGTH.search(headers)
        return bool(_STREAMED.search(headers)) or bool(length and int(length[1]) > MOST_BODY)

    @property
    def has_body(self) -> bool:
        """Whether the whole body is there."""
        headers = self._headers()
        length = _LENGTH.search(headers)
        # No length is no body, as HTTP/1.1 has it.
        return len(self.arrived) >= len(headers) + (int(length[1]) if length else 0)

    def _headers(self) -> bytes:
        end = self.arrived.find(b"\r\n\r\n")
        return bytes(self.arrived[: end + 4] if end >= 0 else self.arrived)

    def recv(self, size: int, flags: int = 0) -> bytes:
        """Return what has arrived; raise ConnectionResetError when the client is too slow."""
        if self.arrived:
            data = bytes(self.arrived[:size])
            del self.arrived[:size]
            return data
        left = self.deadline - time.monotonic()
        if left <= 0:
            raise _too_slow()
        try:
            # The whole request has one deadline: with one a read, a byte a second would never be too slow.
            self.settimeout(left)
            data = super().recv(size, flags)
        except TimeoutError as error:
            raise _too_slow() from error
        finally:
            self.settimeout(SEND_SECONDS)
        self.received += len(data)
        return data

    def sendall(self, data: bytes, flags: int = 0) -> None:  # type: ignore[override]
        """Send what the client takes now and keep the rest for `flush`; wait only while very much is kept.

        Raises ConnectionResetError for a client that takes nothing any more.
        """
        # A view: to send a part of it copies nothing.
        self.unsent.append(memoryview(data))
        self.n_unsent += len(data)
        self.settimeout(0)
        try:
            self.flush()
            while self.n_unsent > MOST_UNSENT:
                self.settimeout(SEND_SECONDS)
                self._send_some()
                self.settimeout(0)
        except TimeoutError as error:
            raise _too_slow() from error
        finally:
            self.settimeout(SEND_SECONDS)

    def flush(self) -> bool:
        """Send what waits, without waiting; return whether all is sent. The socket must not block."""
        try:
            while self.unsent:
                self._send_some()
        except BlockingIOError:
            return False
        return True

    def _send_some(self) -> None:
        piece = self.unsent[0]
        n = super().send(piece)
        self.moved = time.monotonic()
        self.n_unsent -= n
        if n == len(piece):
            self.unsent.popleft()
        else:
            self.unsent[0] = piece[n:]


def _too_slow() -> ConnectionResetError:
    return ConnectionResetError(errno.ECONNRESET, "the client is too slow")
