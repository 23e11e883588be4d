"""Two web machines with folders of their own, one PostgreSQL and one place for files."""

import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.support import sites
from tests.support.runs import has_worker, queued
from tests.support.servers import new_database
from tests.support.visits import log_in, post
from training.data import corpus
from webapp.files import uploads
from webapp.records import custom_corpora
from webapp.runs import lifecycle, resume_files
from webapp.runs import service as runs
from webapp.runs.worker import status as worker_status
from webapp.storage.database import writing

pytestmark = pytest.mark.process
PEOPLE = b"id,name\n1,Anna\n2,Kim\n"


@dataclass
class Machines:
    """Two sites; a request goes to either."""

    one: Flask
    other: Flask

    def browsers(self, email: str = "") -> tuple[FlaskClient, FlaskClient]:
        """Return one person's browser at each of the machines, with the same cookies."""
        first = log_in(self.one, email) if email else self.one.test_client()
        first.get("/?name=Anna")
        second = self.other.test_client()
        second._cookies = first._cookies
        return first, second


@pytest.fixture(params=["a shared folder", "a bucket"])
def machines(
    request: pytest.FixtureRequest, postgresql: str, blank_database: str, tmp_path: Path
) -> Iterator[Machines]:
    where = f"file://{tmp_path / 'shared'}"
    if request.param == "a bucket":
        where = request.getfixturevalue("bucket_url")
    url = new_database(postgresql, "machines", blank_database)
    given = {"DATABASE_URL": url, "FILES_URL": where, "SECRET_KEY": "k" * 10 + "ey of two machines, 0123"}
    for name in ("one", "other"):
        (tmp_path / name).mkdir()
        sites.write_corpus(tmp_path / name / "corpus.db")
    with (
        sites.open_site(tmp_path / "one", **given) as one,
        sites.open_site(tmp_path / "other", **given) as other,
    ):
        yield Machines(one, other)


def test_a_file_goes_round_robin(machines: Machines) -> None:
    first, second = machines.browsers()
    where = post(first, "/batch", file=(io.BytesIO(PEOPLE), "people.csv")).location
    for browser in (second, first, second):
        assert browser.get(where).status_code == 200
        assert browser.get(f"{where}/file?column=1").data.count(b"\n") == 3
    assert first.get(f"{where}/progress").json["state"] == "finished"
    with machines.one.app_context():
        uploads._remove(where.rpartition("/")[2])
    assert second.get(where).status_code == 404


def test_a_conversion_at_one_machine_is_stopped_at_the_other(
    machines: Machines, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(uploads, "EVERY", 0)
    first, second = machines.browsers()
    where = post(first, "/batch", file=(io.BytesIO(b"Anna\n" * 50_000), "people.csv")).location
    answer = second.get(f"{where}/file?column=0", buffered=False)
    pieces = iter(answer.response)
    next(pieces), next(pieces)
    assert first.get(f"{where}/progress").json["state"] == "running"
    post(first, f"{where}/stop")
    with pytest.raises(uploads.Stopped):
        list(pieces)
    answer.close()
    assert first.get(f"{where}/progress").json["state"] == "stopped"


def test_a_worker_at_one_machine_is_known_at_the_other(machines: Machines) -> None:
    with machines.one.app_context():
        presence = worker_status.Presence(worker_status.Machine(8, 16_384, "NVIDIA H200", 143_771))
        presence.show()
    admin = log_in(machines.other, "admin@example.org")
    assert "NVIDIA H200" in admin.get("/retraining").text
    with machines.one.app_context():
        presence.end()
        assert not has_worker()


def test_a_corpus_that_was_added_at_one_machine_is_learned_at_the_other(
    machines: Machines, tmp_path: Path
) -> None:
    counted = tmp_path / "islands.db"
    corpus.write_corpus(corpus.from_counts({"leilani": (30.0, 30)}, "islands.csv"), counted)
    with machines.one.app_context():
        custom_corpora.keep(counted, "islands", "ada", "islands.csv")
    with machines.other.app_context():
        [path] = custom_corpora.paths(["islands"])
        assert path.is_relative_to(tmp_path / "other") and path.read_bytes() == counted.read_bytes()


def test_a_run_goes_on_at_another_machine_from_where_it_stood(machines: Machines) -> None:
    with machines.one.app_context():
        run = queued(kind="scratch")
        lifecycle.claim(run.id)
        folder = resume_files.root() / str(run.id)
        folder.mkdir(parents=True)
        (folder / "checkpoint.pt").write_text("a state")
        (folder / resume_files.SNAPSHOT).write_text('{"name": "torbern", "answer": "female", "votes": 1}\n')
        resume_files.keep(run.id)
        with writing() as session:
            lifecycle.close(session, run.id, "failed", error=lifecycle.LOST)
        number = run.id
    with machines.other.app_context():
        again = runs.again(number, by="ada")
        assert again.settings["resumes"] == number
        folder = resume_files.root() / str(again.id)
        folder.mkdir(parents=True)
        assert resume_files.take_over(again).id == number
        assert (folder / "checkpoint.pt").read_text() == "a state"
    with machines.one.app_context():
        assert resume_files.find_resumable(again).id == again.id
        assert resume_files.find_resumable(runs.find_run(number)) is None
