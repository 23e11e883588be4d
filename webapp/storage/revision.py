"""The one row that says whether anything public has changed: the ETag of live pages."""

from sqlalchemy import select, update

from webapp.extensions import db
from webapp.models import Revision, now


def current() -> Revision:
    """Return the row as it is now."""
    return db.session.scalars(select(Revision)).one()


def bump(answered: bool = False) -> None:
    """Count one change, inside the caller's writing transaction."""
    values = {"n": Revision.n + 1, "changed_at": now()} | ({"answered_at": now()} if answered else {})
    db.session.execute(update(Revision).values(values))
