"""A site whose worker starts a trainer that trains nothing, in milliseconds."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask

from tests.support.factories import correct
from tests.support.runs import FAKE_TRAINER, Start, has_worker, leave_a_challenger
from tests.support.waiting import eventually
from webapp.config import ROOT


@pytest.fixture(autouse=True)
def _in_the_app(app: Flask) -> Iterator[None]:
    with app.app_context():
        correct("ilmarinen", "female")
        yield


@pytest.fixture
def made(tmp_path: Path) -> Path:
    """What a trainer that did well leaves behind."""
    return leave_a_challenger(tmp_path / "made")


@pytest.fixture
def trainer(app: Flask) -> Callable[..., None]:
    """Choose what the trainer of this site does."""

    def choose(*behaviour: object) -> None:
        app.config["TRAINER"] = [sys.executable, "-ES", str(FAKE_TRAINER), *map(str, behaviour)]

    return choose


WORK = """
from webapp import create_app
from webapp.runs.worker import loop
app = create_app({settings})
with app.app_context():
    loop.work()
"""


@pytest.fixture
def start_worker(app: Flask) -> Iterator[Start]:
    """Start workers whose trainers do as told, or are the real one; all of them are ended afterwards."""
    started: list[subprocess.Popen[bytes]] = []
    environment = {name: app.config[name] for name in ("INSTANCE", "SECRET_KEY", "DATABASE_URL")}
    environment["REDIS_URL"] = app.config["REDIS_URL"] or ""

    def start(*behaviour: str) -> "subprocess.Popen[bytes]":
        settings = {"TRAINER": [sys.executable, "-ES", str(FAKE_TRAINER), *behaviour]} if behaviour else {}
        command = [sys.executable, "-c", WORK.format(settings=settings)]
        started.append(subprocess.Popen(command, cwd=ROOT, env=os.environ | environment))
        assert eventually(has_worker)
        return started[-1]

    yield start
    for worker in started:
        worker.kill()
        worker.wait()
