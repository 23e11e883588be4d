"""Counts of requests and guesses, kept by each process and added up over all of them when somebody asks."""

import os
import time

from flask import Flask, Response, g, request
from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest, multiprocess

FOLDER = "PROMETHEUS_MULTIPROC_DIR"
"""The variable that names where the processes of one site count together; gunicorn.conf.py sets it."""
NOWHERE = "unknown"  # one route for all addresses that lead nowhere, or each would be a series for ever
BOUNDS = (0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 15)  # seconds
SOURCES = {"guess": "page", "share": "page", "api": "api", "genderize": "genderize", "files": "file"}
"""What a guess was asked through, by blueprint."""
_SHORT_SOURCES = {"/guess": "page", "/api/v1/guess": "api", "/genderize": "genderize"}

_registry = CollectorRegistry()
_requests = Counter(
    "nomen_requests", "Requests, by route and status", ["method", "route", "status"], registry=_registry
)
_seconds = Histogram(
    "nomen_request_seconds",
    "How long requests took until their answer began",
    ["route"],
    buckets=BOUNDS,
    registry=_registry,
)
_guesses = Counter(
    "nomen_guesses", "Requests that were answered with guesses, by source", ["source"], registry=_registry
)
_cached = Counter(
    "nomen_cache",
    "What was remembered and what had to be made, of whole answers and of names for the network",
    ["cache", "found"],
    registry=_registry,
)


def configure(app: Flask) -> None:
    """Count every request and what was remembered, where METRICS is on."""
    if app.config["METRICS"]:
        app.before_request(_begin)
        app.after_request(_count)
        for short_way in ("short_way", "pieces"):
            app.extensions[short_way].note = _count_short
        app.extensions["predictor"].note = _count_names


def _begin() -> None:
    g.begun = time.perf_counter()


def _count(response: Response) -> Response:
    route = request.url_rule.rule if request.url_rule else NOWHERE
    _requests.labels(request.method, route, response.status_code).inc()
    if "begun" in g:
        _seconds.labels(route).observe(time.perf_counter() - g.begun)
    if _is_guess() and response.status_code == 200:
        _guesses.labels(SOURCES.get(request.blueprint or "", "other")).inc()
    return response


def _count_short(path: str, seconds: float, is_remembered: bool) -> None:
    """Count a request that never reached the framework."""
    _requests.labels("GET", path, 200).inc()
    _seconds.labels(path).observe(seconds)
    _guesses.labels(_SHORT_SOURCES[path]).inc()
    _cached.labels("answers", "yes" if is_remembered else "no").inc()


def _count_names(n_remembered: int, n_read: int) -> None:
    for found, n in (("yes", n_remembered), ("no", n_read)):
        if n:
            _cached.labels("names", found).inc(n)


def _is_guess() -> bool:
    endpoint = request.endpoint or ""
    return endpoint.partition(".")[0] in SOURCES and ("name" in request.args or "guess" in endpoint)


def text() -> bytes:
    """Return all counts in Prometheus's text format: of all processes, where there are several."""
    if FOLDER not in os.environ:
        return generate_latest(_registry)
    registry = CollectorRegistry()
    multiprocess.MultiProcessCollector(registry)  # type: ignore[no-untyped-call] # it comes without types
    return generate_latest(registry)
