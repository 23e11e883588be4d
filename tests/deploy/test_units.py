"""The systemd units: parsed, checked by systemd itself where it is there, and held against the code."""

import re
import shutil
import socket
import subprocess
import sys
from collections import defaultdict
from pathlib import Path

import pytest
from flask import Flask

from webapp.config import ROOT, SETTINGS, read_settings
from webapp.server.supervisor import read_procfile

DEPLOY = ROOT / "deploy"
UNITS = sorted(path for path in DEPLOY.iterdir() if path.suffix in (".service", ".socket", ".timer"))
PYTHON = "/opt/nomen/.venv/bin/python"
SECTIONS = {".service": {"Unit", "Service", "Install"}, ".socket": {"Unit", "Socket", "Install"}}
MOST_EXPOSED = 30  # of 100, as `systemd-analyze security` counts
Unit = dict[str, list[str]]


def read(name: str) -> Unit:
    """Return the settings of a unit by `Section.Name`; fail for a line that is none."""
    found: Unit = defaultdict(list)
    section = ""
    text = re.sub(r"\\\n\s*", " ", (DEPLOY / name).read_text())
    for line in text.splitlines():
        if header := re.fullmatch(r"\[(\w+)\]", line):
            section = header[1]
        elif line and not line.startswith("#"):
            setting = re.fullmatch(r"([A-Z]\w+)=(.*)", line)
            assert setting and section, line
            found[f"{section}.{setting[1]}"].append(setting[2])
    return found


def only(unit: Unit, name: str) -> str:
    (value,) = unit[name]
    return value


def environment() -> dict[str, str]:
    lines = (DEPLOY / "nomen.env").read_text().splitlines()
    return dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))


@pytest.mark.parametrize("path", UNITS, ids=lambda path: path.name)
def test_systemd_finds_nothing_wrong(path: Path, tmp_path: Path) -> None:
    analyse = shutil.which("systemd-analyze")
    if analyse is None:
        pytest.skip("systemd is not here")
    for unit in UNITS:  # all of them: they name each other
        (tmp_path / unit.name).write_text(unit.read_text().replace(PYTHON, sys.executable))
    done = subprocess.run([analyse, "verify", tmp_path / path.name], capture_output=True, text=True)
    ours = [line for line in done.stderr.splitlines() if "nomen" in line]
    assert done.returncode == 0 and ours == [], done.stderr


@pytest.mark.parametrize("name", ["nomen-web.service", "nomen-worker.service"])
def test_what_serves_is_shut_in(name: str) -> None:
    analyse = shutil.which("systemd-analyze")
    if analyse is None:
        pytest.skip("systemd is not here")
    command = [analyse, "security", "--offline=yes", f"--threshold={MOST_EXPOSED}", DEPLOY / name]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("path", UNITS, ids=lambda path: path.name)
def test_units_have_known_sections_and_start_by_themselves(path: Path) -> None:
    unit = read(path.name)
    sections = {name.partition(".")[0] for name in unit}
    assert sections <= SECTIONS.get(path.suffix, {"Unit", "Timer", "Install"})
    assert "Install.WantedBy" in unit or path.name == "nomen-health.service"
    assert only(unit, "Unit.Description").startswith("Nomen: ")


@pytest.mark.parametrize(("name", "part"), [("nomen-web.service", "web"), ("nomen-worker.service", "worker")])
def test_a_unit_starts_what_the_procfile_does(name: str, part: str) -> None:
    started = only(read(name), "Service.ExecStart")
    meant = read_procfile(ROOT / "Procfile")[part]
    nice = re.search(r"nice -n (\d+) ", meant)
    assert started.removeprefix(PYTHON) == meant.rpartition("python")[2]
    assert read(name)["Service.Nice"] == ([nice[1]] if nice else [])


@pytest.mark.parametrize("name", ["nomen-web.service", "nomen-worker.service"])
def test_a_unit_may_write_where_the_site_writes_and_nowhere_else(name: str) -> None:
    unit = read(name)
    assert f"/var/lib/{only(unit, 'Service.StateDirectory')}" == environment()["INSTANCE"]
    assert only(unit, "Service.ProtectSystem") == "strict" and not unit["Service.ReadWritePaths"]
    assert only(unit, "Service.User") == "nomen" and only(unit, "Service.EnvironmentFile") == "/etc/nomen.env"


