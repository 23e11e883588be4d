"""Half an hour of mixed traffic on the whole site: `python -m benchmarks.soak [--minutes 30]`.

Guesses, answers, open scoreboards, other pages, files, a retraining and two promotions, all on this machine.
All of it comes once before, so that what is kept in memory is there when that is first measured.
Fails (exit status 1) if any request got a 5xx or no answer, an answer is lost or there twice, the memory of
all processes in the last third is more than 1.05 times that in the first, or the log reached 8 MB.
"""

import argparse
import json
import random
import sys
import tempfile
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from statistics import mean

import flask_migrate

from tests.support import sites
from tests.support.processes import Visitor
from tests.support.raters import Raters
from tests.support.traffic import Crowd, Tape
from tests.support.waiting import eventually
from tests.support.whole_site import Site
from training.data import corpus
from training.data.corpus import Corpus
from training.model import artifact
from webapp.versions import service as versions

LARGEST_LOG = 8 * 2**20
MOST_GROWTH = 1.05
ADMIN = "admin@example.org"
TAUGHT = 20  # corrections that the run learns
LOOK_EVERY = 2.0  # seconds
PARTS = {"web": "gunicorn", "worker": "wsgi worker", "supervisor": "server.launch"}
"""What the command lines of each part hold. The trainer comes and goes."""


@dataclass
class Looks:
    """What was seen of the processes and the log, a look every two seconds."""

    memory: dict[str, list[float]] = field(default_factory=lambda: {part: [] for part in PARTS})
    """MB of each part's own memory, not of the files that it has mapped; what is shared is counted once."""
    log: int = 0
    """The largest write-ahead log, in bytes."""

    def thirds(self, part: str) -> tuple[float, float]:
        """Return the means of the first and the last third, in MB."""
        seen = self.memory[part]
        third = max(1, len(seen) // 3)
        return mean(seen[:third]), mean(seen[-third:])

    def growth(self) -> float:
        """Return the last third of all by the first."""
        first, last = (sum(figures) for figures in zip(*map(self.thirds, PARTS), strict=True))
        return last / first


def main() -> int:
    """Let the traffic run; print the figures and a line of JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=30)
    minutes = parser.parse_args().minutes
    random.seed(0)
    with tempfile.TemporaryDirectory() as folder:
        names = corpus.read_base_corpus()
        site = Site(make_instance(Path(folder) / "instance", names))
        try:
            return soak(site, names, minutes * 60)
        finally:
            site.end()


def make_instance(folder: Path, names: Corpus) -> Path:
    """Return the folder of a fresh site that serves the shipped network and has an admin."""
    folder.mkdir()
    corpus.write_corpus(names, folder / "corpus.db")
    with sites.open_site(folder) as app, app.app_context():
        flask_migrate.upgrade()
        versions.ensure_first(artifact.SHIPPED.read_bytes())
        sites.add_user(ADMIN, "admin")
    return folder


def soak(site: Site, names: Corpus, seconds: float) -> int:
    """Send the traffic for so long; return the exit status."""
    tape, looks, over = Tape(), Looks(), threading.Event()
    crowd = Crowd(site.address, tape, [name.title() for name in names.names[:3_000]])
    watcher = threading.Thread(target=_watch, args=(site, looks, over))
    with Raters(lambda: site.address, 2) as raters, crowd:
        crowd.let(crowd.type_a_name, pause=0.15, n=3)
        crowd.let(crowd.watch_the_scoreboard, pause=1.0, n=4)
        crowd.let(crowd.look_around, pause=2.0, n=2)
        crowd.bring_a_file(Visitor(site.address))
        crowd.let(crowd.bring_a_file, pause=61.0)
        eventually(lambda: len(raters.acknowledged) >= 2 * TAUGHT, 60)
        # Once before anything is measured: what is loaded and remembered for it stays.
        _learn_and_promote(site, raters.acknowledged[:TAUGHT], tape)
        time.sleep(min(60, seconds / 6))  # until every thread has done everything once
        watcher.start()
        began = time.monotonic()
        _sleep_until(began + seconds / 3)
        told = _learn_and_promote(site, raters.acknowledged[TAUGHT : 2 * TAUGHT], tape)
        _sleep_until(began + seconds)
    over.set()
    watcher.join()
    return _report(site, tape, looks, raters, told, seconds)


def _sleep_until(moment: float) -> None:
    time.sleep(max(0.0, moment - time.monotonic()))


def _watch(site: Site, looks: Looks, over: threading.Event) -> None:
    while not over.wait(LOOK_EVERY):
        commands = site.process.everything()
        for part, word in PARTS.items():
            looks.memory[part].append(sum(_megabytes(pid) for pid, line in commands.items() if word in line))
        log = site.instance / "nomen.db-wal"
        looks.log = max(looks.log, log.stat().st_size if log.exists() else 0)


def _megabytes(pid: int) -> float:
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0.0
    return sum(int(line.split()[1]) for line in lines if line.startswith("Pss_Anon:")) / 1024


def _learn_and_promote(site: Site, names: list[str], tape: Tape) -> str:
    """Accept corrections, retrain, let the new version serve, and then the old one again."""
    admin = Visitor(site.address)
    admin.log_in(ADMIN, sites.PASSWORD)
    for name in names:
        admin.send("/review", "/review/decide", do=f"accept both {name}")
    began = time.monotonic()
    run = site.ask("/runs", {"kind": "fine-tune", "device": "cpu"})
    eventually(lambda: site.active_run() is None, 1800)
    ended = site.ask(f"/runs/{run['id']}")
    seconds = time.monotonic() - began
    for version in (ended["version_id"], 1):
        with tape.timing("promotion"):
            site.ask(f"/versions/{version}/promote", {"reason": "soak"})
        time.sleep(5)
    return f"run {run['id']} {ended['state']} after {seconds:.0f} s, v{ended['version_id']} and v1 promoted"


def _report(site: Site, tape: Tape, looks: Looks, raters: Raters, told: str, seconds: float) -> int:
    held = site.held(raters.acknowledged)
    bad = sum(n for status, n in tape.statuses.items() if status >= 500 or not status)
    bad += raters.refused + len(raters.unexpected)
    print(f"{seconds / 60:.0f} minutes, {sum(tape.statuses.values()):,} requests beside answers; {told}")
    print(f"{'kind':12} requests   median ms   99th percentile ms")
    for kind in tape.seconds:
        figures = tape.quantile(kind, 0.5) * 1000, tape.quantile(kind, 0.99) * 1000
        print(f"{kind:12} {len(tape.seconds[kind]):8,}   {figures[0]:9.0f}   {figures[1]:18.0f}")
    for part in PARTS:
        print(
            "memory of the {}: {:.0f} MB in the first third, {:.0f} MB in the last".format(
                part, *looks.thirds(part)
            )
        )
    payload = {
        "acknowledged": len(raters.acknowledged),
        "lost": held.lost,
        "doubled": held.doubled,
        "5xx_or_unanswered": bad,
        "memory_growth": round(looks.growth(), 3),
        "log_max_mb": round(looks.log / 2**20, 2),
        "p99_guess_ms": round(tape.quantile("guess", 0.99) * 1000),
    }
    print(json.dumps(payload))
    is_well = not (held.lost or held.doubled or bad)
    return 0 if is_well and looks.growth() <= MOST_GROWTH and looks.log < LARGEST_LOG else 1


if __name__ == "__main__":
    sys.exit(main())
