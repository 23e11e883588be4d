"""Pages that cost a core some milliseconds: each has a limit, and a name is drawn once a version."""

from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.support.factories import promote_another
from tests.support.sites import open_site
from webapp.guessing import predictor, share_image
from webapp.learn import unrolled
from webapp.web import caching

DEAR = [
    "/learn?name=Anna",
    "/learn/neuron?name=Anna",
    "/learn/training",
    "/n/anna",
    "/n/anna/picture.png",
    "/play/nothing/picture.png",
    "/scoreboard/holdout/names",
]


@pytest.mark.parametrize("path", DEAR)
def test_a_dear_page_has_a_limit(instance: Path, path: str) -> None:
    with open_site(instance, RATELIMIT_ENABLED=True, GUESSES_PER_MINUTE=60) as app:
        codes = [app.test_client().get(path).status_code for _ in range(62)]
    assert codes[:60].count(429) == 0 and codes[-1] == 429


def drawn(app: Flask) -> list[object]:
    """Return for which names and versions `/learn` was drawn."""
    return list(app.extensions["made_once"]["unrolled"])


def test_a_name_is_drawn_once_a_version_however_it_is_typed(app: Flask, client: FlaskClient) -> None:
    pages = [client.get(f"/learn?name={typed}").text for typed in ("Zoë", "zoe", "ZOE", "zoe")]
    assert len(drawn(app)) == 1 and "Zoë" in pages[0]
    with app.app_context():
        promote_another()
        predictor.get().refresh()
    assert client.get("/learn?name=zoe").text != pages[1] and len(drawn(app)) == 2


def test_what_is_remembered_is_bounded(app: Flask) -> None:
    with app.app_context():
        made = [caching.made_once("squares", n, lambda n=n: n * n + 1, at_most=3) for n in (1, 2, 3, 4, 1)]
    assert made == [2, 5, 10, 17, 2]
    assert [key for _language, key in app.extensions["made_once"]["squares"]] == [3, 4, 1]


def test_a_picture_is_drawn_once_a_name_and_version(app: Flask, client: FlaskClient) -> None:
    share_image.of_guess.cache_clear()
    first = client.get("/n/anna/picture.png").data
    assert client.get("/n/anna/picture.png").data == first
    with app.app_context():
        promote_another()
        predictor.get().refresh()
    assert client.get("/n/anna/picture.png").data != first
    assert (share_image.of_guess.cache_info().hits, share_image.of_guess.cache_info().misses) == (1, 2)


def test_the_liveliest_units_are_drawn() -> None:
    states = [[0.0, 1.0, 0.5], [1.0, 1.0, 0.6], [0.0, 1.0, 0.5]]
    assert unrolled._variance([1.0, 3.0]) == 1.0
    assert unrolled._tones(states)[1][0] == unrolled.TONES
