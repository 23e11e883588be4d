"""Redis goes and comes back under the site: guesses never stop, limits and the queue say what they can."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from flask import Flask

from tests.support import sites
from tests.support.servers import Server, run_redis
from tests.support.visits import log_in, post
from webapp.storage import quota_storage

pytestmark = pytest.mark.process
GUESSES = ("/?name=Anna", "/api/v1/guess?name=Kim", "/genderize?name=maria", "/scoreboard")


@pytest.fixture
def redis_server(tmp_path: Path) -> Iterator[Server]:
    with run_redis(tmp_path) as server:
        yield server


@pytest.fixture
def site(instance: Path, redis_server: Server, monkeypatch: pytest.MonkeyPatch) -> Iterator[Flask]:
    """A site with limits; it looks for Redis again at once."""
    monkeypatch.setattr(quota_storage, "RETRY_SECONDS", 0)
    with sites.open_site(instance, REDIS_URL=redis_server.url, RATELIMIT_ENABLED=True) as app:
        yield app


def codes(site: Flask, rounds: int) -> set[int]:
    def ask(_: int) -> list[int]:
        return [site.test_client().get(path).status_code for path in GUESSES]

    with ThreadPoolExecutor(4) as threads:
        return {code for asked in threads.map(ask, range(rounds)) for code in asked}


def test_guesses_go_on_while_redis_goes_and_comes(site: Flask, redis_server: Server) -> None:
    assert codes(site, 4) == {200}
    for signal in (9, 2):
        with ThreadPoolExecutor(1) as asker:
            asked = asker.submit(codes, site, 30)
            redis_server.stop(signal)
            assert asked.result() == {200}
        assert codes(site, 4) == {200}
        redis_server.start()
    assert codes(site, 4) == {200}


def test_limits_hold_in_each_process_meanwhile_and_in_all_again_afterwards(
    site: Flask, redis_server: Server
) -> None:
    client = site.test_client()
    redis_server.stop()
    refused = [client.get("/n/Anna").headers["X-RateLimit-Remaining"] for _ in range(3)]
    assert [int(first) - int(second) for first, second in zip(refused, refused[1:], strict=False)] == [1, 1]
    redis_server.start()
    # What Redis counts from now on begins anew: it kept nothing.
    assert int(client.get("/n/Anna").headers["X-RateLimit-Remaining"]) > int(refused[-1])


def test_the_queue_says_that_it_is_away_and_nothing_blocks_the_next_run(
    site: Flask, redis_server: Server
) -> None:
    admin = log_in(site, "admin@example.org")
    redis_server.stop()
    asked = {"kind": "scratch", "preset": "tiny", "device": "cpu"}
    assert post(admin, "/retraining", **asked).status_code == 503
    redis_server.start()
    assert post(admin, "/retraining", **asked).status_code == 303
