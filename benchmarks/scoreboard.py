"""How the pages keep up with a million answers: `python -m benchmarks.scoreboard`.

Fills a site in a temporary folder with 1,000 and then 1,000,000 answers over a year, five versions and 50,000
names, tallied by the site's own recounts, and times the server alone: no network, no browser, the processor's
time and the time on the clock, the median of many requests. With `--postgresql URL`, the address of a server
on this machine, both sites keep their rows there, and the time of its processes is counted in. Before each
request somebody has answered, so nothing that was kept of the rows is of use.
"""

import argparse
import json
import secrets
import tempfile
from dataclasses import dataclass
from pathlib import Path

import flask_migrate
import psycopg
from flask import Flask
from flask.testing import FlaskClient
from psycopg import sql
from tqdm import tqdm

from benchmarks.growth.clock import ONE_PROCESS, Backends, Milliseconds, median_of, timed
from benchmarks.growth.rows import VERSIONS, fill_postgresql, fill_sqlite
from training.data import corpus
from training.model import artifact, saving
from webapp import create_app
from webapp.accounts import service as accounts
from webapp.feedback import name_tallies, review_cases, tallies
from webapp.storage import database, revision
from webapp.storage.database import writing
from webapp.versions import service as versions

SMALL, LARGE = 1_000, 1_000_000
NAMES = 50_000
ROUNDS = 40
PAGES = {
    "guess": "/?name=John",
    "history": "/history",
    "scoreboard": "/scoreboard",
    "all versions, all time": "/scoreboard?version=all&days=all",
    "the live part": "/scoreboard/live",
    "by the API": "/api/v1/scoreboard",
    "from day to day, all time": "/scoreboard/time?days=all",
    "from day to day, 30 days": "/scoreboard/time",
    "from day to day, v2": "/scoreboard/time?version=2&days=all",
    "the same, the API alone": "/scoreboard/time?version=2&days=all&source=api",
    "names of a cell": "/scoreboard/names?guessed=female&answer=male&version=all&days=all",
    "names of a cell, v2": "/scoreboard/names?guessed=female&answer=male&version=2&days=all",
    "judged again": "/scoreboard/again",
    "versions side by side": "/scoreboard/versions",
    "review": "/review",
    "review, the surest first": "/review?sort=surest",
    "review, conflicts first": "/review?sort=conflicts",
    "review, a word searched": "/review?text=joh",
    "review, what was right": "/review?status=right",
    "review, accepted of v2": "/review?status=accepted&version=v2",
    "review, all called both": "/review?label=both&status=any",
    "a name's review": "/review/name/john",
    "the audit trail": "/audit",
    "one kind of deed": "/audit?action=feedback.accept",
    "retraining": "/retraining",
    "the staff's home": "/admin",
}


@dataclass(frozen=True)
class Site:
    """A site with so many answers, and who asks it."""

    app: Flask
    client: FlaskClient
    backends: Backends | None


Found = dict[str, dict[str, Milliseconds]]
"""By size and page."""


def main() -> None:
    """Print a table of milliseconds, and last one line of JSON."""
    wanted = _arguments()
    sizes = {_label(rows): rows for rows in (SMALL, wanted.rows)}
    # A web process looks for a newer champion as long as it lives, in a folder that is about to go.
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as temporary:
        folder = wanted.folder or Path(temporary)
        sites = {size: open_site(folder / size, rows, wanted.postgresql) for size, rows in sizes.items()}
        try:
            report(measure(sites, wanted.rounds), sizes)
        finally:
            for site in sites.values():
                close(site)


def _label(rows: int) -> str:
    return f"{rows // 1_000_000}m" if rows % 1_000_000 == 0 else f"{rows // 1_000}k"


