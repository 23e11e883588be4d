"""What machines ask: whether this one can answer."""

from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.support import sites


def test_a_machine_without_its_records_says_so_and_is_left_out(app: Flask, client: FlaskClient) -> None:
    assert client.get("/readyz").json["status"] == "ready"
    corpus = Path(app.config["INSTANCE"]) / "corpus.db"
    corpus.rename(corpus.with_suffix(".away"))
    answer = client.get("/readyz")
    assert answer.status_code == 503 and "flask setup" in answer.json["trouble"]
    assert client.get("/healthz").status_code == 200
    corpus.with_suffix(".away").rename(corpus)
    assert client.get("/readyz").status_code == 200


@pytest.mark.process
def test_a_machine_makes_its_folder(postgresql: str, tmp_path: Path) -> None:
    folder = tmp_path / "not" / "there"
    with sites.open_site(folder, DATABASE_URL=postgresql):
        assert folder.is_dir()
