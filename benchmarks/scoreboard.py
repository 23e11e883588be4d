"""How the scoreboard and review keep up with a million answers: `python -m benchmarks.scoreboard`.

Fills a site in a temporary folder with 1,000 and then 1,000,000 answers over a year, five versions and 50,000
names, tallied by the site's own recounts, and times the server alone: no network, no browser, the processor's
time of the whole process and the time on the clock, the median of many requests. SQLite's work is in both.
"""

import argparse
import json
import random
import sqlite3
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median
from typing import Any

import flask_migrate
from flask import Flask
from flask.testing import FlaskClient
from tqdm import tqdm

from training.data import corpus
from training.model import artifact, saving
from webapp import create_app
from webapp.accounts import service as accounts
from webapp.feedback import name_tallies, review_cases, tallies
from webapp.storage import database, revision
from webapp.storage.database import writing
from webapp.versions import service as versions

SMALL, LARGE = 1_000, 1_000_000
DAYS, VERSIONS, NAMES = 365, 5, 50_000
ROUNDS = 40
PAGES = {
    "scoreboard": "/scoreboard",
    "review": "/review",
    "all versions, all time": "/scoreboard?version=all&days=all",
    "the live part": "/scoreboard/live",
    "from day to day, all time": "/scoreboard/time?days=all",
    "from day to day, 30 days": "/scoreboard/time",
    "from day to day, v2": "/scoreboard/time?version=2&days=all",
    "the same, the API alone": "/scoreboard/time?version=2&days=all&source=api",
    "names of a cell": "/scoreboard/names?guessed=female&answer=male&version=all&days=all",
}
COLUMNS = (
    "created_at, updated_at, day, visitor, source, name, typed, version_id, guessed, p_female, answer, "
    "status, taught, link, reason"
)


@dataclass(frozen=True)
class Milliseconds:
    """What one request took."""

    processor: float
    """Of the whole process, all its threads."""
    clock: float


Found = dict[str, dict[str, Milliseconds]]
"""By size and page."""


def main() -> None:
    """Print a table of milliseconds, and last one line of JSON."""
    sizes = {_label(rows): rows for rows in (SMALL, _arguments().rows)}
    # A web process looks for a newer champion as long as it lives, in a folder that is about to go.
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        sites = {size: make_site(Path(folder) / size, rows) for size, rows in sizes.items()}
        report(measure(sites), sizes)
        for app in sites.values():
            database.dispose(app)


def _label(rows: int) -> str:
    return f"{rows // 1_000_000}m" if rows % 1_000_000 == 0 else f"{rows // 1_000}k"


def report(found: Found, sizes: dict[str, int]) -> None:
    """Print the table and the last line: milliseconds of the processor, and on the clock in brackets."""
    small, large = sizes
    print(f"\n{'server time, ms':<28}" + "".join(f"{sizes[size]:>18,}" for size in found) + f"{'ratio':>14}")
    for page in PAGES:
        row = "".join(
            f"{found[size][page].processor:>9.1f} ({found[size][page].clock:6.1f})" for size in sizes
        )
        ratio = found[large][page].processor / found[small][page].processor
        clock = found[large][page].clock / found[small][page].clock
        print(f"{page:<28}{row}{ratio:>7.2f} ({clock:.2f})")
    last = {
        f"{page}_ms_{size}": round(found[size][page].processor, 2)
        for page in ("scoreboard", "review")
        for size in found
    }
    print(json.dumps(last), flush=True)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=LARGE, help="answers in place of 1,000,000")
    return parser.parse_args()


def make_site(folder: Path, rows: int) -> Flask:
    """Return a site in `folder` with `rows` answers and an admin."""
    folder.mkdir()
    names = corpus.read_base_corpus()
    corpus.write_corpus(names, folder / "corpus.db")
    settings = {"INSTANCE": str(folder), "DATABASE_URL": "", "SECRET_KEY": "", "REDIS_URL": ""}
    app = create_app(settings | {"WTF_CSRF_ENABLED": False, "RATELIMIT_ENABLED": False})
    with app.app_context():
        flask_migrate.upgrade()
        versions.ensure_first(artifact.SHIPPED.read_bytes())
        loaded = saving.load(artifact.SHIPPED.read_bytes())
        for number in range(VERSIONS - 1):
            copy = saving.dump(loaded.network, loaded.card | {"name": f"copy {number}"})
            version = versions.add(copy, origin="import", by="benchmark")
            versions.promote(version.id, by="benchmark", reason="to have several")
        fill(folder / "nomen.db", rows, list(names.names[: 10 * NAMES : 10]))
        with writing() as session:
            tallies.recount(session)
            name_tallies.recount(session)
            review_cases.recount_all(session)
            revision.bump(answered=True)
    return app


