"""What machines ask of every site: whether it is alive and can answer, what they may read, its icon."""

from pathlib import Path

from flask import Blueprint, Response, current_app, jsonify

from webapp.errors import Unavailable
from webapp.extensions import limiter
from webapp.guessing import predictor
from webapp.records import lookup
from webapp.web.caching import keep_for

pages = Blueprint("health", __name__)
NOT_FOR_ROBOTS = (
    # What is for one visitor or for staff, and what costs a core some time.
    "/admin",
    "/api/",
    "/audit",
    "/batch/",
    "/c/",
    "/genderize",
    "/history/",
    "/login",
    "/metrics",
    "/password",
    "/retraining",
    "/review",
    "/scoreboard/holdout/names",
    "/thanks",
    "/users",
)
DAY = 86400  # seconds


@pages.get("/healthz")
@limiter.exempt
def healthz() -> Response:
    """Say that this process answers."""
    return jsonify(status="ok")


@pages.get("/readyz")
@limiter.exempt
def readyz() -> Response:
    """Say which version serves; "degraded" if it is not the newest promoted; 503 without one or records."""
    holder = predictor.get()
    try:
        version = f"v{holder.current().version_id}"
        lookup.require()  # without the records no guess can be told: a load balancer leaves this machine out
    except Unavailable as error:
        response = jsonify(status="unready", trouble=str(error))
        response.status_code = 503
        return response
    # 200 all the same: it answers, and a load balancer must not take it away.
    if holder.trouble:
        return jsonify(status="degraded", version=version, trouble=holder.trouble)
    return jsonify(status="ready", version=version)


@pages.get("/robots.txt")
@limiter.exempt
def robots() -> Response:
    """Say what search engines may read."""
    lines = ["User-agent: *", "Allow: /api/docs", *(f"Disallow: {path}" for path in NOT_FOR_ROBOTS)]
    return keep_for(DAY, Response("\n".join(lines) + "\n", mimetype="text/plain"))


@pages.get("/favicon.ico")
@limiter.exempt
def icon() -> Response:
    """Give the icon to those who ask for it without reading a page first."""
    drawing = Path(current_app.static_folder or "") / "favicon.svg"
    return keep_for(DAY, Response(drawing.read_bytes(), mimetype="image/svg+xml"))
