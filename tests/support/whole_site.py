"""All that `make run` starts: started, looked at, started again; and what its database holds."""

import contextlib
import json
import os
import sqlite3
import subprocess
import sys
import urllib.request
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from filelock import FileLock

from tests.support import sites
from tests.support.databases import where_is
from tests.support.processes import WHOLE_SITE, Process, parent
from tests.support.waiting import eventually
from webapp.accounts.keys import service as api_keys
from webapp.config import ROOT

PARTS = {"web": 2, "worker": 1}
TRAINER = "training job"
ANSWERS = "SELECT name, count(*) FROM feedback GROUP BY name, version_id"
DIFFERENCE = "SELECT (SELECT total(n) FROM tally) - (SELECT count(*) FROM feedback)"
"""Between the scoreboard's counts and the answers that they count."""
DEADLINE = 90.0  # seconds for anything to become well again


@dataclass(frozen=True)
class Held:
    """What the database holds of what was acknowledged."""

    lost: int
    doubled: int


class Site:
    """Everything that `make run` starts, over an instance of its own."""

    def __init__(self, instance: Path, **settings: str) -> None:
        self.instance = instance
        self.settings = settings
        with sites.open_site(instance) as app, app.app_context():
            self.key = api_keys.add("whole site", [*api_keys.SCOPES], None, by=api_keys.TERMINAL).secret
        self.left_behind = 0
        self.told_left: list[str] = []
        """The commands of processes that were left behind."""
        self.start()

    def start(self) -> None:
        """Start it and wait until all parts are there."""
        self.process = Process(WHOLE_SITE, self.instance, self.settings)
        self.process.wait_until_ready()
        assert eventually(self.is_whole, DEADLINE), self.process.log()

    @property
    def address(self) -> str:
        """Where it answers now."""
        return self.process.address

    def is_whole(self) -> bool:
        """Say whether every part runs and the site answers."""
        # One master: after a killed one, its web processes answer for a moment more.
        return (
            len(self.masters()) == 1
            and len(self.web_workers()) == PARTS["web"]
            and len(self.pids("wsgi worker")) == PARTS["worker"]
            and self.process.answers()
        )

    def pids(self, word: str) -> list[int]:
        """Return the ids of its processes whose command holds `word`."""
        return sorted(self.process.everything(word))

    def web_workers(self) -> list[int]:
        """Return the ids of the web processes."""
        return sorted(self.process.web_workers())

    def masters(self) -> list[int]:
        """Return the ids of gunicorn's masters."""
        return sorted(set(self.pids("gunicorn")) - set(self.web_workers()))

    def start_again(self) -> None:
        """Start it after its supervisor was killed; what is still there then was left behind."""
        gone = eventually(lambda: not self.process.everything(), DEADLINE)
        if not gone:
            self._count_left(self.process.everything())
        self.process.end()
        self.start()

    def _count_left(self, processes: dict[int, str]) -> None:
        self.left_behind += len(processes)
        self.told_left += processes.values()

    def look_for_orphans(self) -> None:
        """Count those of its processes that do not stand under its supervisor."""
        everything = self.process.everything()
        self._count_left(
            {pid: line for pid, line in everything.items() if not self._is_under_supervisor(pid)}
        )

    def _is_under_supervisor(self, pid: int) -> bool:
        while pid > 1:
            if pid == self.process.pid:
                return True
            pid = parent(pid)
        return False

    def end(self) -> None:
        """End it, and count what stays."""
        self.process.interrupt()
        if not eventually(lambda: not self.process.everything(), 30):
            self._count_left(self.process.everything())
        self.process.end()

    def ask(self, path: str, body: dict[str, object] | None = None) -> dict[str, object]:
        """Ask the API with a key of every scope; raise OSError for a refusal."""
        headers = {"X-Api-Key": self.key, "Content-Type": "application/json"}
        data = None if body is None else json.dumps(body).encode()
        asked = urllib.request.Request(f"{self.address}/api/v1{path}", data, headers)
        with urllib.request.urlopen(asked, timeout=30) as answer:
            found: dict[str, object] = json.load(answer)
            return found

    def start_run(self) -> None:
        """Start a small training run, unless one goes on."""
        with contextlib.suppress(OSError):
            self.ask("/runs", {"kind": "scratch", "preset": "tiny", "device": "cpu"})

    def active_run(self) -> tuple[int, str] | None:
        """Return the id and the state of the run that goes on."""
        found = self._query("SELECT id, state FROM run WHERE is_active")
        return (int(found[0][0]), str(found[0][1])) if found else None

    def has_no_run(self) -> bool:
        """Say whether no run goes on, after asking the one that does to end."""
        run = self.active_run()
        if run:
            with contextlib.suppress(OSError):
                self.ask(f"/runs/{run[0]}/cancel", {})
        return run is None

    def held(self, acknowledged: Sequence[str]) -> Held:
        """Compare what was acknowledged with what the database holds, and its tally with its rows."""
        rows = self._query(ANSWERS)
        names = {name for name, _ in rows}
        [(difference,)] = self._query(DIFFERENCE)
        return Held(
            lost=sum(name not in names for name in acknowledged),
            doubled=sum(n - 1 for _, n in rows) + abs(int(difference)),
        )

    def _query(self, query: str) -> list[tuple[Any, ...]]:
        address = f"file:{self.instance / 'nomen.db'}?mode=ro"
        with closing(sqlite3.connect(address, uri=True, timeout=30)) as file:
            return file.execute(query).fetchall()


def set_up(shared: Path) -> Path:
    """Return a folder that `flask setup` filled from nothing, with what it said in `said`: made once for all.

    It takes half a minute, to read every list of names.
    """
    folder = shared / "set up"
    with FileLock(shared / "set up.lock"):
        if not folder.exists():
            made = shared / "being set up"
            made.mkdir()
            done = flask(made, "setup", DATABASE_URL="")
            assert done.returncode == 0, done.stderr
            (made / "said").write_text(done.stdout)
            made.rename(folder)
    return folder


def flask(instance: Path, *arguments: str, **settings: str) -> "subprocess.CompletedProcess[str]":
    """Run one of the site's commands over an instance."""
    own = {"INSTANCE": str(instance), "SECRET_KEY": "", **where_is(instance)}
    environment = os.environ | own | settings
    command = [sys.executable, "-m", "flask", "--app", "wsgi", *arguments]
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)
