"""Asks the site of the tree in which it is started, as a file of any other tree: `python inside.py NAMES`.

NAMES holds a name a line; each is asked for once. Each line of the standard input is a kind and a number, and
is answered by a line of JSON: milliseconds of this thread's processor time and of the clock, for each one.
"""

import importlib
import json
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from werkzeug.test import EnvironBuilder

WARM, WARM_TYPED = 300, 40
"""Names that are asked for, and typed, before anything is measured: as of a site that has been up a while."""
BROWSER = {
    "Accept": "*/*",
    "Accept-Language": "en-US,en;q=0.9",
    "Accept-Encoding": "gzip, deflate, br",
    "User-Agent": "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0",
    "Sec-Fetch-Site": "same-origin",
}


class Site:
    """The site of this tree, asked inside this process by a visitor who was here before."""

    def __init__(self, app: Any, names: Iterator[str]) -> None:
        self.app, self.names = app, names
        self.cookies: dict[str, str] = {}
        for _ in range(2):  # a session, and what is added to it
            self.ask(self.request("/", "Anna"))
        for name in self.new_names(WARM):
            self.ask(self.request("/genderize", name))
        for asked in self.letters(WARM_TYPED * 5):
            self.ask(asked)

    def request(self, path: str, name: str = "") -> dict[str, Any]:
        """Return what a browser asks, with the visitor's cookies."""
        cookie = {"Cookie": "; ".join(f"{key}={value}" for key, value in self.cookies.items())}
        query = urlencode({"name": name}) if name else ""
        builder = EnvironBuilder(path, query_string=query, headers=BROWSER | cookie)
        return builder.get_environ() | {"REMOTE_ADDR": "127.0.0.1"}

    def ask(self, environ: dict[str, Any]) -> bytes:
        """Return the answer; raise SystemExit for any but a guess, or that there is no name."""
        started: list[Any] = []
        parts = self.app(environ, lambda *status_and_headers: started.append(status_and_headers))
        body = b"".join(parts)
        getattr(parts, "close", lambda: None)()
        status, headers = started[0][:2]
        if not (
            status.startswith("200") or (status.startswith("422") and environ["PATH_INFO"] in ("/", "/guess"))
        ):
            raise SystemExit(f"{environ['PATH_INFO']}?{environ['QUERY_STRING']} was answered with {status}")
        self.cookies |= {
            key: value
            for name, cookie in headers
            if name == "Set-Cookie"
            for key, _, value in [cookie.partition(";")[0].partition("=")]
        }
        return body

    def new_names(self, n: int) -> list[str]:
        """Return names that were not asked for."""
        return [next(self.names) for _ in range(n)]

    def letters(self, n: int) -> list[dict[str, Any]]:
        """Return requests as they come while names are typed, from the second letter on."""
        asked: list[dict[str, Any]] = []
        while len(asked) < n:
            name = next(self.names)
            asked += [self.request("/guess", name[:end]) for end in range(2, len(name) + 1)]
        return asked[:n]

    def requests(self, kind: str, n: int) -> list[dict[str, Any]]:
        """Return `n` requests of a kind."""
        if kind == "letter":
            return self.letters(n)
        if kind in ("start", "again"):
            path, name = {"start": ("/", ""), "again": ("/genderize", "Anna")}[kind]
            return [self.request(path, name) for _ in range(n)]
        path = {"page": "/", "genderize": "/genderize", "api": "/api/v1/guess"}[kind]
        return [self.request(path, name) for name in self.new_names(n)]

    def bulk(self, names: list[str]) -> None:
        """Guess many names at once, by whatever name the function goes in this tree."""
        rooms = ("webapp.guessing.bulk", "webapp.guessing.predictor"), ("webapp.bulk", "webapp.predictor")
        bulk, predictor = map(importlib.import_module, rooms[not Path("webapp/guessing").is_dir()])
        with self.app.app_context():
            wanted = bulk.request_of(names) if hasattr(bulk, "request_of") else names
            bulk.guess_many(predictor.get().current(), wanted)


def measured(site: Site, kind: str, n: int) -> dict[str, float]:
    """Return milliseconds for each of `n` requests, or names."""
    if kind == "bulk":
        some = site.new_names(n)
        return timed(site.bulk, [some], n)
    return timed(site.ask, site.requests(kind, n), n)


def timed(work: Callable[[Any], object], tasks: Iterable[Any], n: int) -> dict[str, float]:
    """Return milliseconds for each of `n`, after all tasks."""
    processor, clock = time.thread_time(), time.perf_counter()
    for task in tasks:
        work(task)
    processor, clock = time.thread_time() - processor, time.perf_counter() - clock
    return {"processor": processor / n * 1000, "clock": clock / n * 1000}


def main() -> None:
    """Answer until the standard input ends."""
    sys.path.insert(0, "")
    site = Site(importlib.import_module("wsgi").app, iter(Path(sys.argv[1]).read_text().splitlines()))
    print(json.dumps("ready"), flush=True)
    for line in sys.stdin:
        kind, n = line.split()
        print(json.dumps(measured(site, kind, int(n))), flush=True)


if __name__ == "__main__":
    main()
