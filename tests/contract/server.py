"""`make run` as somebody sees it: what it says, how the server answers, what it does on Ctrl-C."""

import contextlib
import http.client
import os
import re
import signal
import socket
import subprocess
import sys
import time

from tests.contract.record import Record
from tests.contract.site import ROOT, Site

PATIENCE = 120
STAMP = re.compile(r"^.*?\d\d:\d\d:\d\d (\S+?)(?:\.1)? +\| ", re.MULTILINE)
COLOUR = re.compile(r"\x1b\[[\d;]*m")
CHANCE = re.compile(r"\(pid[= ]\d+\)|\b\d+ ms\b|(?<=Makefile:)\d+")
LOGGER = re.compile(r"(INFO|WARNING|ERROR) webapp[\w.]*:")
"""Who writes into the log is called as its module is, which is the code's own affair."""
RAW = {
    "no HTTP": b"nonsense\r\n\r\n",
    "a long address": b"GET /" + b"a" * 9000 + b" HTTP/1.1\r\nHost: x\r\n\r\n",
    "a long header": b"GET / HTTP/1.1\r\nHost: x\r\nX: " + b"a" * 9000 + b"\r\n\r\n",
    "no host": b"GET /healthz HTTP/1.1\r\n\r\n",
    "healthz": b"GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
    "a form too large": b"POST /feedback HTTP/1.1\r\nHost: x\r\nContent-Length: 999999999\r\n\r\n",
}


def run(site: Site, record: Record) -> None:
    """Start the whole site as `make run` does, ask it a little, press Ctrl-C."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    site.places.learn(f"127.0.0.1:{port}", "address")
    site.places.learn(f"PORT={port + 1}", "another port")
    more = {"PORT": str(port), "WEB_WORKERS": "1", "ACCESS_LOG": "on"}
    command = ["make", "-s", "-o", "install", "run", f"ENV={sys.executable}"]
    with open(site.folder / "run.log", "wb") as log:
        made = subprocess.Popen(
            command, cwd=ROOT, env=os.environ | more, stdout=log, stderr=log, start_new_session=True
        )
    try:
        wait_until_ready(port, made)
        for name, data in RAW.items():
            record.note(f"raw: {name}", site.places.apply(raw(port, data)))
        taken = subprocess.run(command, cwd=ROOT, env=os.environ | more, capture_output=True, text=True)
        told = f"exit {taken.returncode}\n{taken.stdout}\n{taken.stderr}"
        record.note("make run on a port that is taken", CHANCE.sub("<n>", site.places.apply(told)))
    finally:
        os.killpg(made.pid, signal.SIGINT)
        made.wait(timeout=30)
    said = STAMP.sub(r"\1 | ", COLOUR.sub("", (site.folder / "run.log").read_text(errors="replace")))
    said = CHANCE.sub("<n>", LOGGER.sub(r"\1 webapp:", site.places.apply(said)))
    record.note("make run", "\n".join(sorted({line.strip() for line in said.splitlines() if line.strip()})))
    record.note("make", subprocess.run(["make"], cwd=ROOT, capture_output=True, text=True).stdout)


def wait_until_ready(port: int, made: subprocess.Popen[bytes]) -> None:
    """Wait until the site answers."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline and made.poll() is None:
        with contextlib.suppress(OSError, http.client.HTTPException):
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
            connection.request("GET", "/readyz")
            if connection.getresponse().status == 200:
                return
        time.sleep(0.3)
    raise AssertionError("the site does not answer")


def raw(port: int, data: bytes) -> str:
    """Send bytes and return what comes back, header lines sorted."""
    with socket.create_connection(("127.0.0.1", port), timeout=20) as connection:
        connection.sendall(data)
        answer = b""
        with contextlib.suppress(OSError):
            connection.settimeout(5)
            while piece := connection.recv(65536):
                answer += piece
    head, _, body = answer.decode(errors="replace").partition("\r\n\r\n")
    first, *headers = head.split("\r\n")
    kept = sorted(
        line for line in headers if not line.startswith(("Date:", "Content-Length:", "Set-Cookie:"))
    )
    return "\n".join([first, *kept, "", body])
