"""An instance that release 1.0.0 made is taken over without anything being lost."""

import json
import os
import re
import subprocess
import sys
import tarfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from tests.contract.make_instance import ARCHIVE, EXPECTED
from tests.contract.memory import recall
from tests.contract.site import ROOT
from tests.support.old_actions import OLD_ACTIONS
from webapp import create_app

BEFORE = json.loads(EXPECTED.read_text(encoding="utf-8"))
GROWING = {"audit trail", "guesses"}
WITH_FRACTIONS = {
    *("pages of runs", "promotions", "a game that was begun"),
    *("a comparison", "names that wait", "the visitor's game", "the visitor's history"),
}
"""Axes of charts are written anew by every release; a share has as many digits as its count can carry, and
is told in words where it is nearly all or about even."""
MORE_DIGITS = {"a comparison", "names that wait", "the visitor's game"}
"""Of these every share that was told then is told now, to half a hundredth."""
TOLD_OTHERWISE = {
    # Answers of "both" are counted beside the others; how many names are broken ends its sentence.
    "a comparison": {"13": 1, "5": 1, "0": 1},
    "the visitor's history": {"53": 2, "55": 4},  # hundredths of guesses that are told as women and men alike
}
"""Figures that later releases tell in other words, and how often each was told."""

pytestmark = pytest.mark.process


@pytest.fixture(scope="module")
def instance(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder, as `make run` prepares it before it starts."""
    folder = tmp_path_factory.mktemp("old")
    with tarfile.open(ARCHIVE) as archive:
        archive.extractall(folder, filter="data")
    settings = {"INSTANCE": str(folder / "instance"), "DATABASE_URL": "", "SECRET_KEY": "", "REDIS_URL": ""}
    command = [sys.executable, "-m", "flask", "--app", "wsgi", "setup"]
    done = subprocess.run(command, cwd=ROOT, env=os.environ | settings, capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (0, ""), done.stdout + done.stderr
    return folder / "instance"


@pytest.fixture(scope="module")
def app(instance: Path) -> Iterator[Flask]:
    """The present code over the old folder, with the key that the folder keeps."""
    settings = {"INSTANCE": str(instance), "DATABASE_URL": "", "SECRET_KEY": "", "REDIS_URL": ""}
    app = create_app({"TESTING": True, "RATELIMIT_ENABLED": False} | settings)
    yield app
    with app.app_context():
        app.extensions["sqlalchemy"].engine.dispose()


@pytest.fixture(scope="module")
def now(app: Flask) -> dict[str, Any]:
    """What is remembered now."""
    return recall(app, BEFORE["known"])


def facts(told: object, whole: bool) -> Counter[str]:
    """Return every figure, version and address in what was told; the words around them may change."""
    figures = r"(?<![.\d])\bv?\d[\d,]*\b(?![.%])" if whole else r"\bv?\d[\d,.]*%?"
    text = json.dumps(told, ensure_ascii=False)
    return Counter(re.findall(rf"[\w.+-]+@[\w.]+|{figures}", text))


def shares(told: object) -> set[float]:
    """Return every percentage in what was told."""
    return {float(share) for share in re.findall(r"([\d.]+)%", json.dumps(told))}


@pytest.mark.parametrize("what", sorted(set(BEFORE["remembered"]) - GROWING))
def test_nothing_of_it_is_lost(now: dict[str, Any], what: str) -> None:
    whole = what in WITH_FRACTIONS
    lost = facts(BEFORE["remembered"][what], whole) - facts(now[what], whole)
    assert lost == Counter(TOLD_OTHERWISE.get(what, {}))


@pytest.mark.parametrize("what", sorted(MORE_DIGITS))
def test_a_share_has_more_digits_and_is_the_same(now: dict[str, Any], what: str) -> None:
    then, told = shares(BEFORE["remembered"][what]), shares(now[what])
    # What is about even was told as men's share and is told as women's.
    known = {side for share in told for side in (share, 100 - share)}
    assert [share for share in then if not any(abs(share - other) <= 0.5 for other in known)] == []


def test_the_old_champion_guesses_as_it_did(now: dict[str, Any]) -> None:
    assert now["guesses"] == pytest.approx(BEFORE["remembered"]["guesses"], abs=1e-6)


def test_the_audit_trail_only_grew(now: dict[str, Any]) -> None:
    then = [
        entry | {"action": OLD_ACTIONS.get(entry["action"], entry["action"])}
        for entry in BEFORE["remembered"]["audit trail"]
    ]
    assert [entry for entry in now["audit trail"] if entry in then] == then


def test_an_old_answer_can_be_deleted_by_who_gave_it(app: Flask) -> None:
    visitor = app.test_client()
    visitor.set_cookie("nomen", BEFORE["known"]["cookie"])
    token = re.search(r'name="csrf_token" value="([^"]+)"', visitor.get("/history").text)
    assert token
    answer = visitor.post("/feedback/1/delete", data={"csrf_token": token[1]})
    assert answer.status_code == 303
    assert "Giovanna" not in re.sub("value=.*", "", visitor.get("/history").text)


def test_a_disabled_user_stays_out(app: Flask) -> None:
    said = app.test_cli_runner().invoke(args=["users", "list"]).output
    assert "gone@example.org" in said and "disabled" in said


def test_a_new_run_can_be_queued_in_the_old_queue(app: Flask) -> None:
    run = app.test_cli_runner().invoke
    started = run(args=["runs", "start", "--kind", "scratch", "--preset", "tiny"])
    assert started.output == "Run 5 is queued. flask runs show 5 tells how it goes.\n"
    assert run(args=["runs", "cancel", "5"]).output == "Run 5 ends.\n"


def test_the_champion_can_be_rolled_back(app: Flask) -> None:
    said = app.test_cli_runner().invoke(args=["versions", "rollback", "--reason", "To see."]).output
    assert said == "v2 serves again.\n"
