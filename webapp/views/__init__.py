"""The pages and the API, one small module an audience."""

from flask import Flask

from webapp.views import (
    account,
    admin,
    api,
    api_docs,
    audit,
    batch,
    comparisons,
    dashboards,
    errors,
    feedback,
    figures,
    genderize,
    guess,
    health,
    history,
    keys,
    learn,
    metrics,
    model_cards,
    play,
    retraining,
    review,
    scoreboard,
    share,
    users,
    versions,
)

PAGES = (
    account,
    admin,
    api,
    api_docs,
    audit,
    batch,
    comparisons,
    dashboards,
    feedback,
    genderize,
    guess,
    health,
    history,
    keys,
    learn,
    metrics,
    model_cards,
    play,
    review,
    retraining,
    scoreboard,
    share,
    users,
    versions,
)


def register(app: Flask) -> None:
    """Attach every blueprint and the error pages."""
    for module in PAGES:
        app.register_blueprint(module.pages)
    api_docs.configure(app)
    errors.register(app)
    figures.register(app)
