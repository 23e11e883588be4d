"""The second factor of staff: set up, asked for, used once, renewed, removed, required by a setting."""

import re
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.support.phones import Phone, give_code, give_password, set_up
from tests.support.sites import PASSWORD
from tests.support.visits import log_in, post, words
from webapp.accounts import login
from webapp.accounts import service as accounts
from webapp.accounts.second_factor import service as second_factor
from webapp.audit import trail as audit
from webapp.extensions import db

ADMIN, REVIEWER = "admin@example.org", "reviewer@example.org"
NEW = "another horse, another battery"


def is_in(client: FlaskClient) -> bool:
    return client.get("/password").status_code == 200


def newest(app: Flask) -> tuple[str, str, str]:
    with app.app_context():
        entry = audit.page(audit.AuditFilter())[0][0]
        return entry.actor, entry.action, entry.subject


def test_setting_it_up_shows_a_picture_and_a_key_and_ten_recovery_codes(admin_client: FlaskClient) -> None:
    page = admin_client.get("/second-factor").text
    assert 'src="data:image/svg+xml;base64,' in page
    _, codes = set_up(admin_client)
    assert len(set(codes)) == 10 and is_in(admin_client)
    assert "It is on" in words(admin_client.get("/second-factor").text)


def test_the_key_stays_the_same_until_it_is_set_up(admin_client: FlaskClient) -> None:
    first, second = Phone(admin_client), Phone(admin_client)
    assert first.code() == second.code()


@pytest.mark.parametrize(("password", "code"), [("wrong", None), (PASSWORD, "000000"), (PASSWORD, "")])
def test_it_is_not_set_up_without_the_password_and_a_code(
    admin_client: FlaskClient, password: str, code: str | None
) -> None:
    phone = Phone(admin_client)
    given = phone.code() if code is None else code
    answer = post(admin_client, "/second-factor", password=password, code=given)
    assert answer.status_code == 422 and 'role="alert"' in answer.text
    assert "It is on" not in admin_client.get("/second-factor").text


def test_setting_it_up_ends_the_other_log_ins(app: Flask, admin_client: FlaskClient) -> None:
    elsewhere = log_in(app, ADMIN)
    set_up(admin_client)
    assert is_in(admin_client) and not is_in(elsewhere)


def test_it_is_not_set_up_twice(admin_client: FlaskClient) -> None:
    phone, _ = set_up(admin_client)
    assert post(admin_client, "/second-factor", password=PASSWORD, code=phone.code()).status_code == 409


def test_a_log_in_asks_for_the_code_and_goes_where_one_wanted_to(
    app: Flask, admin_client: FlaskClient
) -> None:
    phone, _ = set_up(admin_client)
    client = give_password(app, next="/review")
    assert not is_in(client) and client.get("/admin").status_code == 303
    assert 'name="next" value="/review"' in client.get("/login/code?next=/review").text
    answer = give_code(client, phone.code(), next="/review")
    assert (answer.status_code, answer.location) == (303, "/review") and is_in(client)
    assert newest(app) == (ADMIN, "login.succeed", "")


def test_a_code_leads_to_no_other_site(app: Flask, admin_client: FlaskClient) -> None:
    phone, _ = set_up(admin_client)
    assert give_code(give_password(app), phone.code(), next="//evil.example").location == "/admin"


def test_a_code_works_once(app: Flask, admin_client: FlaskClient) -> None:
    phone, _ = set_up(admin_client)
    code = phone.code()
    assert give_code(give_password(app), code).status_code == 303
    assert give_code(give_password(app), code).status_code == 403


def test_the_code_that_set_it_up_does_not_log_in(app: Flask, admin_client: FlaskClient) -> None:
    phone = Phone(admin_client)
    code = phone.code()
    post(admin_client, "/second-factor", password=PASSWORD, code=code)
    assert give_code(give_password(app), code).status_code == 403


