"""/metrics, for Prometheus."""

import hmac
from ipaddress import ip_address

from flask import Blueprint, Response, current_app, request
from prometheus_client import CONTENT_TYPE_LATEST

from webapp.errors import NotFound
from webapp.extensions import limiter
from webapp.metrics import requests, site
from webapp.web import caching

pages = Blueprint("metrics", __name__)


@pages.get("/metrics")
@limiter.exempt
def metrics() -> Response:
    """Give all figures; 404 unless METRICS is on, and to all who may not see them."""
    if not current_app.config["METRICS"] or not _may_see():
        raise NotFound("There is no page here.")
    response = Response(requests.text() + site.gauges(), content_type=CONTENT_TYPE_LATEST)
    return caching.keep_nowhere(response)


def _may_see() -> bool:
    token = current_app.config["METRICS_TOKEN"]
    if token:
        given = request.headers.get("Authorization", "").removeprefix("Bearer ")
        return hmac.compare_digest(given.encode(), token.encode())
    # Without a token, this machine's own Prometheus alone.
    return ip_address(request.remote_addr or "0.0.0.0").is_loopback  # nosec B104 # no address to bind to
