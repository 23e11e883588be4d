"""A promotion under load: two web processes, visitors who never stop asking, no failed or mixed answer."""

import re
import threading
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from flask import Flask

from tests.support.networks import tiny_artifact
from tests.support.processes import GUNICORN, running
from training.model import artifact
from webapp.guessing import predictor
from webapp.versions import service as versions

NAME = "annabella"
ASKERS = 4
SWAPS = 6
A_SECOND = 1.0
VERSION = re.compile(r'data-guess="v(\d+)')
SHARE = re.compile(r'class="tile-share">(\d+)%')


@dataclass(frozen=True)
class Told:
    """One answer: when it was asked for and had, the version that made it, and P(female) in percent."""

    asked: float
    had: float
    version: int
    percent: int


@dataclass
class Watch:
    """What visitors were told."""

    address: str
    told: list[Told] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)
    done: threading.Event = field(default_factory=threading.Event)

    def ask(self) -> None:
        """Ask without pause until it is done."""
        while not self.done.is_set():
            asked = time.monotonic()
            try:
                with urllib.request.urlopen(self.address, timeout=10) as answer:
                    page = answer.read().decode()
                self.told.append(Told(asked, time.monotonic(), int(VERSION.findall(page)[0]), percent(page)))
            except (OSError, LookupError) as error:
                self.failed.append(repr(error))


def percent(page: str) -> int:
    """Return the share under the last tile of a guess page."""
    return int(SHARE.findall(page)[-1])


@pytest.fixture
def address(app: Flask) -> Iterator[str]:
    """The site of this test behind two web processes."""
    settings = {"SECRET_KEY": app.config["SECRET_KEY"], "WEB_WORKERS": "2", "WEB_THREADS": "4"}
    with running(GUNICORN, Path(app.config["INSTANCE"]), **settings) as process:
        yield f"{process.address}/?name={NAME}"


@pytest.mark.slow
def test_every_process_swaps_within_a_second_and_no_answer_fails_or_mixes(app: Flask, address: str) -> None:
    watch = Watch(address)
    askers = [threading.Thread(target=watch.ask, daemon=True) for _ in range(ASKERS)]
    with app.app_context():
        other = versions.add(tiny_artifact(seed=1), origin="import", by="ada").id
        says = {version: _says(version) for version in (1, other)}
        for asker in askers:
            asker.start()
        swaps = [(0.0, 1), *(_swap((other, 1)[number % 2]) for number in range(SWAPS))]
        watch.done.set()
    for asker in askers:
        asker.join(15)
    assert watch.failed == [] and len(watch.told) > 10 * SWAPS and says[1] != says[other]
    assert [told for told in watch.told if told.percent != says[told.version]] == []
    assert [told for told in watch.told if told.version not in _might_serve(swaps, told)] == []


def _might_serve(swaps: list[tuple[float, int]], told: Told) -> set[int]:
    # The one that served a second before the question, and all that began to since.
    before = [version for at, version in swaps if at < told.asked - A_SECOND][-1]
    return {before, *(version for at, version in swaps if told.asked - A_SECOND <= at <= told.had)}


def _swap(version_id: int) -> tuple[float, int]:
    promotion = versions.promote(version_id, by="ada")
    at = time.monotonic()
    time.sleep(2 * A_SECOND)
    return at, promotion.version_id


def _says(version_id: int) -> int:
    champion = predictor.Champion(version_id, 0, artifact.load(versions.data(version_id)).network)
    return round(champion.guess(NAME).p_female * 100)
