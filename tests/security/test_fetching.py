"""The server asks nobody for anything, whatever address it is given."""

import socket

from flask import Flask
from flask.testing import FlaskClient

from tests.security.test_addresses import ASKED, LEAVES
from tests.support.visits import post, rules
from tests.test_house import SITE, imports, is_edge

CLIENTS = {"urllib.request", "http.client", "requests", "urllib3", "httpx", "ftplib", "smtplib"}
TEXTS = ("name", "search", "text", "next", "url")
FIELDS = ("name", "file", "pasted", "title", "email", "reason", "corpus", "next", "token", "url", "note")


def test_no_module_that_answers_a_request_can_fetch() -> None:
    assert [module for module in SITE if is_edge(module) and imports(module) & CLIENTS] == []


def test_no_address_that_somebody_gives_is_fetched(app: Flask, admin_client: FlaskClient) -> None:
    app.config["PROPAGATE_EXCEPTIONS"] = False
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.setblocking(False)
        address = f"http://127.0.0.1:{listener.getsockname()[1]}/x"
        for rule, path in rules(app, writing=False):
            if not rule.rule.startswith(LEAVES):
                # Together, and those that take text one by one: another's refusal would come first.
                for asked in ([*ASKED, "url"], *([one] for one in TEXTS)):
                    admin_client.get(path, query_string=dict.fromkeys(asked, address)).close()
        for rule, path in rules(app, writing=True):
            if not rule.rule.startswith(LEAVES):
                post(admin_client, path, **dict.fromkeys(FIELDS, address))
        try:
            who = listener.accept()
        except BlockingIOError:
            who = None
    assert who is None
