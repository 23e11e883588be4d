"""How alembic reaches the site's database: through the app that runs the command."""

from alembic import context
from flask import current_app

from webapp import models  # noqa: F401  (the tables must be known before they are compared)

database = current_app.extensions["migrate"].db


def run() -> None:
    """Apply migrations on one connection of the app's engine."""
    with database.engine.connect() as connection:
        context.configure(
            connection=connection,
            target_metadata=database.metadata,
            render_as_batch=True,
            compare_type=True,
        )
        with context.begin_transaction():
            context.run_migrations()


if context.is_offline_mode():
    raise SystemExit("Migrations are applied to a database, not written out as SQL.")
run()
