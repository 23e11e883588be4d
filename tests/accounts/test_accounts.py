"""Log-in, log-out, passwords, and who is kept out."""

import time
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.support.sites import PASSWORD, settings_for
from tests.support.visits import log_in, post
from webapp import create_app
from webapp.accounts import login
from webapp.accounts import service as accounts
from webapp.audit import trail as audit
from webapp.errors import Conflict, Invalid, NotFound
from webapp.storage import database

ADMIN = "admin@example.org"
NEW = "another horse, another battery"


def is_in(client: FlaskClient) -> bool:
    return client.get("/password").status_code == 200


def test_a_user_logs_in(app: Flask) -> None:
    assert is_in(log_in(app, " Admin@Example.org "))


@pytest.mark.parametrize("email", [ADMIN, "nobody@example.org", "", "x" * 300])
def test_a_wrong_log_in_says_the_same_of_every_account(client: FlaskClient, email: str) -> None:
    answer = post(client, "/login", email=email, password="wrong")
    assert answer.status_code == 403 and login.REFUSED in answer.text
    assert not is_in(client)


def test_the_sixth_wrong_log_in_is_refused_even_with_the_right_password(client: FlaskClient) -> None:
    for _ in range(5):
        post(client, "/login", email=ADMIN, password="wrong")
    answer = post(client, "/login", email=ADMIN, password=PASSWORD)
    assert answer.status_code == 429 and int(answer.headers["Retry-After"]) > 0


def test_a_hundred_wrong_log_ins_of_one_address_are_mostly_refused_unseen(client: FlaskClient) -> None:
    codes = [post(client, "/login", email=f"{i}@x.org", password="no").status_code for i in range(100)]
    assert codes.count(403) == 30 and codes.count(429) == 70


def test_a_right_log_in_forgets_the_wrong_ones(app: Flask, client: FlaskClient) -> None:
    for _ in range(3):
        for _ in range(4):
            post(client, "/login", email=ADMIN, password="wrong")
        assert is_in(log_in(app, ADMIN))


def test_a_forged_forwarded_address_does_not_evade_the_throttle(client: FlaskClient) -> None:
    for i in range(6):
        client.environ_base["HTTP_X_FORWARDED_FOR"] = f"10.0.0.{i}"
        answer = post(client, "/login", email=ADMIN, password="wrong")
    assert answer.status_code == 429


def test_the_cookie_from_before_a_log_out_is_dead(app: Flask, admin_client: FlaskClient) -> None:
    copied = admin_client.get_cookie("nomen")
    post(admin_client, "/logout")
    thief = app.test_client()
    thief.set_cookie("nomen", copied.value)
    assert not is_in(thief) and not is_in(admin_client)


def test_a_changed_password_ends_the_other_log_ins(app: Flask, admin_client: FlaskClient) -> None:
    elsewhere = log_in(app, ADMIN)
    assert post(admin_client, "/password", old=PASSWORD, new=NEW).status_code == 200
    assert is_in(admin_client) and not is_in(elsewhere)
    assert is_in(log_in(app, ADMIN, NEW))


@pytest.mark.parametrize(("old", "new"), [("wrong", NEW), (PASSWORD, "short"), (PASSWORD, PASSWORD)])
def test_a_password_is_not_changed_to_a_bad_one(admin_client: FlaskClient, old: str, new: str) -> None:
    assert post(admin_client, "/password", old=old, new=new).status_code == 422


def test_guessing_the_present_password_is_throttled(admin_client: FlaskClient) -> None:
    codes = [post(admin_client, "/password", old="wrong", new=NEW).status_code for _ in range(6)]
    assert codes == [422] * 5 + [429]


def test_a_log_in_ends_by_itself(app: Flask, admin_client: FlaskClient) -> None:
    with admin_client.session_transaction() as cookie:
        cookie["fs_paa"] -= app.config["LOGIN_HOURS"] * 3600
    assert not is_in(admin_client)


def test_a_disabled_user_is_out_at_once(app: Flask, reviewer_client: FlaskClient) -> None:
    with app.app_context():
        accounts.disable("reviewer@example.org", by=ADMIN)
    assert not is_in(reviewer_client)
    assert post(reviewer_client, "/login", email="reviewer@example.org", password=PASSWORD).status_code == 403


def test_a_password_that_was_given_must_be_changed_first(app: Flask) -> None:
    with app.app_context():
        given = accounts.add("new@example.org", "reviewer", by=ADMIN)
    client = log_in(app, given.email, given.password)
    assert "Somebody else has seen" in client.get("/password").text
    post(client, "/password", old=given.password, new=NEW)
    assert "Somebody else has seen" not in client.get("/password").text


