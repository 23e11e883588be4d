"""Real processes for tests: how they are started, visited and counted."""

import contextlib
import http.client
import os
import re
import signal
import socket
import ssl
import subprocess
import sys
import urllib.parse
from collections.abc import Iterator
from pathlib import Path

from tests.support.databases import where_is
from tests.support.waiting import eventually
from webapp.config import ROOT

GUNICORN = ("gunicorn", "--config", "gunicorn.conf.py", "wsgi:app")
WHOLE_SITE = ("webapp.server.launch",)


class Refused(OSError):
    """The site answered with an error."""

    def __init__(self, status: int, retry_after: str | None = None) -> None:
        super().__init__(f"HTTP {status}")
        self.status, self.retry_after = status, retry_after


class Visitor:
    """A browser without JavaScript: cookies, pages and forms.

    Over TLS the host of the address is only asked for: whatever listens at the port of this machine answers.
    """

    def __init__(self, address: str) -> None:
        self.address = address
        self._cookies: dict[str, str] = {}

    def get(self, path: str) -> str:
        """Return a page; raise OSError if there is none."""
        return self._ask("GET", path)[1]

    def answer(self, name: str, answer: str, follow: bool = True) -> bool:
        """Guess a name, answer, and say whether the thank-you was shown; without `follow`, led to."""
        page = "/?" + urllib.parse.urlencode({"name": name})
        return self.send(page, "/feedback", follow, answer=answer)[0].startswith("/thanks/")

    def send(self, page: str, path: str, follow: bool = True, **fields: str) -> tuple[str, str]:
        """Send the form of a page to `path`; return the path that this leads to, and its text."""
        hidden = dict(re.findall(r'name="(csrf_token|token)" value="([^"]+)"', self.get(page)))
        return self._ask("POST", path, urllib.parse.urlencode(hidden | fields), follow)

    def log_in(self, email: str, password: str) -> bool:
        """Log in; say whether that led to the home of the staff."""
        return self.send("/login", "/login", email=email, password=password)[0] == "/admin"

    def _ask(self, method: str, path: str, form: str | None = None, follow: bool = True) -> tuple[str, str]:
        """Return the path that an answer came from in the end, and its text."""
        connection, headers = self._connect()
        if form:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        with contextlib.closing(connection):
            connection.request(method, path, form, headers)
            answer = connection.getresponse()
            text = answer.read().decode()
        for cookie in answer.headers.get_all("Set-Cookie", []):
            name, _, value = cookie.partition(";")[0].partition("=")
            self._cookies[name] = value
        if answer.status >= 400:
            raise Refused(answer.status, answer.headers["Retry-After"])
        if answer.status == 303:
            where = answer.headers["Location"]
            return self._ask("GET", where) if follow else (where, "")
        return path, text

    def _connect(self) -> tuple[http.client.HTTPConnection, dict[str, str]]:
        """Return a new connection, and the headers of a browser that has been here before."""
        parts = urllib.parse.urlsplit(self.address)
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self._cookies.items())}
        if parts.scheme != "https":
            return http.client.HTTPConnection(parts.netloc, timeout=30), headers
        headers |= {"Host": str(parts.hostname), "Referer": f"https://{parts.hostname}/"}
        trusting = ssl._create_unverified_context()
        return http.client.HTTPSConnection("127.0.0.1", parts.port, timeout=30, context=trusting), headers


def free_port() -> int:
    """Return a port that nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextlib.contextmanager
def running(module: tuple[str, ...], instance: Path, **settings: str) -> Iterator["Process"]:
    """Run a module over an instance on a free port until the block ends; it answers when the block begins."""
    process = Process(module, instance, settings)
    try:
        process.wait_until_ready()
        yield process
    finally:
        process.end()


class Process:
    """A module that serves the site, with all that it starts."""

    def __init__(self, module: tuple[str, ...], instance: Path, settings: dict[str, str]) -> None:
        self.instance = instance
        port = str(free_port())
        limits = {"GUESSES_PER_MINUTE": "100000", "ANSWERS_PER_MINUTE": "100000"}
        known = {"INSTANCE": str(instance), "PORT": port, **where_is(instance)}
        environment = os.environ | known | limits | settings
        self.address = f"http://127.0.0.1:{port}"
        log = os.open(instance / "process.log", os.O_CREAT | os.O_TRUNC | os.O_WRONLY)
        self._process = subprocess.Popen(
            [sys.executable, "-m", *module],
            cwd=ROOT,
            env=environment,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        os.close(log)

    def wait_until_ready(self) -> None:
        """Wait until /readyz answers."""
        assert eventually(lambda: self.answers() or self.has_ended()) and not self.has_ended(), self.log()

    @property
    def pid(self) -> int:
        """The id of the process that was started."""
        return self._process.pid

    def has_ended(self) -> bool:
        """Say whether the module has come to its end."""
        return self._process.poll() is not None

    def answers(self) -> bool:
        """Say whether the site answers."""
        with contextlib.suppress(OSError, http.client.HTTPException):
            return bool(Visitor(self.address).get("/readyz"))
        return False

    def log(self) -> str:
        """Return what was printed so far."""
        return (self.instance / "process.log").read_text(errors="replace")

    def everything(self, word: str = "") -> dict[int, str]:
        """Return the command lines, by id, of all processes over this instance that hold `word`."""
        mark = f"INSTANCE={self.instance}".encode()
        found = {}
        for folder in Path("/proc").glob("[0-9]*"):
            with contextlib.suppress(OSError):
                if mark in (folder / "environ").read_bytes().split(b"\0"):
                    found[int(folder.name)] = (folder / "cmdline").read_text().replace("\0", " ")
        return {pid: line for pid, line in found.items() if word in line}

    def web_workers(self) -> list[int]:
        """Return the ids of gunicorn's workers."""
        gunicorn = self.everything("gunicorn")
        return [pid for pid in gunicorn if parent(pid) in gunicorn]

    def interrupt(self) -> int:
        """Press Ctrl-C; return the exit code."""
        self._process.send_signal(signal.SIGINT)
        return self._process.wait(timeout=30)

    def end(self) -> None:
        """End what still runs."""
        if self._process.poll() is None:
            self._process.terminate()
            self._process.wait(timeout=30)
        for pid in self.everything():
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)


def parent(pid: int) -> int:
    """Return the id of a process's parent, 0 if it is gone."""
    with contextlib.suppress(OSError):
        return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])
    return 0


def is_gone(pid: int) -> bool:
    """Say whether no process has this id (zombies of ours count as gone)."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except (FileNotFoundError, ProcessLookupError):
        return True
