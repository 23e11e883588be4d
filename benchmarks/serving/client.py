"""A client with connections that stay open: how many requests it got answered, and how long each took."""

import http.client
import json
import threading
import time
import urllib.parse
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

Ask = Callable[[str], "Question"]


@dataclass(frozen=True)
class Question:
    """One request."""

    path: str
    body: str | None = None

    def send(self, connection: http.client.HTTPConnection) -> bytes:
        """Ask it and return the answer; raise SystemExit for any but a 200."""
        headers = {"Content-Type": "application/json"} if self.body else {}
        connection.request("POST" if self.body else "GET", self.path, self.body, headers)
        answer = connection.getresponse()
        text = answer.read()
        if answer.status != 200:
            raise SystemExit(f"{self.path} was answered with {answer.status}: {text[:300]!r}")
        return text


def get(path: str) -> Ask:
    """Return what asks `path` for a name."""
    return lambda name: Question(f"{path}?{urllib.parse.urlencode({'name': name})}")


def post(path: str, **more: object) -> Ask:
    """Return what sends a name to `path` as JSON; a value of None in `more` is where the name goes."""

    def ask(name: str) -> Question:
        body = {key: [name] if value is None else value for key, value in more.items()} or {"name": name}
        return Question(path, json.dumps(body))

    return ask


@dataclass
class Load:
    """What came of some seconds of asking."""

    seconds: float = 0.0
    took: list[float] = field(default_factory=list)
    """Seconds of each request."""

    def percentile(self, part: float) -> float:
        """Return the seconds within which this part of the requests was answered."""
        return sorted(self.took)[min(len(self.took) - 1, int(part * len(self.took)))]


def ask_for(seconds: float, port: int, ask: Ask, names: Iterator[str], connections: int) -> Load:
    """Ask for names as fast as they are answered, on a few connections at once."""
    load, lock, began = Load(), threading.Lock(), time.monotonic()
    failures: list[BaseException] = []

    def keep_asking() -> None:
        took = []
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        try:
            while time.monotonic() < began + seconds:
                with lock:
                    question = ask(next(names))
                start = time.perf_counter()
                question.send(connection)
                took.append(time.perf_counter() - start)
        except BaseException as failure:  # in a thread nobody would see it
            failures.append(failure)
        connection.close()
        with lock:
            load.took.extend(took)

    threads = [threading.Thread(target=keep_asking) for _ in range(connections)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise failures[0]
    load.seconds = time.monotonic() - began
    return load
