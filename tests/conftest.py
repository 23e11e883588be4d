"""What the tests stand on: a real SQLite file, migrated once, with a tiny network serving as v1."""

import secrets
import shutil
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import flask_migrate
import hypothesis
import pytest
import torch
from flask import Flask
from flask.testing import FlaskClient
from itsdangerous import URLSafeTimedSerializer
from werkzeug.test import TestResponse

from training.model import artifact
from training.model.network import Network, NetworkSettings
from webapp import create_app
from webapp.accounts import service as accounts
from webapp.versions import service as versions

PASSWORD = "correct horse battery"
hypothesis.settings.register_profile("shared machine", deadline=None)
hypothesis.settings.load_profile("shared machine")

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
        "DATABASE_URL": "",
        "SECRET_KEY": secrets.token_urlsafe(48),
        "RATELIMIT_ENABLED": False,
        "SECURITY_PASSWORD_HASH_PASSLIB_OPTIONS": {"argon2__time_cost": 1, "argon2__memory_cost": 64},
    } | more


def tiny_artifact(seed: int = 0, **card: Any) -> bytes:
    """Return an artifact whose untrained network is 8 wide."""
    torch.manual_seed(seed)
    return artifact.dump(Network(NetworkSettings("gru", 8)).eval(), {"name": f"tiny {seed}", **card})


def write_corpus(path: Path) -> None:
    """Write a corpus of ten names as `python -m training corpus --write` lays it out."""
    with sqlite3.connect(path) as corpus:
        corpus.execute(
            "CREATE TABLE names (name TEXT PRIMARY KEY, people INTEGER, share REAL, part TEXT) WITHOUT ROWID"
        )
        corpus.executemany("INSERT INTO names VALUES (?, ?, ?, ?)", KNOWN_NAMES)
        corpus.execute("CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT) WITHOUT ROWID")
    corpus.close()


@pytest.fixture(scope="session")
def blank_instance(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An instance folder with migrated tables, a small corpus and a tiny network as v1: copy it."""
    folder = tmp_path_factory.mktemp("blank")
    write_corpus(folder / "corpus.db")
    app = create_app(settings_for(folder))
    with app.app_context():
        flask_migrate.upgrade()
        versions.ensure_first(tiny_artifact())
        for role in accounts.ROLES:
            _add_user(f"{role}@example.org", role)
    _close(app)
    with sqlite3.connect(folder / "nomen.db") as database:
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    database.close()
    return folder


@pytest.fixture
def instance(blank_instance: Path, tmp_path: Path) -> Path:
    """A fresh copy of the blank instance folder."""
    return Path(shutil.copytree(blank_instance, tmp_path / "instance"))


@pytest.fixture
def app(instance: Path) -> Iterator[Flask]:
    """A site of one's own, without limits on how often one may ask."""
    app = create_app(settings_for(instance))
    yield app
    _close(app)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A visitor's browser without JavaScript."""
    return app.test_client()


@pytest.fixture
def admin_client(app: Flask) -> FlaskClient:
    """The browser of an admin (admin@example.org) who has logged in."""
    return log_in(app, "admin@example.org")


@pytest.fixture
def reviewer_client(app: Flask) -> FlaskClient:
    """The browser of a reviewer (reviewer@example.org) who has logged in."""
    return log_in(app, "reviewer@example.org")


def log_in(app: Flask, email: str, password: str = PASSWORD) -> FlaskClient:
    """Return a browser in which `email` has just logged in."""
    client = app.test_client()
    answer = post(client, "/login", email=email, password=password)
    assert answer.status_code == 303, answer.text
    return client


def post(client: FlaskClient, path: str, **form: Any) -> TestResponse:
    """Send a form as the site's own pages do, with a CSRF token."""
    with client.session_transaction() as session:
        session["csrf_token"] = "0" * 40
    token = URLSafeTimedSerializer(client.application.secret_key, salt="wtf-csrf-token").dumps("0" * 40)
    return client.post(path, data={"csrf_token": token, **form})


def _add_user(email: str, role: str) -> None:
    accounts.add(email, role, by="tests", must_change=False)
    accounts._set_password(accounts.find(email), PASSWORD, by="tests", action="password", must_change=False)


def _close(app: Flask) -> None:
    from webapp.storage import database

    database.dispose(app)
