"""Guesses while the site learns on the same cores: `python -m benchmarks.finetuning [--rounds 5]`.

Everything that `make run` starts, limits as good as off. Visitors ask for names in all ways there are, each
with a pause, so that as many come however slow the site is: for some seconds while nothing else happens, and
then from the start to the end of a run that teaches 100 corrections. They take turns. Prints how long half
and 99 of 100 requests took in each, and last one line of JSON with the ratios: the median of the rounds.
"""

import argparse
import json
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from benchmarks import loop
from benchmarks.serving.contenders import SITE
from benchmarks.soak import make_instance
from tests.support import sites
from tests.support.traffic import Crowd, Tape
from tests.support.waiting import eventually
from tests.support.whole_site import Site
from training.data import corpus
from training.model import artifact, saving
from training.names import read

VISITORS = 8
PAUSE = 0.1  # seconds between two names of a visitor, on average
CORRECTIONS = 100  # that a run is taught
LONGEST = 1800.0  # seconds of a run


@dataclass(frozen=True)
class Latencies:
    """What one time of asking found."""

    n: int
    seconds: float
    half: float
    """Seconds within which half of the requests were answered."""
    most: float
    """Seconds within which 99 of 100 were."""
    failed: int


def main() -> None:
    """Measure in turns; print a row for each, and a line of JSON."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=30, help="of each time without a run")
    wanted = parser.parse_args()
    names = corpus.read_base_corpus()
    taught = list(loop.mistakes(saving.load(artifact.SHIPPED.read_bytes()).network, names).items())
    asked = [name.title() for name in names.names[:50_000] if not read(name.title()).refusal]
    pairs = []
    with tempfile.TemporaryDirectory() as folder:
        site = Site(make_instance(Path(folder) / "instance", names), **SITE)
        try:
            measure_quiet(site, asked, 10)  # until all that is remembered is there
            for turn in range(wanted.rounds):
                quiet = measure_quiet(site, asked, wanted.seconds)
                some = taught[turn * CORRECTIONS % len(taught) :][:CORRECTIONS]
                pairs.append((quiet, measure_learning(site, asked, dict(some))))
                _print(turn + 1, *pairs[-1])
        finally:
            site.end()
    payload = {
        "half": round(median(learning.half / quiet.half for quiet, learning in pairs), 2),
        "p99": round(median(learning.most / quiet.most for quiet, learning in pairs), 2),
        "failed": sum(found.failed for pair in pairs for found in pair),
    }
    print(json.dumps(payload))


def measure_quiet(site: Site, names: list[str], seconds: float) -> Latencies:
    """Ask while nothing else happens."""
    tape, began = Tape(), time.monotonic()
    with _visitors(site, tape, names):
        time.sleep(seconds)
    return _latencies(tape, time.monotonic() - began)


def measure_learning(site: Site, names: list[str], corrections: dict[str, str]) -> Latencies:
    """Ask from the start to the end of a run that learns some corrections."""
    with sites.open_site(site.instance) as app, app.app_context():
        loop.accept(corrections)
    tape, began = Tape(), time.monotonic()
    with _visitors(site, tape, names):
        run = site.ask("/runs", {"kind": "fine-tune", "device": "cpu"})
        eventually(lambda: site.active_run() is None, LONGEST)
    ended = site.ask(f"/runs/{run['id']}")
    if ended["state"] != "finished":
        raise SystemExit(f"The run {ended['state']}: {ended['error']}")
    return _latencies(tape, time.monotonic() - began)


def _visitors(site: Site, tape: Tape, names: list[str]) -> Crowd:
    crowd = Crowd(site.address, tape, names)
    crowd.let(crowd.type_a_name, PAUSE, VISITORS)
    return crowd


def _latencies(tape: Tape, seconds: float) -> Latencies:
    failed = sum(n for status, n in tape.statuses.items() if status != 200)
    half, most = (tape.quantile("guess", part) for part in (0.5, 0.99))
    return Latencies(len(tape.seconds["guess"]), seconds, half, most, failed)


def _print(turn: int, quiet: Latencies, learning: Latencies) -> None:
    for name, found in (("quiet", quiet), ("learning", learning)):
        rate = f"{found.n / found.seconds:5.0f} a second for {found.seconds:4.0f} s"
        print(
            f"{turn} {name:9}{rate}  half {found.half * 1000:6.1f} ms  99 of 100 {found.most * 1000:7.1f} ms"
        )


if __name__ == "__main__":
    main()
