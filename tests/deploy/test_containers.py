"""Compose, the Dockerfile and the Kubernetes manifests: parsed, and held against the code."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
import yaml
from flask import Flask

from webapp.config import ROOT, SETTINGS, read_settings

DEPLOY = ROOT / "deploy"
DOCKERFILE = (DEPLOY / "Dockerfile").read_text()
COMPOSE: dict[str, Any] = yaml.safe_load((DEPLOY / "compose.yaml").read_text())
MANIFESTS: list[dict[str, Any]] = list(yaml.safe_load_all((DEPLOY / "kubernetes.yaml").read_text()))
NAMES = {setting.name for setting in SETTINGS}
TARGETS = re.findall(r"^FROM \S+ AS (\w+)", DOCKERFILE, flags=re.MULTILINE)
WEB = [".venv/bin/python", "-m", "gunicorn", "--config", "gunicorn.conf.py", "wsgi:app"]


def manifest(kind: str, name: str) -> dict[str, Any]:
    [found] = [one for one in MANIFESTS if one["kind"] == kind and one["metadata"]["name"] == name]
    return found


def pods() -> Iterator[dict[str, Any]]:
    for one in MANIFESTS:
        if one["kind"] in ("Deployment", "Job"):
            yield one["spec"]["template"]["spec"]


def containers() -> Iterator[dict[str, Any]]:
    for pod in pods():
        yield from (*pod.get("initContainers", ()), *pod["containers"])


def commands() -> list[list[str]]:
    in_images = [json.loads(line) for line in re.findall(r"^CMD (\[.*\])", DOCKERFILE, flags=re.MULTILINE)]
    ours = [one["command"] for one in COMPOSE["services"].values() if "build" in one and "command" in one]
    return [*in_images, *ours, *(one["command"] for one in containers())]


@pytest.mark.parametrize("command", commands(), ids=" ".join)
def test_every_command_is_one_of_ours(app: Flask, command: list[str]) -> None:
    if command == WEB:
        assert (ROOT / "gunicorn.conf.py").exists() and (ROOT / "wsgi.py").exists()
    else:
        assert command[:-1] == [".venv/bin/python", "-m", "flask", "--app", "wsgi"]
        assert command[-1] in app.cli.commands


def test_what_the_images_are_made_of_is_there() -> None:
    for line in re.findall(r"^COPY (.+) \S+$", DOCKERFILE, flags=re.MULTILINE):
        assert all((ROOT / name).exists() for name in line.split())
    assert "install.py requirements.txt" in DOCKERFILE and "TORCH_INDEX" in (ROOT / "install.py").read_text()
    given = dict(re.findall(r"\b([A-Z_]+)=(\S+)", re.search(r"^ENV (.*)$", DOCKERFILE, re.MULTILINE)[1]))
    assert set(given) - {"PYTHONDONTWRITEBYTECODE"} <= NAMES


def test_compose_sets_settings_and_reaches_what_it_starts() -> None:
    services = COMPOSE["services"]
    for one in services.values():
        if "build" in one:
            assert one["build"]["target"] in TARGETS
            assert (DEPLOY / one["build"]["context"] / one["build"]["dockerfile"]).exists()
            assert set(one["environment"]) <= NAMES
        assert set(one.get("depends_on", ())) <= set(services)
        for mount in one.get("volumes", ()):
            assert mount.partition(":")[0] in COMPOSE["volumes"]
    settings = services["web"]["environment"]
    assert "@postgres/" in settings["DATABASE_URL"] and "redis:6379" in settings["REDIS_URL"]
    assert services["web"]["ports"] == [f"127.0.0.1:8000:{read_settings({})['PORT']}"]
    assert int(services["web"]["stop_grace_period"][:-1]) > settings["WEB_DRAIN_SECONDS"]
    assert re.search(r"/readyz", json.dumps(services["web"]["healthcheck"]))


def test_kubernetes_sets_settings_that_can_be_read() -> None:
    data = manifest("ConfigMap", "nomen")["data"]
    own = {name: value for name, value in data.items() if not name.startswith("AWS_")}
    assert set(own) <= NAMES
    read = read_settings(own)
    assert read["HTTPS"] and read["PROXIES"] == 1 and str(read["PORT"]) == data["PORT"]
    # A setting that is not a text in YAML would be refused by Kubernetes.
    assert all(isinstance(value, str) for value in data.values())


def test_kubernetes_waits_for_what_a_web_process_may_finish() -> None:
    pod = manifest("Deployment", "nomen-web")["spec"]["template"]["spec"]
    drain = int(manifest("ConfigMap", "nomen")["data"]["WEB_DRAIN_SECONDS"])
    [web] = pod["containers"]
    sleeps = int(web["lifecycle"]["preStop"]["exec"]["command"][1])
    assert pod["terminationGracePeriodSeconds"] >= drain + sleeps


def test_kubernetes_asks_for_addresses_that_are_there(app: Flask) -> None:
    pod = manifest("Deployment", "nomen-web")["spec"]["template"]["spec"]
    [web] = pod["containers"]
    [port] = web["ports"]
    assert port["containerPort"] == int(manifest("ConfigMap", "nomen")["data"]["PORT"])
    probes = {kind: web[f"{kind}Probe"]["httpGet"] for kind in ("startup", "readiness", "liveness")}
    assert probes["readiness"]["path"] == "/readyz" and probes["liveness"]["path"] == "/healthz"
    for probe in probes.values():
        assert probe["port"] == port["name"] and app.test_client().get(probe["path"]).status_code == 200
    service = manifest("Service", "nomen")["spec"]
    labels = manifest("Deployment", "nomen-web")["spec"]["template"]["metadata"]["labels"]
    assert service["selector"] == labels and service["ports"][0]["targetPort"] == port["name"]


def test_every_pod_is_nobody_and_writes_into_its_instance_alone() -> None:
    folder = manifest("ConfigMap", "nomen")["data"]["INSTANCE"]
    for pod in pods():
        assert pod["securityContext"]["runAsNonRoot"] and {one["name"] for one in pod["volumes"]} == {
            "instance"
        }
    for one in containers():
        assert [mount["mountPath"] for mount in one["volumeMounts"]] == [folder]
        assert [list(source.values())[0]["name"] for source in one["envFrom"]] == ["nomen", "nomen"]


def test_the_worker_asks_for_a_gpu_in_both() -> None:
    [worker] = manifest("Deployment", "nomen-worker")["spec"]["template"]["spec"]["containers"]
    assert worker["resources"]["limits"]["nvidia.com/gpu"] == 1
    [device] = COMPOSE["services"]["worker"]["deploy"]["resources"]["reservations"]["devices"]
    assert device["capabilities"] == ["gpu"]