def test_both_services_are_shut_in_alike_but_for_the_gpu() -> None:
    web, worker = read("nomen-web.service"), read("nomen-worker.service")
    kinds = ("Protect", "Restrict", "Private", "SystemCall", "Lock", "NoNew", "Capability", "Ambient")
    hardening = [
        {name: unit[name] for name in unit if name.removeprefix("Service.").startswith(kinds)}
        for unit in (web, worker)
    ]
    assert hardening[0].pop("Service.PrivateDevices") == ["yes"]
    assert hardening[0] == hardening[1]


def test_what_the_units_name_is_there(app: Flask) -> None:
    assert (ROOT / "gunicorn.conf.py").exists() and (ROOT / "wsgi.py").exists()
    assert "worker" in app.cli.commands
    for path in UNITS:
        for page in read(path.name)["Unit.Documentation"]:
            assert (ROOT / page.removeprefix("file:///opt/nomen/")).exists()
        for unit in re.findall(r"nomen-\w+\.(?:service|socket|timer)", path.read_text()):
            assert (DEPLOY / unit).exists()


def test_the_settings_are_settings_and_can_be_read() -> None:
    given = environment()
    assert given.keys() <= {setting.name for setting in SETTINGS}
    settings = read_settings(given)
    assert settings["HTTPS"] and settings["PROXIES"] == 1 and settings["TRUSTED_HOSTS"]


def test_all_parts_speak_of_one_address() -> None:
    given = environment()
    address = f"{given['HOST']}:{given['PORT']}"
    asked = only(read("nomen-health.service"), "Service.ExecStart")
    assert only(read("nomen-web.socket"), "Socket.ListenStream") == address
    assert f"http://{address}/healthz" in asked and f'"Host: {given["TRUSTED_HOSTS"]}"' in asked
    assert f"server {address} " in (DEPLOY / "nginx.conf").read_text()


def test_the_address_that_is_asked_for_is_there(app: Flask) -> None:
    assert app.test_client().get("/healthz").status_code == 200


def test_the_docs_tell_of_every_file_and_every_command_in_them_is_there(app: Flask) -> None:
    page = (ROOT / "docs" / "deploy.md").read_text()
    assert [path.name for path in DEPLOY.iterdir() if path.name not in page] == []
    commands = re.findall(r"flask --app wsgi (\w+)", page)
    assert commands and set(commands) <= set(app.cli.commands)
    targets = re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), flags=re.MULTILINE)
    assert set(re.findall(r"\bmake ([a-z-]+)", page)) <= set(targets)
    named = set(re.findall(r"`([A-Z][A-Z_]+)(?:=[^`]*)?`", page))
    ours = {name for name in named if not name.startswith("AWS_")}
    assert ours and ours <= {setting.name for setting in SETTINGS} | {"TORCH_INDEX"}


AS_SYSTEMD = """
import os, sys
os.dup2(int(sys.argv[1]), 3)  # the first socket of an activation
os.environ |= {"LISTEN_FDS": "1", "LISTEN_PID": str(os.getpid())}
os.execv(sys.executable, [sys.executable, *sys.argv[2:]])
"""


@pytest.mark.process
def test_gunicorn_takes_over_the_socket_and_says_when_it_listens(instance: Path, tmp_path: Path) -> None:
    with (
        socket.create_server(("127.0.0.1", 0)) as listener,
        socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as notified,
    ):
        notified.bind(str(tmp_path / "notify"))
        notified.settimeout(120)
        command = only(read("nomen-web.service"), "Service.ExecStart").removeprefix(PYTHON).split()
        more = {"INSTANCE": str(instance), "PORT": "1", "WEB_WORKERS": "1", "PATH": "/usr/bin:/bin"}
        process = subprocess.Popen(
            [sys.executable, "-c", AS_SYSTEMD, str(listener.fileno()), *command],
            cwd=ROOT,
            env=environment() | more | {"NOTIFY_SOCKET": str(tmp_path / "notify")},
            pass_fds=[listener.fileno()],
        )
        try:
            assert b"READY=1" in notified.recv(4096)
            with socket.create_connection(listener.getsockname(), timeout=60) as client:
                client.sendall(b"GET /healthz HTTP/1.1\r\nHost: nomen.example\r\nConnection: close\r\n\r\n")
                assert client.recv(4096).startswith(b"HTTP/1.1 200")
        finally:
            process.terminate()
            process.wait(timeout=30)


def test_a_unit_waits_for_what_a_web_process_may_finish() -> None:
    drain = read_settings(environment())["WEB_DRAIN_SECONDS"]
    assert drain < int(only(read("nomen-web.service"), "Service.TimeoutStopSec")) <= drain + 30
