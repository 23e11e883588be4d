"""Visitors of every kind at the same time, and how each of their requests was answered."""

import contextlib
import http.client
import random
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from functools import partial
from urllib.parse import quote, urlencode

from tests.support.processes import Refused, Visitor
from tests.support.repeating import Repeating


class Tape:
    """How requests were answered: statuses, and seconds by kind."""

    def __init__(self) -> None:
        self.statuses: Counter[int] = Counter()
        """How many requests got which; 0 where there was no answer at all."""
        self.seconds: defaultdict[str, list[float]] = defaultdict(list)
        self._lock = threading.Lock()

    def note(self, kind: str, status: int, seconds: float) -> None:
        """Note one request."""
        with self._lock:
            self.statuses[status] += 1
            self.seconds[kind].append(seconds)

    @contextlib.contextmanager
    def timing(self, kind: str):  # type: ignore[no-untyped-def]
        """Time the request of a block, however it ends."""
        began, status = time.monotonic(), 200
        try:
            yield
        except Refused as refused:
            status = refused.status
        except (OSError, http.client.HTTPException):
            status = 0
        self.note(kind, status, time.monotonic() - began)

    def quantile(self, kind: str, part: float) -> float:
        """Return the seconds that this part of the requests of a kind did not exceed."""
        took = sorted(self.seconds[kind])
        return took[min(len(took) - 1, int(len(took) * part))] if took else 0.0


class Crowd(Repeating):
    """Visitors who each do one thing again and again, with a pause between, until the block ends."""

    def __init__(self, address: str, tape: Tape, names: Sequence[str]) -> None:
        super().__init__()
        self.address, self.tape, self.names = address, tape, names

    def let(self, do: Callable[[Visitor], None], pause: float, n: int = 1) -> None:
        """Let `n` more visitors do something."""
        for _ in range(n):
            self.add(partial(self._pause_and, do, Visitor(self.address), pause))

    def _pause_and(self, do: Callable[[Visitor], None], visitor: Visitor, pause: float) -> None:
        if not self.stopping.wait(random.expovariate(1 / pause)):
            do(visitor)

    def type_a_name(self, visitor: Visitor) -> None:
        """Ask for a guess in one of the ways there are."""
        name = quote(random.choice(self.names))
        path = random.choice((f"/guess?name={name}", f"/?name={name}", f"/api/v1/guess?name={name}"))
        with self.tape.timing("guess"):
            visitor.get(path)

    def watch_the_scoreboard(self, visitor: Visitor) -> None:
        """Ask whether anything on the scoreboard has changed, as an open page does."""
        with self.tape.timing("scoreboard"):
            visitor.get("/scoreboard/live")

    def look_around(self, visitor: Visitor) -> None:
        """Open one of the other pages."""
        name = quote(random.choice(self.names).lower())
        path = random.choice(("/learn", "/play", "/scoreboard", "/history", f"/learn?name={name}"))
        with self.tape.timing("page"):
            visitor.get(path)

    def bring_a_file(self, visitor: Visitor) -> None:
        """Paste a list of names and take it back with guesses."""
        rows = "\n".join(["name", *random.choices(self.names, k=2_000)])
        with self.tape.timing("file"):
            where, _ = visitor.send("/batch", "/batch", pasted=rows)
            made = visitor.get(f"{where}/file?{urlencode({'column': 0})}")
            assert made.count("\n") >= 2_000
