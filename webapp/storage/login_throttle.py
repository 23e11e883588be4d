"""Limits that all processes share: how often something was tried, counted in the database."""

import hmac
import time

from flask import current_app
from sqlalchemy import delete
from sqlalchemy.orm import Session

from webapp.models import Throttle
from webapp.storage.database import insert

COUNT_LIFETIME = 24 * 3600  # seconds after which a count is swept away


def key(kind: str, *parts: str) -> str:
    """Return the key of a count; what is counted (an address, an account) is only kept as a keyed hash."""
    secret = current_app.config["SECRET_KEY"].encode()
    return f"{kind}:{hmac.new(secret, chr(0).join(parts).encode(), 'sha256').hexdigest()[:40]}"


def count(session: Session, key: str, seconds: int, by: int = 1) -> int:
    """Count `by` more in the current window of `seconds`; return how many there are now."""
    window = int(time.time()) // seconds * seconds
    new = insert(session, Throttle).values(key=key, window=window, n=by)
    upsert = new.on_conflict_do_update(
        index_elements=[Throttle.key, Throttle.window], set_={"n": Throttle.n + by}
    )
    return session.execute(upsert.returning(Throttle.n)).scalar_one()


def forget(session: Session, *keys: str) -> None:
    """Start the counts of `keys` again from nothing."""
    session.execute(delete(Throttle).where(Throttle.key.in_(keys)))


def sweep(session: Session) -> None:
    """Drop counts that no window needs any more."""
    session.execute(delete(Throttle).where(Throttle.window < int(time.time()) - COUNT_LIFETIME))
