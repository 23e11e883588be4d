"""Walks the URL map: nothing is open that should not be, and nothing is written without a CSRF token."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule

from tests.support.visits import method_of, post, rules
from webapp.extensions import csrf
from webapp.web import access

PUBLIC = {
    "account",
    "api",
    "api_docs",
    "cards",
    "feedback",
    "files",
    "game",
    "genderize",
    "guess",
    "health",
    "holdout_names",
    "learn",
    "live_training",
    "metrics",
    "offline",
    "privacy",
    "scoreboard",
    "second_factor",
    "static",
}
BY_KEY_ALONE = {"api", "genderize"}  # no session counts there, so no CSRF token is needed
PUBLIC_PAGES = "cards"  # stand under /versions beside what is for admins
FOR_ADMINS = ("/audit", "/users", "/retraining", "/versions", "/admin/keys")


def blueprint(rule: Rule) -> str:
    return rule.endpoint.partition(".")[0]


def test_every_blueprint_is_public_or_guarded(app: Flask) -> None:
    there = {blueprint(rule) for rule in app.url_map.iter_rules()}
    assert there == PUBLIC | set(access.GUARDED), "say in PUBLIC that it is open to all, or guard it"
    assert not PUBLIC & set(access.GUARDED)


def test_what_only_staff_may_see_lies_in_guarded_blueprints(app: Flask) -> None:
    for rule in app.url_map.iter_rules():
        if rule.rule.startswith((*FOR_ADMINS, "/admin", "/review")) and blueprint(rule) != PUBLIC_PAGES:
            assert blueprint(rule) in access.GUARDED, rule


def test_strangers_and_visitors_are_sent_to_the_log_in(app: Flask, client: FlaskClient) -> None:
    client.get("/?name=Anna")
    for rule, path in rules(app, writing=False):
        if blueprint(rule) in access.GUARDED:
            answer = client.get(path)
            assert answer.status_code == 303 and answer.location.startswith("/login?next="), path


def test_strangers_write_nothing_of_the_staff(app: Flask, client: FlaskClient) -> None:
    for rule, path in rules(app, writing=True):
        if blueprint(rule) in access.GUARDED:
            answer = post(client, path)
            assert answer.status_code == 303 and answer.location == "/login", path


def test_reviewers_are_kept_from_what_is_for_admins(app: Flask, reviewer_client: FlaskClient) -> None:
    for rule, path in [*rules(app, writing=False), *rules(app, writing=True)]:
        if access.GUARDED.get(blueprint(rule)) == access.ADMIN or (
            rule.rule.startswith(FOR_ADMINS) and blueprint(rule) != PUBLIC_PAGES
        ):
            writes = "POST" in (rule.methods or ())
            answer = post(reviewer_client, path) if writes else reviewer_client.get(path)
            assert answer.status_code == 403, path


def test_what_staff_sees_is_in_no_cache(app: Flask, admin_client: FlaskClient) -> None:
    for rule, path in rules(app, writing=False):
        if blueprint(rule) in access.GUARDED:
            answer = admin_client.get(path)
            assert answer.headers["Cache-Control"] == "private, no-store", path
            assert "Cookie" in answer.headers.get("Vary", "") or answer.status_code >= 400, path


def test_every_write_needs_a_csrf_token(app: Flask, admin_client: FlaskClient) -> None:
    for rule, path in rules(app, writing=True):
        if blueprint(rule) not in BY_KEY_ALONE:
            assert admin_client.open(path, method=method_of(rule)).status_code == 400, path


def test_only_what_a_key_opens_needs_no_csrf_token(app: Flask) -> None:
    exempt = {getattr(one, "name", one) for one in csrf._exempt_blueprints}
    assert exempt <= BY_KEY_ALONE
    assert csrf._exempt_views == set()


@pytest.mark.parametrize("origin", ["https://evil.example", "null"])
def test_another_site_gets_no_leave_to_read(app: Flask, admin_client: FlaskClient, origin: str) -> None:
    for rule, path in rules(app, writing=False):
        if blueprint(rule) != "genderize":
            answer = admin_client.get(path, headers={"Origin": origin})
            assert "Access-Control-Allow-Origin" not in answer.headers, path