@pytest.mark.parametrize("seconds", [-90, 90])
def test_a_code_of_another_time_does_not_fit(app: Flask, admin_client: FlaskClient, seconds: int) -> None:
    phone, _ = set_up(admin_client)
    assert give_code(give_password(app), phone.code_at(seconds)).status_code == 403


def test_a_wrong_code_is_told_of_and_audited(app: Flask, admin_client: FlaskClient) -> None:
    set_up(admin_client)
    client = give_password(app)
    answer = give_code(client, "000000")
    assert answer.status_code == 403 and "does not fit" in answer.text and not is_in(client)
    assert newest(app) == ("somebody", "login.fail", ADMIN)


def test_codes_are_not_guessed(app: Flask, admin_client: FlaskClient) -> None:
    phone, _ = set_up(admin_client)
    told = [give_code(give_password(app), "000000").status_code for _ in range(6)]
    assert told == [403] * 5 + [429]
    assert give_code(give_password(app), phone.code()).status_code == 429


def test_a_code_without_the_password_leads_to_the_log_in(app: Flask, admin_client: FlaskClient) -> None:
    phone, _ = set_up(admin_client)
    stranger = app.test_client()
    assert stranger.get("/login/code").location.startswith("/login")
    assert give_code(stranger, phone.code()).location.startswith("/login") and not is_in(stranger)


def test_the_wait_for_a_code_ends(app: Flask, admin_client: FlaskClient) -> None:
    phone, _ = set_up(admin_client)
    client = give_password(app)
    with client.session_transaction() as cookie:
        cookie["half_log_in"] = cookie["half_log_in"] | {"at": 0}
    assert give_code(client, phone.code()).location.startswith("/login") and not is_in(client)


def test_a_new_password_ends_the_wait_for_a_code(app: Flask, admin_client: FlaskClient) -> None:
    phone, _ = set_up(admin_client)
    client = give_password(app)
    post(admin_client, "/password", old=PASSWORD, new=NEW)
    assert give_code(client, phone.code()).location.startswith("/login") and not is_in(client)


WAYS = (str, str.upper, lambda code: code.replace("-", ""), lambda code: f" {code} ")


@pytest.mark.parametrize("write", WAYS)
def test_a_recovery_code_works_once_however_it_is_written(
    app: Flask, admin_client: FlaskClient, write: Callable[[str], str]
) -> None:
    _, codes = set_up(admin_client)
    client = give_password(app)
    assert give_code(client, write(codes[3])).status_code == 303 and is_in(client)
    assert "9 recovery codes are left" in words(client.get("/second-factor").text)
    assert give_code(give_password(app), codes[3]).status_code == 403


def test_new_recovery_codes_end_the_old_ones(app: Flask, admin_client: FlaskClient) -> None:
    phone, old = set_up(admin_client)
    page = post(admin_client, "/second-factor/codes", password=PASSWORD, code=phone.code())
    new = re.findall(r"<li><code>([0-9a-f-]+)</code></li>", page.text)
    assert len(new) == 10 and not set(new) & set(old)
    assert give_code(give_password(app), old[0]).status_code == 403
    assert give_code(give_password(app), new[0]).status_code == 303


@pytest.mark.parametrize("path", ["/second-factor/codes", "/second-factor/off"])
@pytest.mark.parametrize(("password", "code"), [("wrong", None), (PASSWORD, "000000")])
def test_it_is_not_changed_without_password_and_code(
    admin_client: FlaskClient, path: str, password: str, code: str | None
) -> None:
    phone, _ = set_up(admin_client)
    answer = post(admin_client, path, password=password, code=code or phone.code())
    assert answer.status_code == 422 and "10 recovery codes are left" in words(answer.text)


