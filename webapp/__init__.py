"""The Nomen web site."""

from typing import TYPE_CHECKING, Any

from training import __version__
from webapp.config import ROOT, read_settings

if TYPE_CHECKING:
    from apiflask import APIFlask


def create_app(overrides: dict[str, Any] | None = None) -> "APIFlask":
    """Build the site from the environment and `overrides` (same names; tests use them)."""
    # Here, and not above: whoever only reads settings starts at once, without the site.
    from apiflask import APIFlask

    from webapp import registration
    from webapp.accounts import service as accounts
    from webapp.guessing import predictor
    from webapp.languages import setup as languages
    from webapp.presentation import template_filters
    from webapp.server import static_files
    from webapp.server.short_ways import direct, pieces
    from webapp.storage import database, files, quotas, secret_key
    from webapp.web import error_pages, headers, setup

    app = APIFlask(
        "webapp",
        json_errors=False,
        docs_path=None,
        spec_path=None,
        root_path=str(ROOT),
        title="Nomen",
        version=__version__,
    )
    app.config.update(read_settings() | (overrides or {}))
    # In this order: what is bound later reads what was bound before (the key, the database, the limits).
    app.jinja_environment = template_filters.Environment
    secret_key.configure(app)
    languages.configure(app)
    database.configure(app)
    files.configure(app)
    accounts.configure(app)
    quotas.configure(app)
    direct.configure(app, registration.SHORT_WAYS)
    pieces.configure(app, registration.PIECES)
    setup.configure(app)
    predictor.configure(app)
    registration.register_blueprints(app)
    error_pages.register(app)
    template_filters.register(app)
    headers.configure(app)
    static_files.configure(app)
    registration.register_commands(app)
    return app
