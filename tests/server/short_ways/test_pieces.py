"""A letter that is typed is answered the short way as the long way answers it."""

from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.server.short_ways.test_direct import long_way, shown, taken  # noqa: F401 # fixtures
from tests.support import sites
from tests.support.factories import promote_another

NAMES = ["Anna", "Dr.+Anna+Maria", "%E8%8A%B1%E5%AD%90", "o'neil", "%3Cb%3EEva", "Zzyzx", "Jean-Pierre"]
ASKED = [
    *(f"/guess?name={name}" for name in NAMES),
    "/guess?name=Andrea&country=IT",
    "/guess?name=Kim+M%C3%BCller&form=given_first",
    "/guess?name=Kim&lang=de",
    "/guess?lang=ar&name=Sasha",
]
REFUSED = ["/guess?name=123", "/guess?name=Kim&country=xyz", "/guess?name=Kim&form=none", "/guess?name=+"]
CHOICES = [{}, {"language": "fr"}, {"nomen_country": "IT"}, {"language": "es", "nomen_country": "DE"}]


def test_both_ways_answer_alike(client: FlaskClient, long_way: FlaskClient) -> None:  # noqa: F811
    for site in (client, long_way):
        for language in ("de", "fr", "es", "en"):  # of each the first goes the long way
            site.get(f"/guess?name=Sasha&lang={language}")
    for cookies in CHOICES * 2:  # made, and remembered
        for site in (client, long_way):
            choose(site, cookies)
        for path in [*ASKED, *REFUSED]:
            assert shown(client.get(path)) == shown(long_way.get(path)), (path, cookies)


def choose(site: FlaskClient, cookies: dict[str, str]) -> None:
    for name in ("language", "nomen_country"):
        site.delete_cookie(name)
    for name, value in cookies.items():
        site.set_cookie(name, value)


def test_a_browser_s_language_is_answered(client: FlaskClient) -> None:
    wished = {"en": "Was that right?", "de-AT,en;q=0.4": "War das richtig?"}
    for _ in range(3):
        for wish, words in wished.items():
            response = client.get("/guess?name=Anna", headers={"Accept-Language": wish})
            assert words in response.json["html"]
            assert response.headers["Content-Language"] == wish[:2]


def test_letters_go_the_short_way(client: FlaskClient, taken: list[str]) -> None:  # noqa: F811
    client.get("/guess?name=Ki")
    taken.clear()
    client.get("/guess?name=Kim")
    assert taken == []


@pytest.mark.parametrize("path", ["/guess", "/guess?name=123"])
def test_what_is_refused_goes_the_long_way(
    client: FlaskClient,
    taken: list[str],  # noqa: F811
    path: str,
) -> None:
    client.get("/guess?name=Ki")
    taken.clear()
    assert client.get(path).status_code == 422
    assert taken == ["long"]


def test_it_sees_no_session_and_sets_no_cookie(client: FlaskClient) -> None:
    for path in ("/?name=Kim", "/guess?name=Ki"):  # with a visitor's cookie from now on
        client.get(path)
    for _ in range(2):
        assert "Set-Cookie" not in client.get("/guess?name=Kim").headers


def test_a_promotion_empties_what_is_kept(app: Flask, client: FlaskClient) -> None:
    before = [client.get("/guess?name=Anna").json["html"] for _ in range(3)][-1]
    with app.app_context():
        promote_another()
    app.extensions["predictor"].refresh()
    assert "v1 anna" in before and "v2 anna" in client.get("/guess?name=Anna").json["html"]


def test_letters_are_counted(instance: Path) -> None:
    with sites.open_site(instance, GUESSES_PER_MINUTE=3, RATELIMIT_ENABLED=True) as app:
        asked = [app.test_client().get("/guess?name=Anna") for _ in range(5)]
    assert [response.status_code for response in asked] == [200] * 3 + [429] * 2
    assert int(asked[-1].headers["Retry-After"]) > 0