def test_it_is_turned_off(app: Flask, admin_client: FlaskClient) -> None:
    phone, _ = set_up(admin_client)
    assert post(admin_client, "/second-factor/off", password=PASSWORD, code=phone.code()).status_code == 303
    assert is_in(log_in(app, ADMIN)) and newest(app)[1] == "login.succeed"
    with app.app_context():
        user = accounts.find_user(ADMIN)
        assert (user.tf_totp_secret, user.totp_counter) == (None, None) and not user.mf_recovery_codes


def test_guessing_the_password_here_is_throttled(admin_client: FlaskClient) -> None:
    told = [post(admin_client, "/second-factor", password="wrong", code="1").status_code for _ in range(6)]
    assert told == [422] * 5 + [429]


def test_an_admin_removes_it_for_somebody_who_lost_the_phone(
    app: Flask, admin_client: FlaskClient, reviewer_client: FlaskClient
) -> None:
    set_up(reviewer_client)
    assert "Remove second factor" in admin_client.get("/users").text
    assert post(admin_client, "/users/remove-factor", email=REVIEWER).status_code == 303
    assert newest(app) == (ADMIN, "factor.remove", REVIEWER)
    assert not is_in(reviewer_client) and is_in(log_in(app, REVIEWER))
    assert post(admin_client, "/users/remove-factor", email=REVIEWER).status_code == 409


def test_nobody_removes_their_own_that_way(admin_client: FlaskClient) -> None:
    set_up(admin_client)
    assert post(admin_client, "/users/remove-factor", email=ADMIN).status_code == 409


def test_a_command_removes_it(app: Flask, admin_client: FlaskClient) -> None:
    set_up(admin_client)
    done = app.test_cli_runner().invoke(args=["users", "remove-factor", ADMIN])
    assert "with the password alone" in done.output and is_in(log_in(app, ADMIN))


def test_a_required_second_factor_comes_before_everything_of_the_staff(
    app: Flask, admin_client: FlaskClient
) -> None:
    app.config["REQUIRE_SECOND_FACTOR"] = True
    for path in ("/admin", "/review", "/users", "/versions"):
        assert admin_client.get(path).location == "/second-factor"
    assert post(admin_client, "/users", email="x@example.org", role="admin").location == "/second-factor"
    assert "This site asks everybody" in words(admin_client.get("/second-factor").text)
    set_up(admin_client)
    assert admin_client.get("/admin").status_code == 200


def test_it_is_asked_for_nobody_unless_the_setting_says_so(admin_client: FlaskClient) -> None:
    assert admin_client.get("/admin").status_code == 200


def test_strangers_have_no_such_page(client: FlaskClient) -> None:
    assert client.get("/second-factor").location.startswith("/login")
    for path in ("/second-factor", "/second-factor/codes", "/second-factor/off"):
        assert post(client, path).location.startswith("/login")


def test_secrets_and_recovery_codes_are_kept_encrypted(app: Flask, admin_client: FlaskClient) -> None:
    phone, codes = set_up(admin_client)
    with app.app_context():
        user = accounts.find_user(ADMIN)
        kept = str(user.tf_totp_secret) + str(user.mf_recovery_codes)
    assert not any(code in kept for code in codes) and phone._totp.base32_key not in kept


def test_two_log_ins_at_once_cannot_use_one_code(app: Flask, admin_client: FlaskClient) -> None:
    phone, _ = set_up(admin_client)
    first, second, code = give_password(app), give_password(app), phone.code()
    assert [give_code(client, code).status_code for client in (first, second)] == [303, 403]


def test_an_account_without_one_is_asked_for_none(app: Flask) -> None:
    with app.test_request_context():
        assert login.log_in(ADMIN, PASSWORD, "127.0.0.1") is True
        assert second_factor.n_recovery_codes() == 0
        db.session.rollback()


def test_who_is_logged_in_already_is_asked_for_no_code(reviewer_client: FlaskClient) -> None:
    answer = reviewer_client.get("/login/code")
    assert answer.status_code == 303 and answer.location == "/admin"
