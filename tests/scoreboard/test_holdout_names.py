"""The names behind a version's holdout: by cell, slice and said share, worst errors first, and as CSV."""

import csv
import io
import re
import threading
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.support.cards import CARD, CURVES
from tests.support.databases import damage
from tests.support.letters import letters_artifact
from tests.support.networks import tiny_artifact
from training.data.name_groups import SliceKind
from webapp.models import TaughtName
from webapp.scoreboard.holdout_names import answers, listing
from webapp.storage.database import writing
from webapp.versions import service as versions

NAMES = "/scoreboard/holdout/names"


@pytest.fixture
def by_letter(app: Flask) -> int:
    """A version that goes by the last letter alone: it misses Amparo, and has the other three right."""
    with app.app_context():
        return versions.add(letters_artifact(), "import", "test").id


def listed(page: str) -> list[str]:
    """Return the names of a page in their order."""
    return re.findall(r'<th scope="row"><a href="/\?name=([a-z]+)"', page)


def test_a_cell_opens_its_names(client: FlaskClient, by_letter: int) -> None:
    missed = client.get(f"{NAMES}?version={by_letter}&guessed=male&given=female").text
    assert listed(missed) == ["amparo"]
    assert all(said in missed for said in ("95.0%", "4.7%", "95.3%", "900"))
    assert listed(client.get(f"{NAMES}?version={by_letter}&guessed=male&given=male").text) == ["torbern"]


def test_the_worst_error_comes_first(client: FlaskClient, by_letter: int) -> None:
    page = client.get(f"{NAMES}?version={by_letter}&names=all").text
    assert listed(page) == ["amparo", "torbern", "ilmarinen", "zuleika"]
    assert "4 names: 3 right, 1 missed" in page


@pytest.mark.parametrize(
    ("asked", "names"),
    [
        ("kind=length&slice=7", ["torbern", "zuleika"]),
        ("kind=last_letter&slice=o", ["amparo"]),
        ("kind=bearers&slice=2–9", ["ilmarinen"]),
        ("kind=length&slice=7&outcome=missed", []),
        ("outcome=missed", ["amparo"]),
        ("bin=14", ["zuleika"]),
        ("bin=0&outcome=right", ["torbern", "ilmarinen"]),
        ("t=0.96", []),
    ],
)
def test_a_slice_a_said_share_and_a_threshold_open_theirs(
    client: FlaskClient, by_letter: int, asked: str, names: list[str]
) -> None:
    assert listed(client.get(f"{NAMES}?version={by_letter}&names=all&{asked}").text) == names


def test_all_of_them_are_downloaded(client: FlaskClient, by_letter: int) -> None:
    answer = client.get(f"{NAMES}?version={by_letter}&names=all&csv=1")
    rows = list(csv.DictReader(io.StringIO(answer.text)))
    assert answer.mimetype == "text/csv" and len(rows) == 4
    assert (rows[0]["name"], rows[0]["bearers"], rows[0]["right"]) == ("amparo", "900", "False")


def test_what_visitors_taught_it_is_no_test_of_it(app: Flask, client: FlaskClient, by_letter: int) -> None:
    with app.app_context(), writing() as session:
        session.add(TaughtName(version_id=by_letter, name="amparo", answer="female"))
    assert "amparo" not in listed(client.get(f"{NAMES}?version={by_letter}").text)


def test_long_lists_come_page_by_page() -> None:
    rows = [listing.HoldoutName(f"name {n}", 100, 1.0, 0.2) for n in range(120)]
    last = listing.page_of(rows, 9)
    assert (last.page, last.pages, len(last.rows), last.n_missed) == (3, 3, 20, 120)


@pytest.mark.parametrize(
    "address", ["?guessed=x", "?bin=15", "?bin=x", "?kind=x", "?outcome=x", "?names=famous", "?t=2"]
)
def test_what_does_not_exist_is_refused(client: FlaskClient, address: str) -> None:
    assert client.get(NAMES + address).status_code == 422


def test_the_names_are_read_once_and_kept(
    app: Flask, client: FlaskClient, by_letter: int, instance: Path
) -> None:
    client.get(f"{NAMES}?version={by_letter}")
    [kept] = (instance / answers.FOLDER).glob("*.f32")
    written = kept.stat().st_mtime_ns
    assert client.get(f"{NAMES}?version={by_letter}").status_code == 200
    assert kept.stat().st_mtime_ns == written


def test_a_file_that_was_cut_is_made_again(client: FlaskClient, by_letter: int, instance: Path) -> None:
    client.get(f"{NAMES}?version={by_letter}")
    [kept] = (instance / answers.FOLDER).glob("*.f32")
    kept.write_bytes(b"xx")
    assert listed(client.get(f"{NAMES}?version={by_letter}&outcome=missed").text) == ["amparo"]


def test_while_the_names_are_read_the_page_says_so_and_looks_again(
    client: FlaskClient, by_letter: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(answers, "PATIENCE", 0.01)
    with answers._one_at_a_time:
        page = client.get(f"{NAMES}?version={by_letter}")
    assert page.status_code == 202 and page.headers["Refresh"] == "3" and "reads the names" in page.text
    for thread in [thread for thread in threading.enumerate() if thread.name == "holdout-reader"]:
        thread.join()
    assert client.get(f"{NAMES}?version={by_letter}").status_code == 200


def test_a_damaged_version_is_told(client: FlaskClient, by_letter: int, instance: Path) -> None:
    damage(instance, by_letter)
    page = client.get(f"{NAMES}?version={by_letter}")
    assert page.status_code == 503 and f"v{by_letter} cannot be read" in page.text


def test_the_board_leads_to_cells_slices_and_said_shares(app: Flask, client: FlaskClient) -> None:
    bins = [{"low": 0.9333, "high": 1.0, "n": 5, "predicted": 0.95, "observed": 0.9}]
    parts = {"length": [{"slice": "7", "n": 40, "tp": 38, "fp": 1, "fn": 1, "tn": 0}]}
    card = CARD | {"curves_hundred": CURVES | {"calibration": bins}, "slices": parts}
    with app.app_context():
        version_id = versions.add(tiny_artifact(9, **card), "import", "test").id
    page = client.get(f"/scoreboard/holdout?version={version_id}&t=0.75").text
    here = f"{NAMES}?version={version_id}"
    assert "guessed=male&amp;given=female&amp;t=0.75" in page
    assert f"bin=14&amp;version={version_id}" in page
    assert f"{here}&amp;names=all&amp;kind={SliceKind.LENGTH}&amp;slice=7" in page
