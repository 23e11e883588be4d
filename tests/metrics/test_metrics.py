"""What Prometheus reads of a site: right over several processes, and shown to nobody else."""

import json
import re
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from prometheus_client.parser import text_string_to_metric_families

from tests.support import sites
from tests.support.processes import GUNICORN, Visitor, running
from webapp.config import ROOT

Sample = dict[tuple[str, tuple[str, ...]], float]
DEPLOY = ROOT / "deploy" / "monitoring"


def samples(text: str) -> Sample:
    families = text_string_to_metric_families(text)
    return {
        (sample.name, tuple(sample.labels.values())): sample.value
        for family in families
        for sample in family.samples
    }


@pytest.fixture
def site(instance: Path) -> Iterator[Flask]:
    with sites.open_site(instance, METRICS=True) as app:
        yield app


def test_requests_guesses_and_the_site_are_told(site: Flask) -> None:
    client = site.test_client()
    before = samples(client.get("/metrics").text)
    client.get("/?name=Anna"), client.get("/nowhere"), client.get("/else/where")
    told = samples(client.get("/metrics").text)
    key = ("nomen_requests_total", ("GET", "/", "200"))
    assert told[key] == before.get(key, 0) + 1
    lost = ("nomen_requests_total", ("GET", "unknown", "404"))
    assert told[lost] == before.get(lost, 0) + 2
    assert told["nomen_request_seconds_count", ("/",)] >= 1 and told["nomen_guesses_total", ("page",)] >= 1
    assert told["nomen_database_up", ()] == 1 and told["nomen_queue_length", ()] == 0
    assert told["nomen_runs", ("running",)] == 0
    assert (("nomen_redis_up", ()) in told) == bool(site.config["REDIS_URL"])
    assert (("nomen_database_log_bytes", ()) in told) == (not site.config["DATABASE_URL"])


@pytest.mark.parametrize(
    ("path", "source"), [("/genderize", "genderize"), ("/api/v1/guess", "api"), ("/guess", "page")]
)
def test_requests_of_the_short_way_are_told_too(site: Flask, path: str, source: str) -> None:
    client = site.test_client()
    before = samples(client.get("/metrics").text)
    for name in ("Sasha", "Anna", "Anna", "Anna"):  # the first goes the long way
        client.get(f"{path}?name={name}")
    told = samples(client.get("/metrics").text)
    for key, n in {
        ("nomen_requests_total", ("GET", path, "200")): 4,
        ("nomen_request_seconds_count", (path,)): 4,
        ("nomen_guesses_total", (source,)): 4,
        ("nomen_cache_total", ("answers", "yes")): 2,
        ("nomen_cache_total", ("answers", "no")): 1,
    }.items():
        assert told[key] - before.get(key, 0) == n, key


def test_what_the_network_remembers_is_told(site: Flask) -> None:
    client = site.test_client()
    before = samples(client.get("/metrics").text)
    for name in ("Anna", "Kim", "Anna"):
        client.get(f"/genderize?name={name}&country_id=DE")
    told = samples(client.get("/metrics").text)
    for found, n in (("yes", 1), ("no", 2)):
        key = ("nomen_cache_total", ("names", found))
        assert told[key] - before.get(key, 0) == n


def test_strangers_see_nothing(site: Flask) -> None:
    far = site.test_client().get("/metrics", environ_overrides={"REMOTE_ADDR": "203.0.113.7"})
    assert far.status_code == 404


def test_who_has_the_token_sees_all_from_anywhere(instance: Path) -> None:
    with sites.open_site(instance, METRICS=True, METRICS_TOKEN="a long token") as app:
        far = {"REMOTE_ADDR": "203.0.113.7"}
        client = app.test_client()
        assert client.get("/metrics").status_code == 404
        for given, code in (("Bearer a long token", 200), ("Bearer another", 404), ("", 404)):
            answer = client.get("/metrics", headers={"Authorization": given}, environ_overrides=far)
            assert answer.status_code == code


@pytest.mark.process
def test_several_processes_count_together(instance: Path) -> None:
    with running(GUNICORN, instance, METRICS="on", WEB_WORKERS="2") as site:
        for _ in range(20):
            Visitor(site.address).get("/?name=Anna")
        for _ in range(4):
            with urllib.request.urlopen(f"{site.address}/metrics") as answer:
                told = samples(answer.read().decode())
            assert told["nomen_requests_total", ("GET", "/", "200")] == 20


@pytest.mark.process
def test_a_database_that_is_away_is_told(instance: Path) -> None:
    gone = {"DATABASE_URL": "postgresql://nobody@127.0.0.1:1/none", "REDIS_URL": "redis://127.0.0.1:1/0"}
    with sites.open_site(instance, METRICS=True, **gone) as app:
        told = samples(app.test_client().get("/metrics").text)
    assert told["nomen_database_up", ()] == 0 and told["nomen_redis_up", ()] == 0


def told_names(site: Flask) -> set[str]:
    elsewhere = "nomen_redis_up nomen_database_log_bytes nomen_worker_seen nomen_guesses_total"
    text = site.test_client().get("/metrics").text + elsewhere
    return set(re.findall(r"nomen_\w+", text))


@pytest.mark.parametrize("name", ["grafana.json", "alerts.yml"])
def test_dashboard_and_alerts_ask_for_what_is_there(site: Flask, name: str) -> None:
    asked = set(re.findall(r"nomen_\w+", (DEPLOY / name).read_text()))
    site.test_client().get("/?name=Anna")
    assert asked and asked <= told_names(site)


def test_every_panel_has_a_query() -> None:
    panels = json.loads((DEPLOY / "grafana.json").read_text())["panels"]
    assert len(panels) >= 8 and all(panel["targets"][0]["expr"] and panel["title"] for panel in panels)
