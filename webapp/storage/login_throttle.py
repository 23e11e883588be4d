"""How often somebody tried to log in, counted in the site's database.

It is not one of the quotas, which count in a storage of their own: those may forget, and let visitors through
when their file cannot be written. A guesser of passwords must not be let through. So these counts are written
as surely as an answer is, last over a restart, and hold for all machines on one PostgreSQL. While that is
away nobody logs in anyway, and log-ins are too rare for a write to cost much.
"""

import time

from sqlalchemy import delete
from sqlalchemy.orm import Session

from webapp.models import Throttle
from webapp.storage.database import insert

COUNT_LIFETIME = 24 * 3600  # seconds after which a count is swept away


def count(session: Session, key: str, seconds: int) -> int:
    """Count one try more in the current window of `seconds`; return how many there are now."""
    # Windows begin at round moments, the same for all processes and machines.
    window = int(time.time()) // seconds * seconds
    new = insert(session, Throttle).values(key=key, window=window, n=1)
    # Counted by the database in one statement: two tries at once are two.
    upsert = new.on_conflict_do_update(
        index_elements=[Throttle.key, Throttle.window], set_={"n": Throttle.n + 1}
    )
    return session.execute(upsert.returning(Throttle.n)).scalar_one()


def forget(session: Session, *keys: str) -> None:
    """Start the counts of `keys` again from nothing."""
    session.execute(delete(Throttle).where(Throttle.key.in_(keys)))


def sweep(session: Session) -> None:
    """Drop counts that no window needs any more."""
    session.execute(delete(Throttle).where(Throttle.window < int(time.time()) - COUNT_LIFETIME))
