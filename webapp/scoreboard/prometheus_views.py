"""Gauges for Prometheus, if the settings say so."""

from flask import Blueprint, Response, current_app
from prometheus_client import CONTENT_TYPE_LATEST

from webapp.errors import NotFound
from webapp.extensions import limiter
from webapp.scoreboard import prometheus

pages = Blueprint("metrics", __name__)


@pages.get("/metrics")
@limiter.exempt
def show() -> Response:
    """Give the gauges, or 404 unless METRICS is on."""
    if not current_app.config["METRICS"]:
        raise NotFound("There is no page here.")
    return Response(prometheus.text(), content_type=CONTENT_TYPE_LATEST)
