"""`make run`: what it checks, prepares, starts, says and leaves behind."""

import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from types import SimpleNamespace

import pytest
from flask import Flask
from sqlalchemy import text

import install
from tests.support.databases import opened
from tests.support.processes import WHOLE_SITE, Process, Visitor, running
from tests.support.sites import copy_instance
from tests.support.waiting import eventually
from training.fitting.readers.both import World
from training.fitting.readers.sample import kept_sample
from training.job_folder import LESSONS
from webapp.config import ROOT, read_settings
from webapp.server import command_line, launch


def settings(instance: Path, **more: str) -> dict:
    return read_settings({"INSTANCE": str(instance)} | more)


@pytest.mark.process
def test_ctrl_c_leaves_nothing_behind_and_a_restart_keeps_all(instance: Path) -> None:
    with running(WHOLE_SITE, instance) as site:
        assert eventually(lambda: f"Nomen answers at {site.address}" in site.log())
        visitor = Visitor(site.address)
        assert visitor.answer("Zuleika", "both")
        assert eventually(lambda: len(site.web_workers()) == 2 and site.everything("wsgi worker"))
        assert site.interrupt() == 0
        assert eventually(lambda: site.everything() == {})
    with running(WHOLE_SITE, instance) as site:
        visitor.address = site.address
        assert "Zuleika" in visitor.get("/history")


@pytest.fixture(scope="module")
def site(blank_instance: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Process]:
    """A whole site that each of its tests leaves well."""
    folder = copy_instance(blank_instance, tmp_path_factory.mktemp("whole") / "instance")
    with running(WHOLE_SITE, folder) as process:
        yield process


@pytest.mark.process
def test_a_killed_worker_is_started_again_and_the_site_goes_on(site: Process) -> None:
    assert eventually(lambda: site.everything("wsgi worker"))
    killed = next(iter(site.everything("wsgi worker")))
    os.kill(killed, signal.SIGKILL)
    assert eventually(lambda: set(site.everything("wsgi worker")) - {killed})
    assert site.answers()


@pytest.mark.process
def test_a_killed_master_is_started_again(site: Process) -> None:
    [master] = [pid for pid in site.everything("gunicorn") if pid not in site.web_workers()]
    os.kill(master, signal.SIGKILL)
    assert eventually(lambda: master not in site.everything("gunicorn") and site.answers())
    assert eventually(lambda: len(set(site.everything("gunicorn")) - set(site.web_workers())) == 1)


@pytest.mark.process
def test_a_killed_start_takes_everything_with_it(instance: Path) -> None:
    with running(WHOLE_SITE, instance) as site:
        assert eventually(lambda: site.everything("wsgi worker"))
        [start] = site.everything("webapp.server.launch")
        os.kill(start, signal.SIGKILL)
        assert eventually(lambda: site.everything() == {})


@pytest.mark.process
def test_a_second_start_says_who_runs_already(site: Process) -> None:
    [start] = site.everything("webapp.server.launch")
    done = start_over(site.instance, PORT="1")
    assert done.returncode == 1 and f"Process {start}, started" in done.stderr
    assert site.address in done.stderr and done.stderr.count("\n") == 1


@pytest.mark.parametrize("length", [20, 5_000, 60_000])
def test_a_cut_database_is_told_of_and_not_touched(instance: Path, length: int) -> None:
    whole = (instance / "nomen.db").read_bytes()
    (instance / "nomen.db").write_bytes(whole[:length])
    with pytest.raises(launch.CannotStart, match="Nothing was touched.*restore FILE"):
        launch.check_database(instance / "nomen.db")
    assert (instance / "nomen.db").read_bytes() == whole[:length]


def test_a_sound_database_and_none_are_fine(instance: Path) -> None:
    launch.check_database(instance / "nomen.db")
    launch.check_database(instance / "none.db")


def start_over(instance: Path, **settings: str) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-m", "webapp.server.launch"]
    environment = os.environ | {"INSTANCE": str(instance), "DATABASE_URL": ""} | settings
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)


@pytest.mark.process
def test_a_setting_that_cannot_be_used_ends_the_start_at_once(instance: Path) -> None:
    done = start_over(instance, SECRET_KEY="secret")
    assert done.returncode != 0 and "SECRET_KEY" in done.stderr and "starts again" not in done.stderr


