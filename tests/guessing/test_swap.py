"""A promotion under load: two web processes, visitors who never stop asking, no failed or mixed answer."""

import http.client
import itertools
import re
from collections.abc import Iterator
from contextlib import ExitStack, closing
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from flask import Flask

from tests.support.factories import add_version
from tests.support.processes import GUNICORN, Process, running
from tests.support.repeating import Repeating
from tests.support.waiting import eventually
from webapp.guessing import predictor
from webapp.versions import service as versions

pytestmark = pytest.mark.process
NAME = "annabella"
ASKERS = 6
SWAPS = 6
VERSION = re.compile(r'data-guess="v(\d+)')
SHARE = re.compile(r'class="tile-share">(\d+)%')


@dataclass
class Asker:
    """A visitor who asks again and again over one connection, and so one web process."""

    connection: http.client.HTTPConnection
    told: list[tuple[int, int]] = field(default_factory=list)
    """The version that made each answer, and P(female) in percent."""
    failed: list[str] = field(default_factory=list)

    def ask(self) -> None:
        """Ask once."""
        try:
            self.connection.request("GET", f"/?name={NAME}")
            page = self.connection.getresponse().read().decode()
            self.told.append((int(VERSION.findall(page)[0]), int(SHARE.findall(page)[-1])))
        except (OSError, http.client.HTTPException, LookupError) as error:
            self.failed.append(repr(error))

    def versions(self) -> list[int]:
        """Return the versions that answered, in order, each once as long as it went on."""
        return [version for version, _ in itertools.groupby(version for version, _ in self.told)]


@pytest.fixture
def site(app: Flask) -> Iterator[Process]:
    """The site of this test behind two web processes."""
    settings = {"SECRET_KEY": app.config["SECRET_KEY"], "WEB_WORKERS": "2", "WEB_THREADS": "4"}
    with running(GUNICORN, Path(app.config["INSTANCE"]), **settings) as process:
        yield process


@pytest.fixture
def askers(site: Process) -> Iterator[list[Asker]]:
    """Visitors of the site, who have all been answered once."""
    address = site.address.removeprefix("http://")
    with ExitStack() as ends, Repeating() as visitors:
        made = [http.client.HTTPConnection(address, timeout=60) for _ in range(ASKERS)]
        asking = [Asker(ends.enter_context(closing(connection))) for connection in made]
        for asker in asking:
            visitors.add(asker.ask)
        assert eventually(lambda: all(asker.told for asker in asking))
        yield asking


def test_every_process_swaps_and_no_answer_fails_or_mixes(app: Flask, askers: list[Asker]) -> None:
    with app.app_context():
        other = add_version(1)
        says = {(version, percent_of(version)) for version in (1, other)}
        promoted = [(other, 1)[number % 2] for number in range(SWAPS)]
        for version in promoted:
            versions.promote(version, by="ada")
            assert eventually(lambda: {asker.told[-1][0] for asker in askers} == {version})  # noqa: B023
    assert [asker.failed for asker in askers] == [[]] * ASKERS
    assert [asker.versions() for asker in askers] == [[1, *promoted]] * ASKERS
    assert {answer for asker in askers for answer in asker.told} == says and len(says) == 2


def percent_of(version_id: int) -> int:
    """Return what a version says of the name."""
    return round(predictor.load(version_id).guess(NAME).p_female * 100)
