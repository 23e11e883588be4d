"""What every test may ask for: a site of its own, on a real SQLite file, and the browsers that visit it."""

import os
from collections.abc import Iterator
from pathlib import Path

import hypothesis
import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.support import cheap_sites, databases, servers, sites, whole_site
from tests.support.visits import log_in

hypothesis.settings.register_profile("shared machine", deadline=None)
hypothesis.settings.load_profile("shared machine")
cheap_sites.install()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Where tests run on servers, keep those with a site of their own; what is of SQLite alone says why."""
    if not servers.ARE_USED:
        return
    others = [item for item in items if "instance" not in getattr(item, "fixturenames", ())]
    config.hook.pytest_deselected(items=others)
    items[:] = [item for item in items if item not in {*others}]
    for item in items:
        for mark in item.iter_markers("sqlite"):
            item.add_marker(pytest.mark.skip(mark.kwargs["reason"]))


@pytest.fixture(scope="session")
def blank_instance(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An instance folder with migrated tables, a small corpus and a tiny network as v1: copy it."""
    return sites.blank_instance(for_all_workers(tmp_path_factory))


@pytest.fixture(scope="session")
def set_up_instance(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What `flask setup` makes where nothing was, with all that the lists say of names: copy it."""
    return whole_site.set_up(for_all_workers(tmp_path_factory))


def for_all_workers(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the temporary folder that all workers of a run have in common."""
    own = tmp_path_factory.getbasetemp()
    return own.parent if "PYTEST_XDIST_WORKER" in os.environ else own


@pytest.fixture
def instance(request: pytest.FixtureRequest, blank_instance: Path, tmp_path: Path) -> Path:
    """A fresh copy of the blank instance folder; with TESTS_ON=servers its rows and queue are on servers."""
    folder = sites.copy_instance(blank_instance, tmp_path / "instance")
    if not servers.ARE_USED:
        return folder
    server, template, queue = map(request.getfixturevalue, ("postgresql", "blank_database", "redis_url"))
    servers.empty_redis(queue)
    database = servers.new_database(server, "suite", template)
    databases.put_elsewhere(folder, DATABASE_URL=database, REDIS_URL=queue)
    return folder


@pytest.fixture
def app(instance: Path) -> Iterator[Flask]:
    """A site of one's own, without limits on how often one may ask."""
    with sites.open_site(instance) as app:
        yield app


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A visitor's browser without JavaScript."""
    return app.test_client()


@pytest.fixture
def admin_client(app: Flask) -> FlaskClient:
    """The browser of an admin (admin@example.org) who has logged in."""
    return log_in(app, "admin@example.org")


@pytest.fixture
def reviewer_client(app: Flask) -> FlaskClient:
    """The browser of a reviewer (reviewer@example.org) who has logged in."""
    return log_in(app, "reviewer@example.org")
