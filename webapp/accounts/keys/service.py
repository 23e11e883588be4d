"""Keys to the API: made by an admin, shown once, kept as a hash, with scopes and an end.

A key never does more than whoever made it may do now: it dies with their rights.
"""

import hashlib
import re
import secrets
from collections.abc import Collection
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from sqlalchemy import select, update
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from webapp.audit import trail as audit
from webapp.errors import Busy, Invalid, NotFound
from webapp.extensions import db
from webapp.languages import numbers
from webapp.languages.texts import gettext
from webapp.languages.words import N_
from webapp.models import ApiKey, Role, User, now
from webapp.models.enums import Action, RoleName, Scope
from webapp.storage.database import writing

SCOPES = {
    Scope.READ: N_("guess names and read figures, with a quota of its own"),
    Scope.FEEDBACK: N_("answer guesses"),
    Scope.EXPORT: N_("export all feedback"),
    Scope.RUNS: N_("start, follow and cancel training"),
    Scope.PROMOTE: N_("choose which version serves"),
}
RIGHTS = {
    RoleName.ADMIN: frozenset(Scope),
    RoleName.REVIEWER: frozenset({Scope.READ, Scope.FEEDBACK, Scope.EXPORT}),
}
"""What a user of each role may do by way of the API, and so may give to a key."""
TERMINAL = "command line"
"""Who acts in a terminal, as the audit trail names them. They may do everything."""
LONGEST_TITLE = 80
LONGEST_DAYS = 3650
PREFIX = "nomen_"
_KEY = re.compile(r"API key (\d{1,9}) \(")  # no e-mail address holds a blank
USED_EACH = timedelta(minutes=10)
"""`used_at` is no finer than this, so that reading does not write each time."""


class KeyState(StrEnum):
    """Whether a key opens anything, and if not, why."""

    LIVE = "live"
    ENDED = "ended"
    REVOKED = "revoked"
    ORPHANED = "orphaned"
    """Whoever made it may do nothing of what it was made for."""


@dataclass(frozen=True)
class OpenKey:
    """A key that came with a request, and what it may do at this moment."""

    id: int
    title: str
    scopes: frozenset[Scope]

    @property
    def actor(self) -> str:
        """Who acts, for the audit trail."""
        return _actor(self.id, self.title)


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
    # In one order, however they were ticked.
    ordered = [scope for scope in SCOPES if scope in scopes]
    with writing() as session:
        key = ApiKey(title=title, scopes=ordered, sha256=_hash(secret), expires_at=ends, created_by=by)
        session.add(key)
        session.flush()
        audit.note(session, by, Action.KEY_ADD, f"{key.id} {title}", scopes=ordered, days=days)
    return NewKey(key, secret)


def _check(title: str, scopes: Collection[str], days: int | None) -> None:
    if not title or len(title) > LONGEST_TITLE or not title.isprintable():
        raise Invalid(
            gettext("Give the key a title of 1 to %(most)s characters.", most=LONGEST_TITLE), "title"
        )
    if not scopes or not set(scopes) <= set(SCOPES):
        raise Invalid(
            gettext("Choose at least one scope among %(choices)s.", choices=", ".join(SCOPES)), "scopes"
        )
    if days is not None and not 1 <= days <= LONGEST_DAYS:
        raise Invalid(gettext("A key may last 1 to %(most)s days.", most=numbers.count(LONGEST_DAYS)), "days")


def everything() -> list[ApiKey]:
    """Return all keys, newest first."""
    return list(db.session.scalars(select(ApiKey).order_by(ApiKey.id.desc())))


def revoke(key_id: int, by: str) -> ApiKey:
    """End a key now, for good; a second time changes nothing. Raise NotFound if there is none."""
    with writing() as session:
        key = session.get(ApiKey, key_id)
        if key is None:
            raise NotFound(gettext("There is no key %(id)s.", id=key_id))
        if key.revoked_at is None:
            _revoke(session, key, by)
    return key


def revoke_all(session: Session, email: str, by: str) -> list[str]:
    """End all live keys that a user made, inside the caller's transaction; return their titles."""
    ended = made_by(email)
    for key in ended:
        _revoke(session, key, by)
    return [key.title for key in ended]


def _revoke(session: Session, key: ApiKey, by: str) -> None:
    key.revoked_at = now()
    audit.note(session, by, Action.KEY_REVOKE, f"{key.id} {key.title}")


def find_key(secret: str) -> OpenKey | None:
    """Return the key with this secret and what it may do now, if it may anything; note that it was used."""
    # Looked up by its hash: no comparison whose time could tell anything.
    key = db.session.scalars(select(ApiKey).where(ApiKey.sha256 == _hash(secret))).one_or_none()
    allowed = allowed_scopes(key) if key else None
    if key is None or not allowed:
        return None
    found = OpenKey(key.id, key.title, allowed)
    if key.used_at is None or key.used_at < now() - USED_EACH:
        _note_use(key.id)
    return found


def _note_use(key_id: int) -> None:
    # Worth less than an answer: while the database is held or full, another use is noted.
    with suppress(OperationalError, Busy), writing(waits=False) as session:
        session.execute(update(ApiKey).where(ApiKey.id == key_id).values(used_at=now()))


def state(key: ApiKey) -> KeyState:
    """Say whether a key opens anything now, and if not, why."""
    if key.revoked_at is not None:
        return KeyState.REVOKED
    if key.expires_at is not None and key.expires_at <= now():
        return KeyState.ENDED
    return KeyState.LIVE if rights(key.created_by) & set(key.scopes) else KeyState.ORPHANED


def allowed_scopes(key: ApiKey) -> frozenset[Scope]:
    """Return what a key may do now: of its scopes those that its maker has, nothing once it has ended."""
    granted = frozenset(Scope(scope) for scope in key.scopes)
    # A key that was made with a key has what both may do.
    return granted & rights(key.created_by) if state(key) == KeyState.LIVE else frozenset()


def rights(actor: str) -> frozenset[Scope]:
    """Return what somebody may do now by way of the API: a terminal, a user or a key, as the trail says."""
    if actor == TERMINAL:
        return frozenset(Scope)
    if key := _key_of(actor):
        return allowed_scopes(key)
    held = select(Role.name).join(User.roles).where(User.email == actor, User.active)
    return frozenset[Scope]().union(*(RIGHTS[RoleName(name)] for name in db.session.scalars(held)))


def owner(actor: str) -> str:
    """Return who stands behind an actor: of a key who made it, of all others themselves."""
    key = _key_of(actor)
    return key.created_by if key else actor


def made_by(email: str) -> list[ApiKey]:
    """Return the keys that a user made and that open something now."""
    made = db.session.scalars(select(ApiKey).where(ApiKey.created_by == email).order_by(ApiKey.id))
    return [key for key in made if state(key) == KeyState.LIVE]


def made_beyond(email: str, role: RoleName) -> list[ApiKey]:
    """Return the live keys of a user that would lose scopes if they had `role`."""
    return [key for key in made_by(email) if allowed_scopes(key) - RIGHTS[role]]


def _actor(key_id: int, title: str) -> str:
    return f"API key {key_id} ({title})"


def _key_of(actor: str) -> ApiKey | None:
    named = _KEY.match(actor)
    return db.session.get(ApiKey, int(named[1])) if named else None


def _hash(secret: str) -> str:
    # A secret of 32 random bytes needs no salt and no slow hash: there is nothing to guess.
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()
