"""An authenticator app, and a log-in with it."""

import re
from datetime import datetime, timedelta

from flask import Flask
from flask.testing import FlaskClient
from passlib.totp import TOTP
from werkzeug.test import TestResponse

from tests.support.sites import PASSWORD
from tests.support.visits import post, words


class Phone:
    """An authenticator app: it was shown a key, and shows codes."""

    def __init__(self, client: FlaskClient) -> None:
        key = re.search(r'class="key">([A-Z2-7-]+)<', client.get("/second-factor").text)
        assert key
        self._totp = TOTP(key=key[1].replace("-", ""))
        self._steps = 0

    def code(self) -> str:
        """Return a code that it has not shown before: of now, then of the next half minute."""
        self._steps += 1
        return self.code_at((self._steps - 1) * 30)

    def code_at(self, seconds: int) -> str:
        """Return the code of a moment from now."""
        return str(self._totp.generate(datetime.now() + timedelta(seconds=seconds)).token)


def set_up(client: FlaskClient) -> tuple[Phone, list[str]]:
    """Turn the second factor on; return the phone and the recovery codes."""
    phone = Phone(client)
    page = post(client, "/second-factor", password=PASSWORD, code=phone.code())
    assert page.status_code == 200, words(page.text)
    return phone, re.findall(r"<li><code>([0-9a-f-]+)</code></li>", page.text)


def give_password(app: Flask, email: str = "admin@example.org", **more: str) -> FlaskClient:
    """Return a browser that has come as far as the code."""
    client = app.test_client()
    answer = post(client, "/login", email=email, password=PASSWORD, **more)
    assert answer.status_code == 303 and answer.location.startswith("/login/code")
    return client


def give_code(client: FlaskClient, code: str, **more: str) -> TestResponse:
    """Send the code that the log-in waits for."""
    return post(client, "/login/code", code=code, **more)
