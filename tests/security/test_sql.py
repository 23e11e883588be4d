"""SQL in an address or a field is data."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.security.test_addresses import ASKED, LEAVES
from tests.support.factories import answer
from tests.support.visits import rules
from webapp.review import service as review

SECRET = "what the reviewer wrote to Ann alone"
INJECTED = ("x' OR '1'='1", "x' OR 1=1 --", '" OR ""="', "1; DROP TABLE feedback", "%' OR '%'='")


@pytest.mark.parametrize("value", INJECTED)
def test_sql_in_any_address_is_data(app: Flask, client: FlaskClient, value: str) -> None:
    app.config["PROPAGATE_EXCEPTIONS"] = False
    with app.app_context():
        row = answer("zuleika")
        review.decide([row.id], "rejected", by="eve", reason=SECRET)
    for rule, path in rules(app, writing=False):
        if not rule.rule.startswith(LEAVES):
            asked = re.sub(r"\bx\b", lambda _: value, path)
            with client.get(asked, query_string=dict.fromkeys(ASKED, value)) as told:
                assert told.status_code < 500 and SECRET.encode() not in told.data, asked
