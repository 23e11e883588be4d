"""The package, installed from a wheel: two commands, the network inside, nothing written beside them."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.processes import Visitor, free_port
from tests.support.sites import copy_instance
from tests.support.waiting import eventually
from webapp.config import ROOT

pytestmark = pytest.mark.process
NO_BYTECODE = {"PYTHONDONTWRITEBYTECODE": "1"}  # else the folder would differ by what Python puts there
DATA = Path(".local", "share", "nomen")
NOT_SOURCE = ("[.]*", "instance", "tests", "docs", "benchmarks", "build", "*.egg-info", "__pycache__")


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of installed packages with Nomen alone; its libraries come from this environment."""
    folder = tmp_path_factory.mktemp("installed")
    packages, source = folder / "packages", folder / "source"
    shutil.copytree(ROOT, source, ignore=shutil.ignore_patterns(*NOT_SOURCE))
    options = ["-q", "--no-deps", "--no-build-isolation", "--disable-pip-version-check"]
    pip = [sys.executable, "-m", "pip", "install", *options]
    subprocess.run([*pip, "--target", str(packages), str(source)], check=True)
    shutil.rmtree(source)
    return packages


def environment(installed: Path, home: Path) -> dict[str, str]:
    own = {
        "PYTHONPATH": str(installed),
        "HOME": str(home),
        "XDG_DATA_HOME": "",
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    return {name: value for name, value in os.environ.items() if name != "INSTANCE"} | own | NO_BYTECODE


def run(installed: Path, home: Path, *command: str) -> "subprocess.CompletedProcess[str]":
    name, *words = command
    return subprocess.run(
        [sys.executable, str(installed / "bin" / name), *words],
        cwd=home,
        env=environment(installed, home),
        capture_output=True,
        text=True,
    )


@pytest.fixture
def site(installed: Path, tmp_path: Path, blank_instance: Path) -> Iterator[str]:
    """The address of the site that `nomen-site` started, over a folder that was prepared before."""
    (tmp_path / DATA).parent.mkdir(parents=True)
    copy_instance(blank_instance, tmp_path / DATA)
    port = str(free_port())
    command = [sys.executable, str(installed / "bin" / "nomen-site")]
    settings = {"PORT": port, "WEB_WORKERS": "1"}
    with subprocess.Popen(command, cwd=tmp_path, env=environment(installed, tmp_path) | settings) as process:
        yield f"http://127.0.0.1:{port}"
        process.terminate()


def test_a_name_is_guessed_anywhere(installed: Path, tmp_path: Path) -> None:
    done = run(installed, tmp_path, "nomen", "guess", "Anna")
    assert done.returncode == 0 and done.stdout.startswith("Anna") and "female" in done.stdout


def test_the_site_starts_and_writes_to_the_folder_of_who_started_it(
    installed: Path, tmp_path: Path, site: str
) -> None:
    before = set(installed.rglob("*"))
    visitor = Visitor(site)

    def answers() -> bool:
        try:
            return visitor.answer("Zuleika", "both")
        except OSError:
            return False

    assert eventually(answers)
    assert (tmp_path / DATA / "nomen.db").exists()
    done = run(installed, tmp_path, "nomen-site", "feedback", "recount", "--check")
    assert done.returncode == 0 and done.stdout == "All counts are right.\n"
    assert set(installed.rglob("*")) == before
