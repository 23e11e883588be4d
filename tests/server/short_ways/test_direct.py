"""The short way answers as the long way does, and leaves all else to it."""

import random
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.support import sites
from tests.support.factories import answer, promote_another
from webapp.guessing.genderize import answers
from webapp.models import Feedback
from webapp.server.short_ways.direct import ShortWay
from webapp.server.short_ways.pieces import Pieces
from webapp.storage.database import writing

PATHS = ("/genderize", "/api/v1/guess")
NAMES = ["Anna", "kim", "Σοφία", "José+Maria", "%4D%C3%BCller", "%FF", "123", "+", "Dr.+Anna", "o'neil"]
DIFFERS = ("Request-ID", "Remaining", "Reset")
"""Headers that end so are of a request, or of a moment."""


@pytest.fixture
def long_way(instance: Path) -> Iterator[FlaskClient]:
    """The same site without its short ways."""
    with sites.open_site(instance) as app:
        before, here = app, app.wsgi_app
        while not hasattr(here, "__self__"):  # until the framework's own method
            if isinstance(here, ShortWay | Pieces):
                here = here.site
                setattr(before, "wsgi_app" if before is app else "site", here)
            else:
                before, here = here, here.site
        yield app.test_client()


@pytest.fixture
def taken(app: Flask, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Whatever is asked for and taken the long way."""
    found: list[str] = []
    app.before_request(lambda: found.append("long"))
    return found


def shown(response: TestResponse) -> tuple[int, bytes, dict[str, str]]:
    headers = {name: value for name, value in response.headers.items() if not name.endswith(DIFFERS)}
    return response.status_code, response.data, headers


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("name", [*NAMES, "a" * 70])
def test_both_ways_answer_alike(client: FlaskClient, long_way: FlaskClient, path: str, name: str) -> None:
    client.get(f"{path}?name=Sasha")  # the first goes the long way in any case
    for _ in range(2):  # made, and remembered
        assert shown(client.get(f"{path}?name={name}")) == shown(long_way.get(f"{path}?name={name}"))


@pytest.mark.parametrize("path", PATHS)
def test_a_name_alone_goes_the_short_way(client: FlaskClient, taken: list[str], path: str) -> None:
    client.get(f"{path}?name=Anna")
    taken.clear()
    client.get(f"{path}?name=Kim")
    assert taken == []


@pytest.mark.parametrize(
    "path",
    [
        "/genderize?name=Kim&country_id=DE",
        "/genderize?name=Kim&name=Anna",
        "/genderize?name=",
        "/genderize?x=1",
    ],
)
def test_what_is_unusual_goes_the_long_way(client: FlaskClient, taken: list[str], path: str) -> None:
    client.get("/genderize?name=Anna")
    taken.clear()
    client.get(path)
    assert taken == ["long"]


@pytest.mark.parametrize("headers", [{"X-Api-Key": "x"}, {"Authorization": "Bearer x"}])
@pytest.mark.parametrize("path", PATHS)
def test_a_key_is_looked_at(
    client: FlaskClient, taken: list[str], path: str, headers: dict[str, str]
) -> None:
    client.get(f"{path}?name=Anna")
    taken.clear()
    client.get(f"{path}?name=Anna", headers=headers)
    assert taken == ["long"]


@pytest.mark.parametrize("path", PATHS)
def test_a_promotion_empties_what_is_kept(app: Flask, client: FlaskClient, path: str) -> None:
    before = [client.get(f"{path}?name=Anna").data for _ in range(3)][-1]
    with app.app_context():
        promote_another()
    app.extensions["predictor"].refresh()
    assert client.get(f"{path}?name=Anna").data != before


def test_an_accepted_correction_is_counted(
    app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(answers, "ACCEPTED_FOR", 0)
    before = [client.get("/genderize?name=Anna").json["count"] for _ in range(3)][-1]
    with app.app_context():
        answer("anna", "female")
        with writing() as session:
            session.query(Feedback).update({"status": "accepted"})
    assert client.get("/genderize?name=Anna").json["count"] == before + 1


def test_a_foreign_host_is_refused(instance: Path) -> None:
    with sites.open_site(instance, TRUSTED_HOSTS=["nomen.example"]) as app:
        client = app.test_client()
        assert client.get("/genderize?name=Anna", headers={"Host": "nomen.example"}).status_code == 200
        for _ in range(2):
            assert client.get("/genderize?name=Anna", headers={"Host": "evil.example"}).status_code == 400


def test_an_empty_quota_is_refused_in_the_site_s_words(instance: Path) -> None:
    with sites.open_site(instance, GENDERIZE_PER_DAY=3) as app:
        asked = [app.test_client().get("/genderize?name=Anna") for _ in range(5)]
    assert [response.status_code for response in asked] == [200] * 3 + [429] * 2
    assert [response.headers["X-Rate-Limit-Remaining"] for response in asked] == ["2", "1", "0", "0", "0"]


def test_any_bytes_in_the_address_are_answered_alike(client: FlaskClient, long_way: FlaskClient) -> None:
    chance = random.Random(0)
    for site in (client, long_way):
        site.get("/genderize?name=Anna")
    for _ in range(50):
        text = "".join(f"%{chance.randrange(256):02X}" for _ in range(chance.randrange(1, 9)))
        assert shown(client.get(f"/genderize?name={text}")) == shown(long_way.get(f"/genderize?name={text}"))
