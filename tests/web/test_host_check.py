"""A `Host` that names no host: 400 in one line, whatever is asked for."""

import pytest
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st

from webapp.web.setup import is_host

BAD = ("a..b", ".a", "x" * 64, "a." + "x" * 64 + ".b", "a b", "a/b", "a@b", "-a", "a-", "ä", "a:b", "[::1")
GOOD = ("localhost", "127.0.0.1:8000", "[::1]:8000", "nomen.example.org", "a_b.example", "x" * 63)
PATHS = ("/", "/scoreboard", "/api/v1/guess?name=Anna", "/genderize?name=anna", "/nowhere")


@pytest.mark.parametrize("host", BAD)
@pytest.mark.parametrize(
    "path", ["/", "/scoreboard", "/api/v1/guess?name=Anna", "/genderize?name=anna", "/nowhere"]
)
def test_a_host_that_is_none_is_refused_in_one_line(client: FlaskClient, host: str, path: str) -> None:
    answer = client.get(path, headers={"Host": host.encode().decode("latin-1")})
    assert answer.status_code == 400 and answer.text.count("\n") == 0 and answer.mimetype == "text/plain"


@pytest.mark.parametrize("host", GOOD)
def test_a_host_is_served(client: FlaskClient, host: str) -> None:
    assert client.get("/healthz", headers={"Host": host}).status_code == 200


@given(st.text(max_size=300))
def test_whatever_passes_can_be_made_an_address(host: str) -> None:
    if is_host(host):
        host.partition(":")[0].rstrip(".").encode("idna")
