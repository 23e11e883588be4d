"""Keys to the API: made by an admin, shown once, kept as a hash, with scopes and an end."""

import hashlib
import secrets
from collections.abc import Collection
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select, update
from sqlalchemy.exc import OperationalError

from webapp.audit import trail as audit
from webapp.errors import Busy, Invalid, NotFound
from webapp.extensions import db
from webapp.models import ApiKey, now
from webapp.models.enums import Action, Scope
from webapp.storage.database import writing

SCOPES = {
    Scope.READ: "guess names and read figures, with a quota of its own",
    Scope.FEEDBACK: "answer guesses",
    Scope.EXPORT: "export all feedback",
    Scope.RUNS: "start, follow and cancel training",
    Scope.PROMOTE: "choose which version serves",
}
LONGEST_TITLE = 80
LONGEST_DAYS = 3650
PREFIX = "nomen_"
USED_EACH = timedelta(minutes=10)
"""`used_at` is no finer than this, so that reading does not write each time."""


@dataclass(frozen=True)
class NewKey:
    """A key that was just made. Its secret is nowhere else: who loses it needs a new one."""

    key: ApiKey
    secret: str


def add(title: str, scopes: Collection[str], days: int | None, by: str) -> NewKey:
    """Make a key that ends after `days`, or never; raise Invalid for what cannot be used."""
    title = " ".join(title.split())
    _check(title, scopes, days)
    secret = PREFIX + secrets.token_urlsafe(32)
    ends = now() + timedelta(days=days) if days else None
    ordered = [scope for scope in SCOPES if scope in scopes]
    with writing() as session:
        key = ApiKey(title=title, scopes=ordered, sha256=_hash(secret), expires_at=ends, created_by=by)
        session.add(key)
        session.flush()
        audit.note(session, by, Action.KEY_ADD, f"{key.id} {title}", scopes=ordered, days=days)
    return NewKey(key, secret)


def _check(title: str, scopes: Collection[str], days: int | None) -> None:
    if not title or len(title) > LONGEST_TITLE or not title.isprintable():
        raise Invalid(f"Give the key a title of 1 to {LONGEST_TITLE} characters.", "title")
    if not scopes or not set(scopes) <= set(SCOPES):
        raise Invalid(f"Choose at least one scope among {', '.join(SCOPES)}.", "scopes")
    if days is not None and not 1 <= days <= LONGEST_DAYS:
        raise Invalid(f"A key may last 1 to {LONGEST_DAYS:,} days.", "days")


def everything() -> list[ApiKey]:
    """Return all keys, newest first."""
    return list(db.session.scalars(select(ApiKey).order_by(ApiKey.id.desc())))


def revoke(key_id: int, by: str) -> ApiKey:
    """End a key now, for good; a second time changes nothing. Raise NotFound if there is none."""
    with writing() as session:
        key = session.get(ApiKey, key_id)
        if key is None:
            raise NotFound(f"There is no key {key_id}.")
        if key.revoked_at is None:
            key.revoked_at = now()
            audit.note(session, by, Action.KEY_REVOKE, f"{key.id} {key.title}")
    return key


def find_key(secret: str) -> ApiKey | None:
    """Return the key with this secret, if it has neither ended nor been revoked; note that it was used."""
    key = db.session.scalars(select(ApiKey).where(ApiKey.sha256 == _hash(secret))).one_or_none()
    if key is None or not is_live(key):
        return None
    if key.used_at is None or key.used_at < now() - USED_EACH:
        _note_use(key.id)
    return key


def _note_use(key_id: int) -> None:
    # Worth less than an answer: while the database is held or full, another use is noted.
    with suppress(OperationalError, Busy), writing(waits=False) as session:
        session.execute(update(ApiKey).where(ApiKey.id == key_id).values(used_at=now()))


def is_live(key: ApiKey) -> bool:
    """Say whether a key still opens anything."""
    return key.revoked_at is None and (key.expires_at is None or key.expires_at > now())


def _hash(secret: str) -> str:
    # A secret of 32 random bytes needs no salt and no slow hash: there is nothing to guess.
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()
