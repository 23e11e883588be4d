"""What breaks. Each gives the moment from which the site has to become well, and ends with its block."""

import contextlib
import os
import random
import signal
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing
from dataclasses import dataclass

from tests.faults.clock import Clock
from tests.support.databases import damage
from tests.support.full_disk import filled
from tests.support.processes import Refused, Visitor
from tests.support.raters import letters
from tests.support.waiting import eventually
from tests.support.whole_site import TRAINER, Site

SET_BACK = 3600  # seconds


@dataclass
class Seen:
    """What was seen while something was broken; the counts must stay 0."""

    clock: Clock
    guesses_refused: int = 0
    runs_stuck: int = 0
    visitors_forgotten: int = 0


@dataclass(frozen=True)
class Kind:
    """A kind of fault, and what it needs of the machine."""

    name: str
    breaks: Callable[[Site, Seen], AbstractContextManager[float]]
    needs_disk: bool = False
    needs_clock: bool = False


def kill(pids: list[int]) -> int | None:
    """End one of some processes as nothing can prevent; return its id."""
    if not pids:
        return None
    chosen = random.choice(pids)
    with contextlib.suppress(ProcessLookupError):
        os.kill(chosen, signal.SIGKILL)
    return chosen


@contextlib.contextmanager
def web_killed(site: Site, seen: Seen) -> Iterator[float]:
    """A web process is gone."""
    kill(site.web_workers())
    yield time.monotonic()


@contextlib.contextmanager
def master_killed(site: Site, seen: Seen) -> Iterator[float]:
    """gunicorn's master is gone."""
    kill(site.masters())
    yield time.monotonic()


@contextlib.contextmanager
def worker_killed(site: Site, seen: Seen) -> Iterator[float]:
    """The queue's worker is gone, in the middle of a run if chance will have it."""
    if random.random() < 0.5:
        site.start_run()
        eventually(lambda: site.pids(TRAINER), 10)
    kill(site.pids("wsgi worker"))
    yield time.monotonic()
    eventually(lambda: not site.pids(TRAINER), 10)


@contextlib.contextmanager
def trainer_killed(site: Site, seen: Seen) -> Iterator[float]:
    """The trainer of a run is gone."""
    site.start_run()
    if eventually(lambda: site.pids(TRAINER), 15):
        time.sleep(random.random() * 2)
        kill(site.pids(TRAINER))
    yield time.monotonic()


@contextlib.contextmanager
def supervisor_killed(site: Site, seen: Seen) -> Iterator[float]:
    """What `make run` started is gone, and all with it; somebody starts it again."""
    kill([site.process.pid])
    killed = time.monotonic()
    site.start_again()
    yield killed


@contextlib.contextmanager
def database_locked(site: Site, seen: Seen) -> Iterator[float]:
    """Somebody else holds the database; guesses go on."""
    with closing(sqlite3.connect(site.instance / "nomen.db", isolation_level=None, timeout=30)) as holder:
        holder.execute("BEGIN IMMEDIATE")
        _guess_for(site, seen, random.uniform(1, 4))
        holder.execute("ROLLBACK")
    yield time.monotonic()


@contextlib.contextmanager
def disk_full(site: Site, seen: Seen) -> Iterator[float]:
    """There is no byte left on the disk; guesses go on."""
    with filled(site.instance.parent):
        _guess_for(site, seen, random.uniform(1, 3))
    yield time.monotonic()


def _guess_for(site: Site, seen: Seen, seconds: float) -> None:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        try:
            assert "Giovanna" in Visitor(site.address).get("/?name=Giovanna")
        except Refused:
            seen.guesses_refused += 1
        time.sleep(0.05)


@contextlib.contextmanager
def queue_deleted(site: Site, seen: Seen) -> Iterator[float]:
    """The queue's file is gone; a run that is started then is done all the same."""
    for path in site.instance.glob("queue.db*"):
        path.unlink()
    site.start_run()
    yield time.monotonic()
    if not eventually(lambda: (site.active_run() or (0, ""))[1] != "queued"):
        seen.runs_stuck += 1


@contextlib.contextmanager
def clock_set_back(site: Site, seen: Seen) -> Iterator[float]:
    """The clock is an hour behind, and some seconds later right again."""
    visitor, name = Visitor(site.address), f"zulei{letters(random.randrange(26**5))}"
    visitor.answer(name, "both")
    seen.clock.set_forth(-SET_BACK)
    time.sleep(random.uniform(0.5, 2))
    if name not in visitor.get("/history").lower():
        seen.visitors_forgotten += 1
    yield time.monotonic()
    seen.clock.set_forth(0)


@contextlib.contextmanager
def row_damaged(site: Site, seen: Seen) -> Iterator[float]:
    """A bit of the champion's weights is another one, and a web process that has to read them starts anew."""
    damage(site.instance, 1)
    kill(site.web_workers())
    yield time.monotonic()
    damage(site.instance, 1)  # the same bit again


KINDS = (
    Kind("web process killed", web_killed),
    Kind("master killed", master_killed),
    Kind("worker killed", worker_killed),
    Kind("trainer killed", trainer_killed),
    Kind("supervisor killed", supervisor_killed),
    Kind("database locked", database_locked),
    Kind("disk full", disk_full, needs_disk=True),
    Kind("queue deleted", queue_deleted),
    Kind("clock set back", clock_set_back, needs_clock=True),
    Kind("row damaged", row_damaged),
)
