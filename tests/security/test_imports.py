"""A file that somebody brings as a network: refused with a sentence, and the champion goes on."""

import io
import pickle
import zipfile
from collections.abc import Callable

import pytest
import torch
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.support.factories import add_version
from tests.support.networks import tiny_artifact
from tests.support.visits import csrf_token
from training.model import artifact, saving
from training.model.network import Network
from training.model.settings import NetworkSettings
from webapp.accounts import service as accounts
from webapp.versions import service as versions


def bring(client: FlaskClient, data: bytes) -> TestResponse:
    head = b'--b\r\nContent-Disposition: form-data; name="file"; filename="x"\r\n\r\n'
    return client.post(
        "/versions/import",
        data=head + data + b"\r\n--b--\r\n",
        content_type="multipart/form-data; boundary=b",
        headers={"X-CSRFToken": csrf_token(client)},
    )


def zipped(_good: bytes) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("archive/data.pkl", b"\0" * 1_000_000)
    return file.getvalue()


BAD: dict[str, Callable[[bytes], bytes]] = {
    "nothing": lambda good: b"",
    "a pickle": lambda good: pickle.dumps(["x"] * 100),
    "a zip file": zipped,
    "a page": lambda good: b"<script>alert(1)</script>" * 10,
    "half of it": lambda good: good[: len(good) // 2],
    "one flipped bit": lambda good: good[:-9] + bytes([good[-9] ^ 1]) + good[-8:],
    "a header without end": lambda good: b"\xff" * 8 + good[8:],
    "more than 8 MB": lambda good: good + b"\0" * artifact.LARGEST,
    "another alphabet": lambda good: good.replace(b'"abcdefghij', b'"bacdefghij'),
    "a deep header": lambda good: (60_000).to_bytes(8, "little") + b"[" * 60_000,
}


@pytest.mark.parametrize("spoil", BAD.values(), ids=list(BAD))
def test_it_is_refused_and_the_champion_goes_on(
    admin_client: FlaskClient, spoil: Callable[[bytes], bytes]
) -> None:
    answer = bring(admin_client, spoil(tiny_artifact(5)))
    assert answer.status_code == 422 and 'role="alert"' in answer.text
    assert "<script>alert" not in answer.text and "Traceback" not in answer.text
    assert admin_client.get("/readyz").json["version"] == "v1"


def test_a_network_of_the_usual_size_is_taken(admin_client: FlaskClient) -> None:
    torch.manual_seed(0)
    usual = saving.dump(Network(NetworkSettings("gru", 160)).eval(), {"name": "of the usual size"})
    assert len(usual) > 300_000 and bring(admin_client, usual).status_code == 303


def test_more_than_the_form_takes_is_refused_unread(admin_client: FlaskClient) -> None:
    assert bring(admin_client, b"\0" * 10 * 2**20).status_code == 413


def test_a_reviewer_brings_none(app: Flask, reviewer_client: FlaskClient) -> None:
    assert bring(reviewer_client, tiny_artifact(5)).status_code == 403
    with app.app_context():
        assert accounts.has_admin()


NONSENSE: list[tuple[dict[str, object], str]] = [
    ({"holdout": "x", "settings": [], "data": 5, "lineage": "y"}, "tells its &#39;holdout&#39;"),
    ({"holdout": {"all": 1, "hundred": []}, "curves": [], "slices": [1]}, "tells its &#39;slices&#39;"),
    ({"holdout": {"hundred": {"accuracy": "x", "tp": "z"}}}, "tells its &#39;holdout.hundred.n&#39;"),
    ({"data": {"names": []}, "machine": [], "created": {}}, "tells its &#39;created&#39;"),
    ({"command": "\ud800"}, "signs that cannot be shown"),
    ({"machine": {"\x1b[2J": "\x9b31m"}}, "signs that cannot be shown"),
    ({"weights": 10**400}, "tells its &#39;weights&#39;"),
]
PAGES = (
    "/versions",
    "/versions/v2",
    "/versions/v2/card.md",
    "/scoreboard/versions?version=1&version=2",
    "/scoreboard/holdout?version=2",
    "/scoreboard?version=2",
    "/scoreboard/again",
    "/retraining",
    "/admin",
    "/",
)


@pytest.mark.parametrize(("card", "sentence"), NONSENSE)
def test_a_card_full_of_nonsense_is_refused_with_a_sentence(
    app: Flask, admin_client: FlaskClient, card: dict[str, object], sentence: str
) -> None:
    refused = bring(admin_client, tiny_artifact(5, **card))
    assert refused.status_code == 422 and sentence in refused.text
    with app.app_context():
        assert len(versions.listing()) == 1


@pytest.mark.parametrize("card", [card for card, _ in NONSENSE])
def test_no_page_breaks_on_such_a_card_that_is_here_already(
    app: Flask, admin_client: FlaskClient, card: dict[str, object]
) -> None:
    app.config["PROPAGATE_EXCEPTIONS"] = False
    with app.app_context():
        add_version(5, **card)
    assert {path: admin_client.get(path).status_code for path in PAGES} == dict.fromkeys(PAGES, 200)


def test_markup_on_a_card_is_shown_as_text(admin_client: FlaskClient) -> None:
    markup = "<script>alert(1)</script>"
    assert bring(admin_client, tiny_artifact(5, name=markup, command=markup)).status_code == 303
    pages = [path for path in PAGES if not path.endswith(".md")]  # a file to keep, never a page
    assert [path for path in pages if "<script>alert" in admin_client.get(path).text] == []
    assert "alert(1)" in admin_client.get("/versions/v2").text


def test_a_card_with_every_part_is_taken_and_shown_on_every_page(admin_client: FlaskClient) -> None:
    card = artifact.read_card(artifact.SHIPPED.read_bytes())
    assert bring(admin_client, tiny_artifact(5, **card)).status_code == 303
    for path in PAGES:
        assert admin_client.get(path).status_code == 200, path
    page = admin_client.get("/versions/v2").text
    assert "100 bearers or more" in page and "Where it is weak" in page
