"""Whether the site is alive, and whether it can answer."""

from flask import Blueprint, Response, jsonify

from webapp.extensions import limiter
from webapp.guessing import predictor

pages = Blueprint("health", __name__)


@pages.get("/healthz")
@limiter.exempt
def healthz() -> Response:
    """Say that this process answers."""
    return jsonify(status="ok")


@pages.get("/readyz")
@limiter.exempt
def readyz() -> Response:
    """Say which version serves, or 503 while none does."""
    return jsonify(status="ready", version=f"v{predictor.get().current().version_id}")
