"""Links and pictures of guesses: harmless whatever was typed."""

import io
from urllib.parse import unquote

import pytest
from flask.testing import FlaskClient
from PIL import Image

from webapp.guessing import share_image


def test_a_shared_guess_shows_tiles_and_a_picture(client: FlaskClient) -> None:
    page = client.get("/n/anna").text
    assert 'property="og:image" content="http://localhost/n/anna/picture.png"' in page
    assert "tile" in page and 'name="token"' not in page


@pytest.mark.parametrize(
    ("typed", "read_as"),
    [
        ("Dr.%20José", "/n/José"),
        ("Anna%20(Anne)", "/n/Anna"),
        ("A\u202eb", "/n/Ab"),
        ("Anna%20%20Maria", "/n/Anna%20Maria"),
    ],
)
def test_a_link_leads_to_what_was_read(client: FlaskClient, typed: str, read_as: str) -> None:
    answer = client.get(f"/n/{typed}")
    assert answer.status_code == 301 and unquote(answer.headers["Location"]) == unquote(read_as)


@pytest.mark.parametrize("typed", ["12", "a" * 65, "%00"])
def test_what_is_no_name_has_no_page_and_no_picture(client: FlaskClient, typed: str) -> None:
    assert client.get(f"/n/{typed}").status_code == 422
    assert client.get(f"/n/{typed}/picture.png").status_code == 422


@pytest.mark.parametrize(("name", "title"), [("jürgen", "Jürgen"), ("Σοφία", "Σοφία"), ("anna", "Anna")])
def test_a_link_keeps_the_spelling(client: FlaskClient, name: str, title: str) -> None:
    page = client.get(f"/n/{name}").text
    assert f"<h1>{title}</h1>" in page and f"<title>{title} · Nomen</title>" in page
    assert f'og:title" content="{title}: ' in page


def test_names_that_nobody_vouches_for_are_not_indexed(client: FlaskClient) -> None:
    assert "noindex" in client.get("/n/rudeword").text
    assert "noindex" not in client.get("/n/anna").text


def test_the_guess_page_tells_other_sites_of_its_picture(client: FlaskClient) -> None:
    assert "/n/Anna/picture.png" in client.get("/?name=Anna").text
    assert "og:image" not in client.get("/").text


@pytest.mark.parametrize("name", ["a", "giovanna", "maria-del-carmen o'neil", "m" * 64])
def test_pictures_are_of_one_size_however_long_the_name(name: str) -> None:
    trace = tuple(index / len(name) for index in range(len(name)))
    assert Image.open(io.BytesIO(share_image.of_guess(name, trace, 0.5, "en"))).size == (1200, 630)


@pytest.mark.parametrize("n", range(1, 65))
def test_no_tile_leaves_its_picture(n: int) -> None:
    columns, side = share_image._grid(n)
    rows = -(-n // columns)
    assert columns * side * 1.1 <= 1057 and rows * side * 1.1 <= 271 and side >= 40


def test_tiles_have_the_colours_of_the_pages() -> None:
    ends = [share_image.color(p) for p in (0.0, 0.5, 1.0)]
    assert ends == [(0x14, 0x60, 0x6B), (0xEC, 0xE7, 0xDD), (0xC2, 0x79, 0x0A)]


def test_a_picture_is_kept_by_browsers_and_made_once(client: FlaskClient) -> None:
    first = client.get("/n/anna/picture.png")
    assert "max-age" in first.headers["Cache-Control"]
    again = client.get("/n/anna/picture.png", headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304
