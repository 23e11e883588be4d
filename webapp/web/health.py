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
    """Say which version serves; "degraded" if it is not the one that was promoted, 503 while none does."""
    holder = predictor.get()
    version = f"v{holder.current().version_id}"
    # 200 all the same: it answers, and a load balancer must not take it away.
    if holder.trouble:
        return jsonify(status="degraded", version=version, trouble=holder.trouble)
    return jsonify(status="ready", version=version)