def report(found: Found, sizes: dict[str, int]) -> None:
    """Print the table and the last line: milliseconds of the processor, and on the clock in brackets."""
    small, large = sizes
    print(f"\n{'server time, ms':<28}" + "".join(f"{sizes[size]:>18,}" for size in found) + f"{'ratio':>14}")
    for page in PAGES:
        row = "".join(
            f"{found[size][page].processor:>9.1f} ({found[size][page].clock:6.1f})" for size in found
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
    parser.add_argument(
        "--postgresql", metavar="URL", default="", help="a server, as postgresql://me@127.0.0.1"
    )
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--folder", type=Path, help="where the sites are kept, to be measured again")
    return parser.parse_args()


def open_site(folder: Path, rows: int, server: str) -> Site:
    """Return a site in `folder`, or with its rows on a server, with `rows` answers and an admin."""
    is_new = not folder.exists()
    folder.mkdir(parents=True, exist_ok=True)
    url = database_on(server, f"nomen_benchmark_{folder.name}", is_new) if server else ""
    settings = {"INSTANCE": str(folder), "DATABASE_URL": url, "SECRET_KEY": "", "REDIS_URL": ""}
    app = create_app(settings | {"WTF_CSRF_ENABLED": False, "RATELIMIT_ENABLED": False})
    with app.app_context():
        if is_new:
            fill(folder, rows, url)
    return Site(app, log_in(app), Backends(url) if url else None)


def fill(folder: Path, rows: int, url: str) -> None:
    """Let a site have the records, some versions and so many answers, all counted."""
    names = corpus.read_base_corpus()
    corpus.write_corpus(names, folder / "corpus.db")
    add_versions()
    some = list(names.names[: 10 * NAMES : 10])
    if url:
        fill_postgresql(url, rows, some)
    else:
        fill_sqlite(folder / "nomen.db", rows, some)
    for recount in (tallies.recount, name_tallies.recount, review_cases.recount_all):
        with writing() as session:
            recount(session)


def database_on(server: str, name: str, is_new: bool) -> str:
    """Return the address of a database on a server, emptied for a new site."""
    with psycopg.connect(f"{server.rstrip('/')}/postgres", autocommit=True) as connection:
        if is_new:
            quoted = sql.Identifier(name)
            connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(quoted))
            connection.execute(sql.SQL("CREATE DATABASE {}").format(quoted))
        connection.execute(ONE_PROCESS)
        connection.execute("SELECT pg_reload_conf()")
    return f"{server.rstrip('/')}/{name}"


def add_versions() -> None:
    """Make the tables, and some versions that served one after another."""
    flask_migrate.upgrade()
    versions.ensure_first(artifact.SHIPPED.read_bytes())
    loaded = saving.load(artifact.SHIPPED.read_bytes())
    for number in range(VERSIONS - 1):
        copy = saving.dump(loaded.network, loaded.card | {"name": f"copy {number}"})
        version = versions.add(copy, origin="import", by="benchmark")
        versions.promote(version.id, by="benchmark", reason="to have several")


def log_in(app: Flask) -> FlaskClient:
    """Return a client with an admin logged in: review's pages are not for strangers."""
    client = app.test_client()
    with app.app_context():
        email = f"{secrets.token_hex(8)}@example.org"
        admin = accounts.add(email, "admin", "benchmark", must_change=False)
    client.post("/login", data={"email": admin.email, "password": admin.password})
    return client


def measure(sites: dict[str, Site], rounds: int) -> Found:
    """Return the median milliseconds of each site's pages; they take turns, so noise meets all alike."""
    times: dict[str, dict[str, list[Milliseconds]]] = {size: {page: [] for page in PAGES} for size in sites}
    for _ in tqdm(range(rounds), unit="round", leave=False):
        for size, site in sites.items():
            for page, address in PAGES.items():
                times[size][page].append(_time(site, address))
    # The first ones fill caches.
    return {
        size: {page: median_of(found[rounds // 4 :]) for page, found in times[size].items()} for size in sites
    }


def _time(site: Site, address: str) -> Milliseconds:
    with site.app.app_context(), writing():
        revision.bump(answered=True)
    return timed(lambda: _ask(site.client, address), site.backends)


def _ask(client: FlaskClient, address: str) -> None:
    status = client.get(address).status_code
    if status != 200:
        raise SystemExit(f"{address} was answered with {status}.")


def close(site: Site) -> None:
    """Let a site's database go."""
    if site.backends:
        site.backends.close()
    database.dispose(site.app)


if __name__ == "__main__":
    main()
