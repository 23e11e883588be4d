"""A site in one file: taken while answers come in, read again, put back."""

import shutil
import sqlite3
import zipfile
from contextlib import closing
from itertools import count
from pathlib import Path

import pytest
from flask import Flask

from tests.support.factories import answer
from tests.support.repeating import Repeating
from tests.support.sites import settings_for
from webapp import create_app
from webapp.config import ROOT
from webapp.errors import Conflict, Invalid, NotFound
from webapp.maintenance import backup, instance_lock
from webapp.storage import database

KNOWN = {file.name[:4] for file in (ROOT / "migrations" / "versions").glob("[0-9]*.py")}

pytestmark = pytest.mark.sqlite(reason="flask backup is SQLite's; on PostgreSQL it names pg_dump")


@pytest.fixture
def taken(app: Flask, instance: Path, tmp_path: Path) -> Path:
    """A backup of a site with one answer and one brought corpus."""
    with app.app_context():
        answer("zuleika")
    (instance / "secret_key").write_text("k" * 48)
    (instance / "corpora").mkdir()
    shutil.copy(instance / "corpus.db", instance / "corpora" / "ours.db")
    backup.take(instance, tmp_path / "site.zip")
    return tmp_path / "site.zip"


def n_answers(path: Path) -> int:
    with closing(sqlite3.connect(path)) as file:
        return int(file.execute("SELECT count(*) FROM feedback").fetchone()[0])


def test_a_backup_holds_database_key_and_corpora(taken: Path) -> None:
    assert set(backup.check(taken).files) == {"nomen.db", "secret_key", "corpora/ours.db"}


def test_a_backup_is_for_its_owner_alone(taken: Path) -> None:
    assert taken.stat().st_mode & 0o777 == 0o600


def test_a_backup_counts_its_rows(taken: Path) -> None:
    assert backup.check(taken).rows["feedback"] == 1


def test_a_backup_never_replaces_another(taken: Path, instance: Path) -> None:
    with pytest.raises(Conflict, match="there already"):
        backup.take(instance, taken)


def test_nothing_is_left_beside_a_backup(taken: Path) -> None:
    assert [path.name for path in taken.parent.iterdir() if "partial" in path.name] == []


def test_without_a_database_there_is_nothing_to_take(tmp_path: Path) -> None:
    with pytest.raises(NotFound):
        backup.take(tmp_path, tmp_path / "site.zip")


def test_a_damaged_database_is_told_of_and_no_file_is_left(instance: Path, tmp_path: Path) -> None:
    with open(instance / "nomen.db", "r+b") as file:
        file.seek(4096 * 3)
        file.write(b"\xff" * 4096 * 8)
    with pytest.raises((Invalid, sqlite3.DatabaseError)):
        backup.take(instance, tmp_path / "site.zip")
    assert not (tmp_path / "site.zip").exists()


def test_a_backup_under_load_is_whole_and_misses_no_answer_from_before(
    app: Flask, instance: Path, tmp_path: Path
) -> None:
    visitors = count()

    def write() -> None:
        with app.app_context():
            answer("zuleika", visitor=f"v{next(visitors)}")

    with Repeating() as writer:
        writer.add(write)
        for number in range(5):
            before = n_answers(instance / "nomen.db")
            manifest = backup.take(instance, tmp_path / f"{number}.zip")
            assert before <= manifest.rows["feedback"] <= n_answers(instance / "nomen.db")


@pytest.mark.parametrize("name", ["nomen.db", "secret_key", "corpora/ours.db"])
def test_a_backup_with_another_file_in_it_is_refused(taken: Path, tmp_path: Path, name: str) -> None:
    forged = tmp_path / "forged.zip"
    with zipfile.ZipFile(taken) as source, zipfile.ZipFile(forged, "w") as target:
        for item in source.namelist():
            target.writestr(item, b"other" if item == name else source.read(item))
    with pytest.raises(Invalid, match="damaged"):
        backup.check(forged)


@pytest.mark.parametrize("cut", [0, 10, 1_000])
def test_a_cut_backup_is_refused(taken: Path, cut: int) -> None:
    taken.write_bytes(taken.read_bytes()[:cut])
    with pytest.raises(Invalid):
        backup.check(taken)


@pytest.mark.parametrize("name", ["../evil", "corpora/../../evil.db", "/etc/passwd", "corpora/.hidden.db"])
def test_a_backup_that_names_a_file_elsewhere_is_refused(taken: Path, tmp_path: Path, name: str) -> None:
    manifest = backup.check(taken)
    files = manifest.files | {name: "0" * 64}
    forged = tmp_path / "forged.zip"
    with zipfile.ZipFile(taken) as source, zipfile.ZipFile(forged, "w") as target:
        told = backup.Manifest(manifest.taken_at, manifest.migration, manifest.rows, files)
        target.writestr("manifest.json", told.to_json())
        for item in manifest.files:
            target.writestr(item, source.read(item))
        target.writestr(name, b"x")
    with pytest.raises(Invalid):
        backup.check(forged)


def test_a_restored_site_has_the_same_answers_and_key(taken: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    _, aside = backup.restore(other, taken, KNOWN)
    assert aside is None and n_answers(other / "nomen.db") == 1
    assert (other / "secret_key").read_text() == "k" * 48 and (other / "corpora" / "ours.db").exists()


def test_a_restored_site_answers(taken: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    backup.restore(other, taken, KNOWN)
    site = create_app(settings_for(other))
    assert site.test_client().get("/scoreboard").status_code == 200
    database.dispose(site)


def test_what_was_there_is_kept_with_its_log(taken: Path, app: Flask, instance: Path) -> None:
    with app.app_context():
        answer("anna")
    _, aside = backup.restore(instance, taken, KNOWN)
    assert n_answers(instance / "nomen.db") == 1
    assert aside and n_answers(aside / "nomen.db") == 2


def test_a_backup_of_a_later_release_is_refused_and_nothing_is_touched(taken: Path, instance: Path) -> None:
    with pytest.raises(Invalid, match="later release"):
        backup.restore(instance, taken, {"0000"})
    assert n_answers(instance / "nomen.db") == 1 and not list(instance.glob("before-restore-*"))


def test_a_folder_that_a_site_uses_is_not_given_away(tmp_path: Path) -> None:
    with (
        instance_lock.hold(tmp_path),
        pytest.raises(Conflict, match="stop it first"),
        instance_lock.alone(tmp_path),
    ):
        pass


def test_several_processes_use_a_folder_together(tmp_path: Path) -> None:
    with instance_lock.hold(tmp_path), instance_lock.hold(tmp_path):
        pass


def test_no_site_starts_over_a_folder_that_is_being_restored(tmp_path: Path) -> None:
    with instance_lock.alone(tmp_path), pytest.raises(Conflict, match="being restored"):
        instance_lock.hold(tmp_path)


def test_the_commands_take_a_backup_and_put_it_back(app: Flask, tmp_path: Path) -> None:
    runner = app.test_cli_runner()
    said = runner.invoke(args=["backup", str(tmp_path / "site.zip")])
    assert said.exit_code == 0 and "found whole" in said.output
    said = runner.invoke(args=["restore", str(tmp_path / "site.zip")])
    assert said.exit_code == 0 and "What was there before is in" in said.output


def test_the_commands_refuse_postgresql(app: Flask, tmp_path: Path) -> None:
    app.config["DATABASE_URL"] = "postgresql://db/nomen"
    said = app.test_cli_runner().invoke(args=["backup", str(tmp_path / "site.zip")])
    assert said.exit_code == 1 and "pg_dump" in said.output
