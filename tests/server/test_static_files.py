"""Static files are kept for ever under a hash of their content, and compressed for those who take that."""

import gzip
import re
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from webapp.config import ROOT
from webapp.server import static_files


def ask(client: FlaskClient, address: str, encoding: str = "identity", **headers: str) -> TestResponse:
    """Ask for a file, and read all of it."""
    answer = client.get(address, headers={"Accept-Encoding": encoding, **headers})
    answer.get_data()
    answer.close()
    return answer


def linked(client: FlaskClient) -> list[str]:
    """Return the addresses of all scripts and sheets of the first page."""
    return re.findall(r'(?:href|src)="(/static/[^"]+\.(?:css|js)[^"]*)"', client.get("/").text)


def test_what_a_page_links_to_is_kept_for_ever(client: FlaskClient) -> None:
    found = linked(client)
    assert len(found) > 3
    for address in found:
        assert re.search(r"\?v=[0-9a-f]{12}$", address)
        assert ask(client, address).headers["Cache-Control"] == static_files.FOR_EVER


@pytest.mark.parametrize("address", ["/static/nomen.css", "/static/nomen.css?v=0123456789ab"])
def test_without_the_right_hash_a_file_is_asked_for_again(client: FlaskClient, address: str) -> None:
    assert "immutable" not in ask(client, address).headers.get("Cache-Control", "")


def test_another_content_is_another_address(tmp_path: Path) -> None:
    file = tmp_path / "a.css"
    file.write_text("a {}")
    before = static_files._digest(file)
    file.write_text("b {} ")
    assert static_files._digest(file) != before and before


@pytest.mark.parametrize("name", ["nomen.css", "guessing.js", "lib/elements.js"])
def test_text_is_compressed_for_those_who_take_that(client: FlaskClient, name: str) -> None:
    plain, packed = (ask(client, f"/static/{name}", encoding) for encoding in ("identity", "gzip"))
    content = (ROOT / "static" / name).read_bytes()
    assert plain.data == content and "Content-Encoding" not in plain.headers
    assert packed.headers["Content-Encoding"] == "gzip" and gzip.decompress(packed.data) == content
    assert "Accept-Encoding" in plain.headers["Vary"] and "Accept-Encoding" in packed.headers["Vary"]
    assert int(packed.headers["Content-Length"]) == len(packed.data) < len(content)


def test_pictures_are_sent_as_they_are(client: FlaskClient) -> None:
    answer = ask(client, "/static/icon-192.png", "gzip")
    assert answer.data == (ROOT / "static" / "icon-192.png").read_bytes()


def test_an_unchanged_file_is_not_sent_again(client: FlaskClient) -> None:
    for encoding in ("identity", "gzip"):
        etag = ask(client, "/static/nomen.css", encoding).headers["ETag"]
        again = ask(client, "/static/nomen.css", encoding, **{"If-None-Match": etag})
        assert again.status_code == 304


def test_a_link_to_no_file_has_no_hash(app: Flask) -> None:
    with app.test_request_context():
        assert app.url_for("static", filename="nothing.css") == "/static/nothing.css"


@pytest.mark.parametrize("debugs", [False, True])
def test_only_who_edits_a_file_sees_its_new_address_at_once(
    app: Flask, monkeypatch: pytest.MonkeyPatch, debugs: bool
) -> None:
    monkeypatch.setattr(app, "debug", debugs)
    with app.test_request_context():
        url_for = app.jinja_env.globals["url_for"]
        before = url_for("static", filename="nomen.css")
        monkeypatch.setattr(static_files, "_digest", lambda _path: "0123456789ab")
        assert (url_for("static", filename="nomen.css") != before) == debugs
