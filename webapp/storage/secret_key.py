"""The key that signs cookies and tokens, and how long a signature holds."""

import contextlib
import secrets
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from flask import Flask
from itsdangerous import SignatureExpired, TimedSerializer, TimestampSigner, URLSafeTimedSerializer
from itsdangerous.encoding import base64_encode

from webapp.config import BadSetting
from webapp.storage import atomic_file

SHORTEST = 32
SHORT = 512
"""Bytes up to which it is not worth compressing what is signed."""
# What guides and examples write.
WELL_KNOWN = ("secret", "changeme", "change-me", "password", "default", "nomen")


class Signer(TimestampSigner):
    """Signs with the time, and takes what it signed in what is now the future.

    When a clock is set back, that is young, not forged: a visitor must not lose who they are by it.
    """

    def unsign(self, signed_value: str | bytes, max_age: int | None = None, *args: Any, **kwargs: Any) -> Any:
        """Return what was signed; raise SignatureExpired if it is older than `max_age` seconds."""
        try:
            return super().unsign(signed_value, max_age, *args, **kwargs)
        except SignatureExpired as error:
            if error.date_signed is None or error.date_signed <= datetime.now(UTC):
                raise
            return super().unsign(signed_value, None, *args, **kwargs)


class Serializer(URLSafeTimedSerializer):
    """Signs texts as they are, unless they are long: to compress one takes longer than all the rest.

    It reads both.
    """

    default_signer = Signer

    def dump_payload(self, obj: Any) -> bytes:
        """Return the text that is signed."""
        plain = TimedSerializer.dump_payload(self, obj)
        return base64_encode(plain) if len(plain) <= SHORT else super().dump_payload(obj)


def configure(app: Flask) -> None:
    """Set SECRET_KEY: the one that is set, or a random one that is kept in the instance folder."""
    given = app.config["SECRET_KEY"]
    path = Path(app.config["INSTANCE"]) / "secret_key"
    app.config["SECRET_KEY"] = check(given) if given else read_or_create(path)


def check(key: str) -> str:
    """Return `key` if it is hard to guess; raise BadSetting if not."""
    # Ten different signs: neither one letter repeated nor a short word over and over.
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
    # Looked for first: on a full disk a site that has its key starts again.
    if not path.exists():
        # In one stroke: a process that starts beside this one never reads half a key.
        with contextlib.suppress(FileExistsError):
            atomic_file.create(path, secrets.token_urlsafe(48).encode(), mode=0o600)
            return
    # A copied or restored file may be readable by others.
    path.chmod(0o600)
