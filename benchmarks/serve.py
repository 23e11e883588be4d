"""Nomen beside what one would serve the same network with: `python -m benchmarks.serve`.

Each server runs with two processes and one thread of arithmetic each, and answers from the same weights; the
peers ask PyTorch as it stands. They take turns, so that whatever else the machine does weighs on all alike.
The figure is the processor time of all processes of a server for one request; requests a second stand
beside. The peers are installed into a temporary folder, or into `--environment FOLDER`, which is kept.
"""

import argparse
import json
import tempfile
from collections import defaultdict
from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import flask_migrate
from tqdm import tqdm

from benchmarks.serving import environment, in_process, names
from benchmarks.serving.client import ask_for
from benchmarks.serving.contenders import MEASURED, Measured, command
from benchmarks.serving.contenders import environment as environment_of
from benchmarks.serving.processes import Server, free_port, running
from training.data import corpus
from training.model import artifact
from webapp import create_app
from webapp.storage import database
from webapp.versions import service as versions

CONNECTIONS = 8
COMPARED = 2_000
"""Names whose answers are compared in a short run; 10,000 else, as the test does."""


@dataclass(frozen=True)
class Figures:
    """What one round found of one contender."""

    milliseconds: float
    """Of a processor, for a request."""
    per_second: float


def main() -> None:
    """Print the table, and last one line of JSON."""
    wanted = _arguments()
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as temporary, ExitStack() as stack:
        folder = Path(temporary)
        python = environment.make(wanted.environment or folder / "peers")
        instance = make_instance(folder / "instance")
        chosen = [row for row in MEASURED if row.server == "nomen" or row.server in wanted.peers]
        servers = {
            name: stack.enter_context(start(name, python, instance, folder))
            for name in dict.fromkeys(row.server for row in chosen)
        }
        found = measure(chosen, servers, wanted.seconds, wanted.rounds)
    report(found, wanted)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    peers = sorted({row.server for row in MEASURED} - {"nomen"})
    parser.add_argument("--seconds", type=float, default=3, help="of each contender in each round")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--peers", nargs="*", choices=peers, default=peers)
    parser.add_argument("--environment", type=Path, help="a folder for the peers' environment")
    return parser.parse_args()


def make_instance(folder: Path) -> Path:
    """Return the folder of a fresh site that serves the shipped network."""
    folder.mkdir()
    corpus.write_corpus(corpus.read_base_corpus(), folder / "corpus.db")
    settings = {"INSTANCE": str(folder), "DATABASE_URL": "", "REDIS_URL": "", "SECRET_KEY": ""}
    app = create_app(settings)
    with app.app_context():
        flask_migrate.upgrade()
        versions.ensure_first(artifact.SHIPPED.read_bytes())
    database.dispose(app)
    return folder


def start(name: str, python: Path, instance: Path, folder: Path) -> AbstractContextManager[Server]:
    """Return the running server, to be entered."""
    port = free_port()
    return running(command(name, python, port), port, environment_of(name, instance, port), folder)


def measure(
    rows: list[Measured], servers: dict[str, Server], seconds: float, rounds: int
) -> dict[str, list[Figures]]:
    """Let all contenders take turns; the first round warms them and is not counted."""
    new, again = names.new(), names.as_people_type()
    found: dict[str, list[Figures]] = defaultdict(list)
    for turn in tqdm(range(rounds + 1), unit="round", leave=False):
        for row in rows:
            figures = one_round(servers[row.server], row, again if row.repeats else new, seconds)
            if turn:
                found[row.name].append(figures)
    return found


def one_round(server: Server, row: Measured, asked: Iterator[str], seconds: float) -> Figures:
    """Ask one contender for some seconds."""
    before = server.processor_seconds()
    load = ask_for(seconds, server.port, row.ask, asked, CONNECTIONS)
    spent = server.processor_seconds() - before
    return Figures(spent / len(load.took) * 1000, len(load.took) / load.seconds)


def report(found: dict[str, list[Figures]], wanted: argparse.Namespace) -> None:
    """Print the table and the last line."""
    print(f"{'':14}{'ms of a processor':>18}{'requests/s':>12}{'/genderize is … times as fast':>31}")
    for name, figures in found.items():
        ms, per_second = (median(values) for values in zip(*map(_pair, figures), strict=True))
        print(f"{name:14}{ms:>18.2f}{per_second:>12.0f}{ratio(found, name, 'genderize'):>31.2f}")
    peers = [peer for peer in wanted.peers if peer != "flask"]
    last = {f"{way}_vs_{peer}": ratio(found, peer, way) for way in ("genderize", "api") for peer in peers}
    if "fastapi" in peers:
        last["zipf_vs_fastapi"] = ratio(found, "zipf_fastapi", "zipf")
    last |= {
        "zipf_vs_constant": ratio(found, "constant", "zipf"),
        "one_name_vs_eager": round(in_process.one_name_vs_eager(names.new(1), wanted.rounds), 3),
        "max_difference": in_process.max_difference(names.new(2), COMPARED if wanted.seconds < 1 else 10_000),
    }
    print(json.dumps(last), flush=True)


def _pair(figures: Figures) -> tuple[float, float]:
    return figures.milliseconds, figures.per_second


def ratio(found: dict[str, list[Figures]], slower: str, faster: str) -> float:
    """Return how many times the processor time of `faster` is that of `slower`: the median of the rounds."""
    pairs = zip(found[slower], found[faster], strict=True)
    return round(median(slow.milliseconds / fast.milliseconds for slow, fast in pairs), 2)


if __name__ == "__main__":
    main()
