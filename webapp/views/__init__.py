"""The pages and the API, one small module an audience."""

from flask import Flask

from webapp.views import (
    account,
    audit,
    comparisons,
    batch,
    dashboards,
    errors,
    feedback,
    figures,
    genderize,
    guess,
    health,
    history,
    learn,
    play,
    scoreboard,
    share,
    users,
)

PAGES = (
    account,
    audit,
    comparisons,
    batch,
    dashboards,
    feedback,
    genderize,
    guess,
    health,
    history,
    learn,
    play,
    scoreboard,
    share,
    users,
)


def register(app: Flask) -> None:
    """Attach every blueprint and the error pages."""
    for module in PAGES:
        app.register_blueprint(module.pages)
    errors.register(app)
    figures.register(app)
