"""The one row that says whether anything public has changed: the ETag of live pages."""

from sqlalchemy import inspect, select, text, update

from webapp.extensions import db
from webapp.models import Revision, now


def current() -> Revision:
    """Return the row as it is now."""
    return db.session.scalars(select(Revision)).one()


def bump(answered: bool = False) -> None:
    """Count one change, inside the caller's writing transaction."""
    # Added by the database, not written from what was read.
    values = {"n": Revision.n + 1, "changed_at": now()} | ({"answered_at": now()} if answered else {})
    db.session.execute(update(Revision).values(values))


def of_schema() -> str | None:
    """Return the migration that the tables are at; None where there are none yet."""
    with db.engine.connect() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return None
        version: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
        return version
