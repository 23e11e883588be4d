"""What must not work: headers, hosts, proxies, cookies, paths, secrets."""

import os
import stat
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.support.sites import settings_for
from tests.support.visits import log_in, post, rules
from webapp import create_app
from webapp.config import BadSetting
from webapp.storage import database, secret_key


@pytest.fixture
def behind_tls(instance: Path) -> Flask:
    """A site behind one proxy that ends TLS."""
    app = create_app(settings_for(instance, PROXIES=1, HTTPS=True, TRUSTED_HOSTS=["nomen.example"]))
    yield app
    database.dispose(app)


def ask(app: Flask, **headers: str) -> object:
    sent = {"Host": "nomen.example"} | {name.replace("_", "-"): value for name, value in headers.items()}
    return app.test_client().get("/login", headers=sent)


def test_every_page_has_the_headers_that_keep_browsers_safe(app: Flask, admin_client: FlaskClient) -> None:
    for _rule, path in rules(app, writing=False):
        headers = admin_client.get(path).headers
        policy = headers["Content-Security-Policy"]
        assert "default-src 'self'" in policy and "frame-ancestors 'none'" in policy, path
        assert "unsafe-eval" not in policy and "script-src" not in policy, path
        assert headers["X-Content-Type-Options"] == "nosniff", path
        assert headers["Referrer-Policy"] == "same-origin", path


def test_inline_styles_are_let_in_on_chart_pages_alone(app: Flask, admin_client: FlaskClient) -> None:
    let_in = [
        path
        for _rule, path in rules(app, writing=False)
        if "unsafe-inline" in admin_client.get(path).headers["Content-Security-Policy"]
    ]
    assert "/" not in let_in and "/login" not in let_in and "/scoreboard" not in let_in


def test_tls_is_kept_once_it_was_used(behind_tls: Flask) -> None:
    assert "max-age" in ask(behind_tls, X_Forwarded_Proto="https").headers["Strict-Transport-Security"]
    assert "Strict-Transport-Security" not in ask(behind_tls).headers


def test_cookies_are_for_this_site_over_tls_alone(behind_tls: Flask) -> None:
    cookie = ask(behind_tls, X_Forwarded_Proto="https").headers["Set-Cookie"]
    assert "Secure" in cookie and "HttpOnly" in cookie and "SameSite=Lax" in cookie


def test_another_host_name_is_refused(behind_tls: Flask) -> None:
    assert ask(behind_tls).status_code == 200
    for forged in ({"Host": "evil.example"}, {"X_Forwarded_Host": "evil.example"}):
        answer = ask(behind_tls, **forged)
        assert answer.status_code == 400 and "evil" not in answer.text


def test_a_forwarded_address_counts_behind_a_known_proxy(behind_tls: Flask) -> None:
    def wrong(address: str) -> int:
        client = behind_tls.test_client()
        client.environ_base |= {"HTTP_X_FORWARDED_FOR": address, "HTTP_X_FORWARDED_PROTO": "https"}
        client.environ_base["HTTP_REFERER"] = "https://nomen.example/login"
        page = client.get("/login", base_url="https://nomen.example").text
        token = page.partition('name="csrf_token" value="')[2].partition('"')[0]
        form = {"email": "admin@example.org", "password": "no", "csrf_token": token}
        return client.post("/login", data=form, base_url="https://nomen.example").status_code

    assert [wrong("10.0.0.1") for _ in range(6)] == [403] * 5 + [429]
    assert wrong("10.0.0.2") == 403


@pytest.mark.parametrize("path", ["/console", "/?__debugger__=yes&cmd=resource&f=style.css"])
def test_there_is_no_debugger(client: FlaskClient, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 404 or "Guess" in answer.text
    assert "EVALEX" not in answer.text and "werkzeug" not in answer.text.lower()


@pytest.mark.parametrize(
    "path",
    ["../wsgi.py", "..\\wsgi.py", "%2e%2e/wsgi.py", "//etc/passwd", "file:///etc/passwd", "..%2fwsgi.py"],
)
def test_a_path_leads_nowhere_else(client: FlaskClient, path: str) -> None:
    assert client.get(f"/static/{path}", follow_redirects=True).status_code == 404


def test_a_page_that_only_reads_sets_no_cookie_twice(client: FlaskClient) -> None:
    client.get("/scoreboard")
    assert "Set-Cookie" not in client.get("/scoreboard").headers


def test_the_visitor_stays_the_same_through_a_log_in(app: Flask) -> None:
    client = log_in(app, "admin@example.org")
    with client.session_transaction() as cookie:
        cookie["visitor"] = "v" * 32
    post(client, "/logout")
    with client.session_transaction() as cookie:
        assert cookie["visitor"] == "v" * 32 and "_user_id" not in cookie


def test_a_random_key_is_kept_for_its_owner_alone(tmp_path: Path) -> None:
    os.umask(0)
    key = secret_key.read_or_create(tmp_path / "secret_key")
    assert stat.S_IMODE((tmp_path / "secret_key").stat().st_mode) == 0o600
    assert len(key) >= 32 and secret_key.read_or_create(tmp_path / "secret_key") == key


def test_a_key_that_others_can_read_is_closed_to_them(tmp_path: Path) -> None:
    (tmp_path / "secret_key").write_text("k3y-" + "0123456789abcdefghijklmnopqrstuv")
    (tmp_path / "secret_key").chmod(0o644)
    secret_key.read_or_create(tmp_path / "secret_key")
    assert stat.S_IMODE((tmp_path / "secret_key").stat().st_mode) == 0o600


@pytest.mark.parametrize("key", ["short", "a" * 64, "changeme-0123456789-abcdefghij-xyz", "secret" * 8])
def test_a_key_that_can_be_guessed_stops_the_start(tmp_path: Path, key: str) -> None:
    with pytest.raises(BadSetting, match="too easy to guess"):
        create_app(settings_for(tmp_path, SECRET_KEY=key))


def test_a_folder_that_cannot_be_written_stops_the_start(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(BadSetting, match="cannot be written"):
        secret_key.read_or_create(tmp_path / "file" / "secret_key")