def fill(path: Path, rows: int, names: list[str]) -> None:
    """Write the answers straight into the table, as fast as SQLite takes them."""
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA synchronous=OFF")
    connection.execute("PRAGMA cache_size=-500000")
    indexes = connection.execute(
        "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND tbl_name = 'feedback' AND sql > ''"
    ).fetchall()
    for name, _ in indexes:
        connection.execute(f"DROP INDEX {name}")
    marks = ",".join("?" * len(COLUMNS.split(", ")))
    with connection:
        made = tqdm(answers(rows, names), total=rows, unit="answer", leave=False)
        connection.executemany(f"INSERT INTO feedback ({COLUMNS}) VALUES ({marks})", made)
    for _, made_by in indexes:  # at the end: ten times as fast
        connection.execute(made_by)
    connection.execute("ANALYZE")
    connection.close()


def answers(rows: int, names: list[str]) -> Iterator[tuple[Any, ...]]:
    """Yield answers as the table holds them: nine in ten right, few names rated by many visitors."""
    chance = random.Random(0)
    start = datetime.now(UTC).replace(tzinfo=None) - timedelta(days=DAYS - 1)
    for number in range(rows):
        at = start + timedelta(days=(DAYS - 1) * number / rows)
        name = names[int(len(names) * chance.random() ** 3)]
        guessed = chance.choice(("female", "male"))
        answer, status = guessed, "right"
        if chance.random() < 0.1:
            answer = chance.choice(("male" if guessed == "female" else "female", "both"))
            status = chance.choices(("pending", "accepted", "rejected"), (3, 6, 1))[0]
        source = "api" if chance.random() < 0.1 else "guess"
        version = 1 + VERSIONS * number // rows
        p_female = 0.9 if guessed == "female" else 0.1
        moment = at.isoformat(" ", "microseconds")
        facts = (moment, moment, at.date().isoformat(), f"visitor {number}", source, name, name, version)
        yield (*facts, guessed, p_female, answer, status, 0, f"link {number}", "")


def measure(sites: dict[str, Flask]) -> Found:
    """Return the median milliseconds of each site's pages; they take turns, so noise meets all alike."""
    clients = {size: app.test_client() for size, app in sites.items()}
    for size, app in sites.items():
        log_in(app, clients[size])
    times: dict[str, dict[str, list[Milliseconds]]] = {size: {page: [] for page in PAGES} for size in sites}
    for _ in tqdm(range(ROUNDS), unit="round", leave=False):
        for size, client in clients.items():
            for page, address in PAGES.items():
                times[size][page].append(_time(client, address))
    # The first ones fill caches.
    return {
        size: {page: _median(found[ROUNDS // 4 :]) for page, found in times[size].items()} for size in sites
    }


def _median(times: Sequence[Milliseconds]) -> Milliseconds:
    return Milliseconds(median(time.processor for time in times), median(time.clock for time in times))


def log_in(app: Flask, client: FlaskClient) -> None:
    """Log an admin in: review's pages are not for strangers."""
    with app.app_context():
        admin = accounts.add("benchmark@example.org", "admin", "benchmark", must_change=False)
    client.post("/login", data={"email": admin.email, "password": admin.password})


def _time(client: FlaskClient, address: str) -> Milliseconds:
    processor, clock = time.process_time(), time.perf_counter()
    response = client.get(address)
    spent = Milliseconds((time.process_time() - processor) * 1000, (time.perf_counter() - clock) * 1000)
    if response.status_code != 200:
        raise SystemExit(f"{address} was answered with {response.status_code}.")
    return spent


if __name__ == "__main__":
    main()
