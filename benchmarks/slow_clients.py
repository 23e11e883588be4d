"""Two hundred clients that send or read slowly, and everybody else: `python -m benchmarks.slow_clients`.

The site runs as `make run` starts its web part, with no proxy in front. The slow ones come within a second
and hold on; who is cut off comes back. `/healthz` and a guess are asked for on connections of their own.
Prints which share was answered within a second; exit status 1 if any was not.
"""

import argparse
import contextlib
import json
import socket
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import flask_migrate

from tests.support import sites
from tests.support.processes import GUNICORN, Process, Visitor, running
from training.model import artifact
from webapp.presentation import plotly_asset
from webapp.versions import service as versions

WITHIN = 1.0  # seconds
PROBES = {"/healthz": "ok", "/?name=Giovanna": "Giovanna"}
HEAD = "HTTP/1.1\r\nHost: localhost\r\n"
SCRIPT = f"/scoreboard/plotly-{plotly_asset.release()}.js"  # 1.5 MB
REQUESTS = {
    "nobody": b"",
    "a byte a second": f"GET /?name=Anna {HEAD}Accept: text/html\r\n\r\n".encode(),
    "never reading": f"GET {SCRIPT} {HEAD}Accept-Encoding: gzip\r\n\r\n".encode(),
    "no body": f"POST /login {HEAD}Content-Length: 20000\r\n\r\n".encode(),
}


def main() -> int:
    """Measure every kind of slow client; print a table and a line of JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--clients", type=int, default=200)
    parser.add_argument("--seconds", type=float, default=20, help="how long each kind holds on")
    wanted = parser.parse_args()
    print(f"{'slow clients':18} {'asked for':16} asked   within 1 s   median ms   longest ms")
    with (
        tempfile.TemporaryDirectory() as folder,
        running(GUNICORN, make_instance(Path(folder) / "instance")) as site,
    ):
        shares = {kind: measure(site, kind, wanted.clients, wanted.seconds) for kind in REQUESTS}
    print(json.dumps({"clients": wanted.clients, "answered_within_a_second": shares}))
    return 0 if min(shares.values()) == 1 else 1


def make_instance(folder: Path) -> Path:
    """Return the folder of a fresh site that serves the shipped network."""
    folder.mkdir()
    sites.write_corpus(folder / "corpus.db")
    with sites.open_site(folder) as app, app.app_context():
        flask_migrate.upgrade()
        versions.ensure_first(artifact.SHIPPED.read_bytes())
    return folder


def measure(site: Process, kind: str, n: int, seconds: float) -> float:
    """Hold `n` slow connections; return the share of other requests that were answered within a second."""
    shares = []
    with slow(site, kind, n if REQUESTS[kind] else 0):
        for path, word in PROBES.items():
            took = list(probe(site, path, word, seconds / len(PROBES)))
            shares.append(sum(one <= WITHIN for one in took) / len(took))
            row = f"{kind:18} {path:16} {len(took):5}   {shares[-1]:10.1%}"
            print(f"{row}   {sorted(took)[len(took) // 2] * 1000:9.0f}   {max(took) * 1000:10.0f}")
    return round(min(shares), 4)


def probe(site: Process, path: str, word: str, seconds: float) -> Iterator[float]:
    """Ask ten times a second; yield how long each answer took."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        began = time.monotonic()
        assert word in Visitor(site.address).get(path)
        yield time.monotonic() - began
        time.sleep(max(0.0, began + 0.1 - time.monotonic()))


@contextmanager
def slow(site: Process, kind: str, n: int) -> Iterator[None]:
    """Hold `n` slow connections until the block ends."""
    port, over = int(site.address.rpartition(":")[2]), threading.Event()
    clients = []
    for _ in range(n):
        clients.append(Slow(port, REQUESTS[kind], drips=kind == "a byte a second"))
        time.sleep(1 / n)
    thread = threading.Thread(target=_keep, args=(clients, over.wait))
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()
        for client in clients:
            client.socket.close()


def _keep(clients: "list[Slow]", wait: Callable[[float], bool]) -> None:
    while not wait(1.0):
        for client in clients:
            client.go_on()


class Slow:
    """One connection that takes its time, and comes back when it is cut off."""

    def __init__(self, port: int, request: bytes, drips: bool) -> None:
        self.port, self.request, self.drips = port, request, drips
        self._connect()

    def _connect(self) -> None:
        self.socket = socket.socket()
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        self.socket.connect(("127.0.0.1", self.port))
        self.left = self.request
        if not self.drips:
            self.socket.sendall(self.request)
            self.left = b""

    def go_on(self) -> None:
        """Send the next byte, if this is one that drips; connect again if the site has hung up."""
        try:
            self.socket.send(self.left[:1])
            self.left = self.left[1:] or (self.request if self.drips else b"")
            if self.drips:
                return
            self.socket.setblocking(False)
            with contextlib.suppress(BlockingIOError):
                if not self.socket.recv(1, socket.MSG_PEEK):
                    raise ConnectionResetError
        except OSError:
            self.socket.close()
            self._connect()
        finally:
            self.socket.setblocking(True)


if __name__ == "__main__":
    sys.exit(main())
