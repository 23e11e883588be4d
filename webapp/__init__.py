"""The Nomen web site."""

from typing import TYPE_CHECKING, Any

from webapp.config import ROOT, read_settings

if TYPE_CHECKING:
    from apiflask import APIFlask


def create_app(overrides: dict[str, Any] | None = None) -> "APIFlask":
    """Build the site from the environment and `overrides` (same names; tests use them)."""
    from apiflask import APIFlask  # here, so that who only reads settings starts at once

    app = APIFlask(
        "webapp",
        json_errors=False,
        docs_path=None,
        spec_path=None,
        root_path=str(ROOT),
        title="Nomen",
        version="1.0.0",
    )
    app.config.update(read_settings() | (overrides or {}))
    from webapp import accounts, commands, database, predictor, quota, secrets, web

    secrets.configure(app)
    database.configure(app)
    accounts.configure(app)
    predictor.configure(app)
    quota.configure(app)
    web.configure(app)
    commands.register(app)
    return app
