"""A disk without a byte left: guesses go on, and nobody gets in or is thanked in vain."""

import contextlib
import io
import json
import shutil
import sqlite3
import urllib.request
from collections.abc import Iterator
from contextlib import closing
from itertools import product
from pathlib import Path

import pytest

from tests.support.full_disk import fill_up, filled, small_disk
from tests.support.processes import GUNICORN, Process, Refused, Visitor, running
from tests.support.sites import PASSWORD, copy_instance, open_site
from tests.support.visits import post
from tests.support.waiting import eventually

pytestmark = pytest.mark.process
ADMIN = "admin@example.org"
NAME = "name=Anna"
GUESSES = (f"/?{NAME}", f"/guess?{NAME}", f"/api/v1/guess?{NAME}", f"/genderize?{NAME}", "/n/anna", "/learn")


@pytest.fixture(scope="module")
def disk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    with small_disk(tmp_path_factory.mktemp("disk"), megabytes=16) as mounted:
        if mounted is None:
            pytest.skip("This user may not mount a disk of its own, so none can be filled.")
        yield mounted


@pytest.fixture(scope="module")
def site(disk: Path, blank_instance: Path) -> Iterator[Process]:
    """A site whose instance folder is a small disk; it has not written anything yet."""
    instance = copy_instance(blank_instance, disk / "instance")
    with running(GUNICORN, instance, WEB_WORKERS="1") as process:
        yield process


def n_answers(site: Process) -> int:
    with closing(sqlite3.connect(f"file:{site.instance / 'nomen.db'}?mode=ro", uri=True)) as file:
        return int(file.execute("SELECT count(*) FROM feedback").fetchone()[0])


def test_guesses_go_on_and_log_ins_do_not(site: Process, disk: Path) -> None:
    visitor = Visitor(site.address)
    with filled(disk):
        for path in GUESSES * 3:
            assert "nna" in visitor.get(path), path
        with pytest.raises(Refused) as refused:
            visitor.log_in(ADMIN, PASSWORD)
        assert refused.value.status == 503
    assert Visitor(site.address).log_in(ADMIN, PASSWORD)


def test_nobody_is_thanked_for_what_a_full_disk_did_not_take(site: Process, disk: Path) -> None:
    before, thanked = n_answers(site), 0
    with filled(disk):
        for first, last in product("abcdef", repeat=2):
            with contextlib.suppress(Refused):
                thanked += Visitor(site.address).answer(f"mar{first}{last}", "both")
            fill_up(disk)  # what the database gave back, too
    assert n_answers(site) == before + thanked
    assert Visitor(site.address).answer("Zuleika", "both") and n_answers(site) == before + thanked + 1


def test_a_key_guesses_on_a_full_disk(site: Process, disk: Path) -> None:
    visitor = Visitor(site.address)
    visitor.log_in(ADMIN, PASSWORD)
    _, page = visitor.send("/admin/keys", "/admin/keys", title="a", scope="read", days="30")
    secret = "nomen_" + page.partition("nomen_")[2][:43]
    address = f"{site.address}/api/v1/guess?{NAME}"
    with filled(disk):
        asked = urllib.request.Request(address, headers={"X-Api-Key": secret})
        with urllib.request.urlopen(asked) as answer:
            assert json.load(answer)["read_as"] == "anna"


def test_a_file_that_a_full_disk_does_not_take_is_told_so(disk: Path, blank_instance: Path) -> None:
    instance = copy_instance(blank_instance, disk / "another")
    with open_site(instance, PROPAGATE_EXCEPTIONS=False) as app:
        for _ in range(2):  # with a database that is not open yet, and with one that is
            with filled(disk):
                told = post(app.test_client(), "/batch", file=(io.BytesIO(b"name\nAnna"), "people.csv"))
            assert told.status_code == 503 and "There is no room" in told.text
            assert app.test_client().get("/history").status_code == 200
    shutil.rmtree(instance)


def test_quotas_are_counted_for_all_again_once_there_is_room(site: Process, disk: Path) -> None:
    with filled(disk):
        Visitor(site.address).get(f"/genderize?{NAME}")

    def is_counted() -> bool:
        Visitor(site.address).get(f"/genderize?{NAME}")
        with closing(sqlite3.connect(site.instance / "quota.db")) as file, contextlib.suppress(sqlite3.Error):
            return bool(file.execute("SELECT n FROM counts WHERE key LIKE '%genderize%'").fetchone())
        return False

    assert eventually(is_counted)
