"""Sites for tests: their settings, a small corpus, and an instance folder that is ready to serve."""

import secrets
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import flask_migrate
from filelock import FileLock
from flask import Flask
from flask_security.utils import hash_password

from tests.support import cheap_sites
from tests.support.databases import where_is
from tests.support.networks import tiny_artifact
from webapp import create_app
from webapp.accounts import service as accounts
from webapp.extensions import db
from webapp.storage import database
from webapp.storage.database import writing
from webapp.versions import service as versions

PASSWORD = "correct horse battery"
"""That of admin@example.org and reviewer@example.org."""

KNOWN_NAMES = (
    ("anna", 380_000, 0.99, "train"),
    ("maria", 500_000, 0.98, "train"),
    ("john", 600_000, 0.01, "train"),
    ("kim", 30_000, 0.75, "train"),
    ("giovanna", 12_846, 0.996, "train"),
    ("torbern", 120, 0.0, "holdout"),
    ("zuleika", 300, 0.97, "holdout"),
    ("ilmarinen", 4, 0.0, "holdout"),
    ("amparo", 900, 0.95, "holdout"),
    ("dakota", 5_000, 0.5, "validation"),
)


def settings_for(folder: Path, **more: Any) -> dict[str, Any]:
    """Return the settings of a site that lives in `folder`."""
    return {
        "TESTING": True,
        "INSTANCE": str(folder),
        "SECRET_KEY": secrets.token_urlsafe(48),
        "RATELIMIT_ENABLED": False,
        "SECURITY_PASSWORD_HASH_PASSLIB_OPTIONS": {
            "argon2__time_cost": 1,
            "argon2__memory_cost": 64,
            "argon2__parallelism": 1,
        },
        **where_is(folder),
    } | more


@contextmanager
def open_site(folder: Path, **more: Any) -> Iterator[Flask]:
    """Give the site that lives in `folder`, and close its database in the end."""
    app = create_app(settings_for(folder, **more))
    with app.app_context():
        cheap_sites.share(app, db.engine)
    try:
        yield app
    finally:
        database.dispose(app)


ORIGINS = [
    ("anna", "DE", 0, 690_000.0, 700_000),
    ("anna", "DE", 1990, 4_000.0, 4_000),
    ("andrea", "HU", 0, 90_000.0, 90_000),
    ("andrea", "DE", 0, 590_000.0, 600_000),
]
"""What the corpus of the tests tells of where names were counted: name, country, year, women, people."""


def write_corpus(path: Path) -> None:
    """Write a corpus of ten names as `python -m training corpus --write` lays it out."""
    with closing(sqlite3.connect(path)) as corpus, corpus:
        corpus.execute(
            "CREATE TABLE names (name TEXT PRIMARY KEY, people INTEGER, share REAL, part TEXT) WITHOUT ROWID"
        )
        corpus.executemany("INSERT INTO names VALUES (?, ?, ?, ?)", KNOWN_NAMES)
        corpus.execute("CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT) WITHOUT ROWID")
        corpus.execute(
            "CREATE TABLE origins (name TEXT, country TEXT, year INT, women REAL, people INT, is_estimate)"
        )
        corpus.executemany("INSERT INTO origins VALUES (?, ?, ?, ?, ?, 1)", ORIGINS)


def prepare(app: Flask) -> None:
    """Migrate the tables of a site, let a tiny network serve as v1, and add a user of each role."""
    with app.app_context():
        flask_migrate.upgrade()
        versions.ensure_first(tiny_artifact())
        for role in accounts.ROLES:
            add_user(f"{role}@example.org", role)


def add_user(email: str, role: str) -> None:
    """Add a user who logs in with PASSWORD."""
    accounts.add(email, role, by="tests", must_change=False)
    user, hashed = accounts.find_user(email), hash_password(PASSWORD)
    with writing():
        user.password = hashed


def blank_instance(shared: Path) -> Path:
    """Return a prepared instance folder under `shared`: made by the first of all workers that asks for it."""
    folder = shared / "blank"
    with FileLock(shared / "blank.lock"):
        if not folder.exists():
            made = shared / "being made"
            made.mkdir()
            write_corpus(made / "corpus.db")
            with open_site(made) as app:
                prepare(app)
            with closing(sqlite3.connect(made / "nomen.db")) as file:
                file.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            made.rename(folder)
    return folder


def copy_instance(blank: Path, to: Path) -> Path:
    """Return a fresh copy of an instance folder."""
    return Path(shutil.copytree(blank, to))
