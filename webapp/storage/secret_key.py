"""The key that signs cookies and tokens."""

import secrets
from pathlib import Path

from flask import Flask

from webapp.config import BadSetting
from webapp.storage import atomic_file

SHORTEST = 32
WELL_KNOWN = ("secret", "changeme", "change-me", "password", "default", "nomen")


def configure(app: Flask) -> None:
    """Set SECRET_KEY: the one that is set, or a random one that is kept in the instance folder."""
    given = app.config["SECRET_KEY"]
    path = Path(app.config["INSTANCE"]) / "secret_key"
    app.config["SECRET_KEY"] = check(given) if given else read_or_create(path)


def check(key: str) -> str:
    """Return `key` if it is hard to guess; raise BadSetting if not."""
    if len(key) < SHORTEST or len(set(key)) < 10 or any(word in key.lower() for word in WELL_KNOWN):
        raise BadSetting(
            f"SECRET_KEY is too easy to guess: set at least {SHORTEST} random characters, or none."
        )
    return key


def read_or_create(path: Path) -> str:
    """Return the key in the file at `path`, made at the first call, readable by its owner alone.

    Raises BadSetting where the file can be neither made nor read.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        _make(path)
        return check(path.read_text().strip())
    except OSError as error:
        raise BadSetting(f"INSTANCE={path.parent} cannot be written to ({error.strerror}).") from error


def _make(path: Path) -> None:
    # In one stroke: a process that starts beside this one never reads half a key.
    try:
        atomic_file.create(path, secrets.token_urlsafe(48).encode(), mode=0o600)
    except FileExistsError:
        path.chmod(0o600)
