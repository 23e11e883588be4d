"""What gunicorn writes of a request."""

from datetime import timedelta
from types import SimpleNamespace

from gunicorn.config import Config

from webapp.logs.log_format import GunicornLogger

REQUEST = {
    "REQUEST_METHOD": "GET",
    "PATH_INFO": "/c/abcdefghijklmnopqrstuvwxyz",
    "QUERY_STRING": "apikey=verysecret",
    "REMOTE_ADDR": "203.0.113.7",
    "HTTP_COOKIE": "nomen=cookie",
}


def test_an_access_line_holds_no_address_no_query_and_no_secret() -> None:
    answer = SimpleNamespace(status="200 OK", sent=7)
    line = str(GunicornLogger(Config()).atoms(answer, None, REQUEST, timedelta(milliseconds=3)))
    assert "/c/…" in line
    assert not any(secret in line for secret in ("abcdefg", "verysecret", "203.0.113.7", "cookie"))
