"""What is around the code agrees: packaging, lock files, Makefile, hooks and the workflow."""

import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml
from flask import Flask

import install
import training
from webapp.config import ROOT

PROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text())
WORKFLOW: dict[str, Any] = yaml.safe_load((ROOT / ".github/workflows/ci.yml").read_text())
HOOKS: dict[str, Any] = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text())
MAKEFILE = (ROOT / "Makefile").read_text()


def pins(text: str) -> dict[str, str]:
    """Return the versions that are pinned in lines of requirements, by the names that PyPI knows."""
    found = re.findall(r"^([\w.-]+)(?:\[[\w, ]+\])?==(\S+)", text, flags=re.MULTILINE)
    return {re.sub(r"[-_.]+", "-", name).lower(): version for name, version in found}


def locked(file: str) -> dict[str, str]:
    return pins((ROOT / file).read_text())


def group(name: str) -> list[str]:
    """Return the requirements of a dependency group, those of the groups that it includes among them."""
    found = []
    for entry in PROJECT["dependency-groups"][name]:
        found += [entry] if isinstance(entry, str) else group(entry["include-group"])
    return found


def without_torch(requirements: dict[str, str]) -> dict[str, str]:
    return {name: version for name, version in requirements.items() if name != "torch"}


def test_every_direct_dependency_is_pinned() -> None:
    extras = [pin for extra in PROJECT["project"]["optional-dependencies"].values() for pin in extra]
    # An extra stands in the group of the tests too: they try it.
    direct = {*PROJECT["project"]["dependencies"], *group("dev"), *extras}
    assert len(pins("\n".join(direct))) == len(direct)


@pytest.mark.parametrize(
    ("file", "direct"),
    [
        ("requirements.txt", PROJECT["project"]["dependencies"]),
        ("requirements-dev.txt", PROJECT["project"]["dependencies"] + group("dev")),
    ],
)
def test_the_lock_files_are_in_step_with_the_project(file: str, direct: list[str]) -> None:
    assert without_torch(pins("\n".join(direct))).items() <= locked(file).items()


def test_both_lock_files_hold_the_same_versions() -> None:
    assert locked("requirements.txt").items() <= locked("requirements-dev.txt").items()


@pytest.mark.parametrize("file", [install.PIP, "requirements.txt", "requirements-dev.txt"])
def test_every_locked_package_has_hashes(file: str) -> None:
    blocks = re.split(r"^(?=\w)", (ROOT / file).read_text(), flags=re.MULTILINE)[1:]
    assert blocks and [block for block in blocks if "--hash=sha256:" not in block] == []


@pytest.mark.parametrize("file", ["requirements.txt", "requirements-dev.txt"])
def test_pytorch_and_its_gpu_libraries_are_in_no_lock_file(file: str) -> None:
    assert [name for name in locked(file) if re.match("torch|nvidia|triton|cuda", name)] == []


@pytest.mark.parametrize("file", ["requirements.txt", "requirements-dev.txt"])
def test_the_lock_files_say_which_pytorch_goes_with_them(file: str) -> None:
    assert f"pip install {install.torch_pin()}\n" in (ROOT / file).read_text()


def test_pip_is_locked_too_and_new_enough_for_pins_with_extras() -> None:
    # Older ones ask for a second pin where a library needs pydantic and the lock holds pydantic[email].
    assert tuple(map(int, locked(install.PIP)["pip"].split("."))) >= (23, 3)
    assert locked(install.PIP).items() <= locked("requirements-dev.txt").items()


def test_pytorch_is_pinned_once() -> None:
    metadata = PROJECT["tool"]["uv"]["dependency-metadata"]
    versions = {f"{entry['name']}=={entry['version']}" for entry in metadata}
    assert versions == {install.torch_pin()} <= set(PROJECT["project"]["dependencies"])


def test_what_is_installed_fits_together() -> None:
    done = subprocess.run([sys.executable, "-m", "pip", "check"], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout


def test_the_version_comes_from_one_place(app: Flask) -> None:
    assert PROJECT["tool"]["setuptools"]["dynamic"]["version"] == {"attr": "training.__version__"}
    assert app.version == training.__version__  # type: ignore[attr-defined]


def test_all_there_is_to_make_is_described() -> None:
    phony = re.findall(r"^\.PHONY: (.*)", MAKEFILE, flags=re.MULTILINE)[0].split()
    rules = re.findall(r"^([a-z-]+):", MAKEFILE, flags=re.MULTILINE)
    said = subprocess.run(["make", "help"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert sorted(phony) == sorted(rules)
    assert [rule for rule in rules if not re.search(rf"^  make {rule} +\w", said, flags=re.MULTILINE)] == []


def test_the_workflow_runs_what_ci_runs_on_every_python_that_is_meant() -> None:
    job = WORKFLOW["jobs"]["checks"]
    assert job["strategy"]["matrix"]["python"] == ["3.11", "3.12", "3.13", "3.14"]
    assert [step["run"] for step in job["steps"] if ".ci/run" in step.get("run", "")] == ["bash .ci/run"]


def test_the_workflow_runs_the_tests_of_several_machines() -> None:
    steps = WORKFLOW["jobs"]["cluster"]["steps"]
    assert "bash .ci/run test-cluster" in [step.get("run") for step in steps]


def test_ci_runs_every_room_on_postgresql_and_redis_too() -> None:
    lines = (ROOT / ".ci/run").read_text().splitlines()
    run = [line.split("#")[0].strip() for line in lines if line.strip().startswith("make ")]
    assert run == ['make "$@"', "make lint", "make test", "make test-servers"]


def test_the_workflow_may_only_read_and_ends_runs_that_are_overtaken() -> None:
    assert WORKFLOW["permissions"] == {"contents": "read"}
    assert WORKFLOW["concurrency"]["cancel-in-progress"] is True


GROUPED = """
import os, pytest
@pytest.mark.xdist_group("one")
@pytest.mark.parametrize("number", range(12))
def test_who(number):
    with open("who", "a") as who:
        print(os.environ["PYTEST_XDIST_WORKER"], file=who)
"""


@pytest.mark.process
def test_one_worker_does_all_tests_of_a_group(tmp_path: Path) -> None:
    (tmp_path / "test_grouped.py").write_text(GROUPED)
    (tmp_path / "pytest.ini").touch()  # not under the settings of this project
    options = "-p", "tests.support.groups", "-n", "2", "--dist", "loadgroup"
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    subprocess.run([sys.executable, "-m", "pytest", *options], cwd=tmp_path, env=environment, check=True)
    workers = (tmp_path / "who").read_text().split()
    assert len(workers) == 12 and len({*workers}) == 1


def test_the_hooks_are_tools_of_the_environment() -> None:
    hooks = [hook for repository in HOOKS["repos"] for hook in repository["hooks"]]
    names = locked("requirements-dev.txt")
    assert {repository["repo"] for repository in HOOKS["repos"]} == {"local"}
    for hook in hooks:
        assert hook["language"] == "system"
        assert hook["entry"].split()[0].removeprefix(".venv/bin/") in names
