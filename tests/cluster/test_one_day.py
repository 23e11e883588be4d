"""A day of two machines behind nginx, all of it at once, and one machine dies: nothing is lost."""

import json
import os
import signal
import subprocess
import sys
import urllib.request
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import select

from tests.deploy.test_nginx import HOST, in_front, is_up
from tests.deploy.test_nginx import nginx as nginx  # a fixture
from tests.support import sites
from tests.support.processes import GUNICORN, Process, Visitor
from tests.support.raters import Raters, letters
from tests.support.servers import empty_redis, new_database
from tests.support.waiting import eventually
from training.data import corpus
from webapp.accounts.keys import service as api_keys
from webapp.config import ROOT
from webapp.extensions import db
from webapp.feedback import service as feedback
from webapp.models import Feedback

pytestmark = [pytest.mark.process, pytest.mark.timeout(900)]
ADMIN = "admin@example.org"
FILE_OF = 2_000  # names, after a heading; the last line of a file has no end
TAUGHT = 5
BORNE = {f"{letters(7919 * n)}{'oa'[n % 2]}": (n % 2 * 900.0 + 50, 1_000) for n in range(600)}
"""Names that end in a are women's: enough to train from in seconds."""
CUT_OFF = {502}
"""What nginx says of a request that a machine had begun when it died; whoever sent it sends it again."""


@dataclass
class Cluster:
    """Two web machines, a worker beside the first, and nginx."""

    settings: dict[str, str]
    machines: list[Process]
    address: str
    key: str

    def ask(self, machine: int, path: str, body: dict[str, object] | None = None) -> dict[str, object]:
        """Ask the API of one machine."""
        headers = {"X-Api-Key": self.key, "Content-Type": "application/json", "X-Forwarded-For": "10.0.0.1"}
        data = None if body is None else json.dumps(body).encode()
        address = f"{self.machines[machine].address}/api/v1{path}"
        with urllib.request.urlopen(urllib.request.Request(address, data, headers), timeout=60) as answer:
            found: dict[str, object] = json.load(answer)
            return found

    def serves(self) -> set[str]:
        """Return which version each machine says that it serves."""
        return {json.loads(Visitor(one.address).get("/readyz"))["version"] for one in self.machines}

    def start(self, instance: Path) -> Process:
        """Start a web machine."""
        machine = Process(GUNICORN, instance, {**self.settings, "PROXIES": "1", "WEB_WORKERS": "1"})
        machine.wait_until_ready()
        return machine


@pytest.fixture
def cluster(
    nginx: str, postgresql: str, redis_url: str, blank_database: str, blank_instance: Path, tmp_path: Path
) -> Iterator[Cluster]:
    empty_redis(redis_url)
    instances = [sites.copy_instance(blank_instance, tmp_path / name) for name in ("one", "other")]
    for instance in instances:
        (instance / "corpus.db").unlink()
        corpus.write_corpus(corpus.from_counts(BORNE, "a day"), instance / "corpus.db")
    (tmp_path / "nginx").mkdir()
    settings = {
        "DATABASE_URL": new_database(postgresql, "day", blank_database),
        "REDIS_URL": redis_url,
        "FILES_URL": f"file://{tmp_path / 'shared'}",
        "SECRET_KEY": "a day of two machines 0123456789",
    }
    with sites.open_site(instances[0], **settings) as app, app.app_context():
        key = api_keys.add("a day", [*api_keys.SCOPES], None, by=api_keys.TERMINAL).secret
    with ExitStack() as ends:
        made = Cluster(settings, [], "", key)
        for instance in instances:
            made.machines.append(made.start(instance))
            ends.callback(made.machines[-1].end)
        ends.enter_context(worker(instances[0], settings))
        addresses = " ".join(machine.address.removeprefix("http://") for machine in made.machines)
        port = ends.enter_context(in_front(nginx, tmp_path / "nginx", addresses))
        assert eventually(lambda: is_up(port))
        made.address = f"https://{HOST}:{port}"
        yield made


@contextmanager
def worker(instance: Path, settings: dict[str, str]) -> Iterator[None]:
    """Run the worker of a machine inside the block."""
    command = [sys.executable, "-m", "flask", "--app", "wsgi", "worker"]
    environment = os.environ | settings | {"INSTANCE": str(instance)}
    process = subprocess.Popen(command, cwd=ROOT, env=environment)
    try:
        yield
    finally:
        process.terminate()
        process.wait(timeout=60)


def bring_a_file(address: str) -> None:
    """Send a list of names and take it back four times, whichever machine answers."""
    visitor = Visitor(address)
    where, _ = visitor.send("/batch", "/batch", pasted="\n".join(["name", *["Anna", "Kim"] * (FILE_OF // 2)]))
    for _ in range(4):
        assert visitor.get(f"{where}/file?column=0").count("\n") == FILE_OF


def teach(cluster: Cluster, names: list[str]) -> object:
    """Let an admin accept corrections and train from them; return the new version's id."""
    admin = Visitor(cluster.address)
    assert admin.log_in(ADMIN, sites.PASSWORD)
    for name in names:
        admin.send("/review", "/review/decide", do=f"accept both {name}")
    run = cluster.ask(1, "/runs", {"kind": "scratch", "preset": "tiny", "device": "cpu"})["id"]
    assert eventually(lambda: cluster.ask(0, f"/runs/{run}")["state"] not in ("queued", "running"), 300)
    ended = cluster.ask(1, f"/runs/{run}")
    assert ended["state"] == "finished", ended["error"]
    return ended["version_id"]


def kill(machine: Process) -> None:
    """End all processes of a machine as nothing can prevent."""
    for pid in machine.everything("gunicorn"):
        os.kill(pid, signal.SIGKILL)


def test_nothing_is_lost_in_a_day_of_two_machines(cluster: Cluster, tmp_path: Path) -> None:
    regular = Visitor(cluster.address)
    assert regular.answer("Zuleika", "both") and "Giovanna" in regular.get("/?name=Giovanna")
    with Raters(lambda: cluster.address, 2) as raters:
        bring_a_file(cluster.address)
        assert eventually(lambda: len(raters.acknowledged) >= TAUGHT)
        version = teach(cluster, raters.acknowledged[:TAUGHT])
        cluster.ask(0, f"/versions/{version}/promote", {"reason": "a day"})
        assert eventually(lambda: cluster.serves() == {f"v{version}"})
        # An answer to another version's guess is another one: nobody may be between two when it is cut off.
        n_before = len(raters.acknowledged)
        assert eventually(lambda: {name[0] for name in raters.acknowledged[n_before:]} == {"a", "b"})
        kill(cluster.machines[1])
        n_before = len(raters.acknowledged)
        assert eventually(lambda: len(raters.acknowledged) >= n_before + 20)
        bring_a_file(cluster.address)
        cluster.machines[1] = cluster.start(tmp_path / "other")
    assert cluster.serves() == {f"v{version}"} and "Zuleika" in regular.get("/history")
    cluster.machines[1].end()
    assert {int(told.rpartition(" ")[2]) for told in raters.unexpected} <= CUT_OFF
    with sites.open_site(tmp_path / "one", **cluster.settings) as app, app.app_context():
        stored = Counter(db.session.scalars(select(Feedback.name)))
        # Some were answered and their thanks cut off: they are there, and once.
        assert {*raters.acknowledged} <= {*stored} and set(stored.values()) == {1}
        assert feedback.recount(check=True) == []