@pytest.mark.parametrize(
    "target", ["//evil.org", "/\\evil.org", "https:evil.org", "https://evil.org", "/\t/x"]
)
def test_a_log_in_leads_to_no_other_site(client: FlaskClient, target: str) -> None:
    answer = post(client, "/login", email=ADMIN, password=PASSWORD, next=target)
    assert answer.status_code == 303 and "evil" not in answer.location and answer.location[1:2] != "\t"


def test_a_log_in_leads_to_where_one_wanted_to_go(client: FlaskClient) -> None:
    asked = client.get("/password?a=b")
    assert asked.status_code == 303 and asked.location == "/login?next=/password?a%3Db"
    answer = post(client, "/login", email=ADMIN, password=PASSWORD, next="/password?a=b")
    assert answer.location == "/password?a=b"


def test_a_log_in_leads_home(client: FlaskClient) -> None:
    page = client.get("/login").text
    assert 'name="next" value="/admin"' in page
    assert post(client, "/login", email=ADMIN, password=PASSWORD).location == "/admin"


def test_json_callers_are_told_to_log_in(client: FlaskClient) -> None:
    answer = client.get("/password", headers={"Accept": "application/json"})
    assert answer.status_code == 401 and answer.content_type == "application/problem+json"


def test_a_log_in_without_a_csrf_token_is_refused(client: FlaskClient) -> None:
    assert client.post("/login", data={"email": ADMIN, "password": PASSWORD}).status_code == 400
    assert not is_in(client)


def test_log_ins_and_log_outs_are_audited(app: Flask, admin_client: FlaskClient) -> None:
    post(admin_client, "/logout")
    post(admin_client, "/login", email=ADMIN, password="wrong")
    with app.app_context():
        newest = [(e.actor, e.action, e.subject) for e in audit.page(audit.AuditFilter())[0][:3]]
    assert newest == [
        ("somebody", "login.fail", ADMIN),
        (ADMIN, "login.end", ""),
        (ADMIN, "login.succeed", ""),
    ]


def test_what_is_typed_as_an_unknown_account_is_not_kept(app: Flask, client: FlaskClient) -> None:
    post(client, "/login", email="my-password-by-mistake", password="x")
    with app.app_context():
        assert audit.page(audit.AuditFilter())[0][0].subject == "an unknown account"


def test_passwords_are_kept_as_argon2_hashes(app: Flask) -> None:
    with app.app_context():
        assert accounts.find_user(ADMIN).password.startswith("$argon2id$")


def test_the_last_admin_stays(app: Flask) -> None:
    with app.app_context():
        for change in (
            lambda: accounts.disable(ADMIN, by=ADMIN),
            lambda: accounts.set_role(ADMIN, "reviewer", by=ADMIN),
        ):
            with pytest.raises(Conflict):
                change()
        assert accounts.find_user(ADMIN).active and accounts.has_admin()


@pytest.mark.parametrize("email", ["", "no-at-sign", "two words@x.org", "a@b\x1b[31m", "x" * 300 + "@y.org"])
def test_a_user_needs_an_e_mail(app: Flask, email: str) -> None:
    with app.app_context(), pytest.raises(Invalid):
        accounts.add(email, "admin", by=ADMIN)


def test_a_user_is_added_once(app: Flask) -> None:
    with app.app_context(), pytest.raises(Conflict):
        accounts.add(ADMIN.upper(), "admin", by=ADMIN)


def test_an_unknown_user_is_not_found(app: Flask) -> None:
    with app.app_context(), pytest.raises(NotFound):
        accounts.reset("nobody@example.org", by=ADMIN)


def test_an_unknown_account_costs_the_same_time(instance: Path) -> None:
    slow = {"SECURITY_PASSWORD_HASH_PASSLIB_OPTIONS": {"argon2__time_cost": 8, "argon2__memory_cost": 16384}}
    app = create_app(settings_for(instance, **slow))
    with app.test_request_context():
        accounts.reset(ADMIN, by="tests")
        known, unknown = (fastest(app, email) for email in (ADMIN, "nobody@example.org"))
    database.dispose(app)
    assert 0.5 < known / unknown < 2


def fastest(app: Flask, email: str) -> float:
    """Return the least work that a wrong log-in took, in seconds of a core: argon2 has threads of its own."""
    client, times = app.test_client(), []
    for _ in range(4):
        began = time.process_time()
        post(client, "/login", email=email, password="wrong")
        times.append(time.process_time() - began)
    return min(times)
