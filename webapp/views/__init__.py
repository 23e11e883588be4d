"""The pages and the API, one small module an audience."""

from flask import Flask

from webapp.views import account, errors, guess, health


def register(app: Flask) -> None:
    """Attach every blueprint and the error pages."""
    for module in (account, guess, health):
        app.register_blueprint(module.pages)
    errors.register(app)