@pytest.mark.process
def test_a_port_that_is_taken_is_told_of(instance: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        environment = os.environ | {"PORT": str(port), "INSTANCE": str(instance)}
        done = subprocess.run(
            [sys.executable, "-m", "webapp.server.launch"],
            cwd=ROOT,
            env=environment,
            capture_output=True,
            text=True,
        )
    assert done.returncode == 1 and done.stderr.count("\n") == 1
    assert done.stderr.startswith(f"Nomen cannot start: 127.0.0.1:{port} cannot be listened on")


def test_a_folder_that_cannot_be_written_to_is_told_of(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(launch.CannotStart, match="cannot be written to"):
        launch.check_folder(tmp_path / "file" / "instance")


def test_a_full_disk_is_told_of(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: SimpleNamespace(free=1e6))
    with pytest.raises(launch.CannotStart, match="the disk is full: .* room for 1 MB"):
        launch.check_folder(tmp_path)


def test_an_address_of_another_machine_is_told_of() -> None:
    with pytest.raises(launch.CannotStart, match="192.0.2.1:8000 cannot be listened on"):
        launch.check_port("192.0.2.1", 8000)


def test_a_prepared_instance_is_not_prepared_again(instance: Path) -> None:
    assert launch.is_prepared(settings(instance))


@pytest.mark.parametrize(
    "missing",
    ["DELETE FROM promotion", 'UPDATE "user" SET active = 0', "UPDATE alembic_version SET version_num = 'x'"],
)
def test_an_instance_that_lacks_something_is_prepared(instance: Path, missing: str) -> None:
    with closing(sqlite3.connect(instance / "nomen.db")) as database, database:
        database.execute(missing)
    assert not launch.is_prepared(settings(instance))


def test_an_instance_without_a_corpus_is_prepared(instance: Path) -> None:
    (instance / "corpus.db").unlink()
    assert not launch.is_prepared(settings(instance))


def test_setup_makes_one_admin_whose_password_is_shown_once(app: Flask, instance: Path) -> None:
    with opened(instance) as database:
        database.execute(text("DELETE FROM roles_users"))
    run = app.test_cli_runner().invoke
    first, second = run(args=["setup"]), run(args=["setup"])
    assert first.exit_code == 0 and "admin@localhost   " in first.output
    assert second.exit_code == 0 and second.output == ""


@pytest.mark.process
def test_setup_starts_from_an_empty_folder(set_up_instance: Path) -> None:
    said = (set_up_instance / "said").read_text()
    assert "serves as v1" in said and "admin@localhost" in said
    assert launch.is_prepared(settings(set_up_instance))
    kept_sample(set_up_instance / LESSONS, no_lists)


def no_lists() -> World:
    raise AssertionError("the first run would have to read all lists")


def test_an_old_python_is_told_what_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(install, "OLDEST", (3, 99))
    with pytest.raises(SystemExit, match=r"needs Python 3\.99 or newer, and this one is 3\.\d+\."):
        install.find_python()


def test_a_python_that_is_new_enough_is_taken() -> None:
    assert install.version(install.find_python()) >= (3, 11)


def test_a_disk_without_room_for_the_libraries_is_told_of(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: SimpleNamespace(free=1e9))
    monkeypatch.setattr(install, "PYTHON", "/nowhere/python")
    with pytest.raises(SystemExit, match="The disk is nearly full: 1.0 GB"):
        install.announce()


def test_a_large_download_is_announced(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: SimpleNamespace(free=1e12))
    monkeypatch.setattr(install, "PYTHON", "/nowhere/python")
    install.announce()
    assert "large download" in capsys.readouterr().out
    monkeypatch.setenv("TORCH_INDEX", "https://example.org/cpu")
    install.announce()
    assert "large download" not in capsys.readouterr().out


def test_what_is_installed_is_known_by_the_requirements(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(install, "ROOT", str(tmp_path))
    (tmp_path / "a.txt").write_text("torch==1\n")
    (tmp_path / "b.txt").write_text("-r a.txt\npytest==1\n")
    before = install.fingerprint("b.txt")
    (tmp_path / "a.txt").write_text("torch==2\n")
    assert install.fingerprint("b.txt") != before


def test_make_says_what_there_is_to_make() -> None:
    said = subprocess.run(["make"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert "make run" in said and "make test" in said


def test_with_words_it_is_flask_of_this_site(
    instance: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name, value in {"INSTANCE": str(instance), "DATABASE_URL": "", "FLASK_RUN_FROM_CLI": ""}.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(sys, "argv", ["nomen-site", "users", "--help"])
    with pytest.raises(SystemExit) as ended:
        command_line.main()
    assert ended.value.code == 0 and "Usage: nomen-site users" in capsys.readouterr().out


def test_alone_it_starts_the_site(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PORT", "no port")
    monkeypatch.setattr(sys, "argv", ["nomen-site"])
    assert command_line.main() == 1 and "PORT" in capsys.readouterr().err
