"""The nginx sample: checked by nginx itself, and in front of the site."""

import http.client
import re
import shutil
import ssl
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import trustme

from tests.support.processes import GUNICORN, Process, free_port, running
from tests.support.waiting import eventually
from webapp.config import ROOT, read_settings

SAMPLE = (ROOT / "deploy" / "nginx.conf").read_text()
HOST = "nomen.example"
MAIN = """
daemon off; pid {folder}/nginx.pid; error_log {folder}/main.log; worker_processes 1;
events {{ worker_connections 64; }}
http {{
    client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
    include {folder}/nomen.conf;
}}
"""
pytestmark = pytest.mark.process


def render(folder: Path, site: str = "127.0.0.1:8000") -> tuple[Path, int]:
    """Write the sample so that anybody may run it; return the main file and the port that speaks TLS."""
    tls, plain = free_port(), free_port()
    certificate = trustme.CA().issue_cert(HOST)
    certificate.private_key_and_cert_chain_pem.write_to_path(folder / "chain.pem")
    text = re.sub(r"^ *listen \[::\].*\n", "", SAMPLE, flags=re.MULTILINE)
    others = " max_fails=0; server ".join(site.split())
    for there, instead in (
        (r"listen 443", f"listen 127.0.0.1:{tls}"),
        (r"listen 80", f"listen 127.0.0.1:{plain}"),
        (r"/etc/letsencrypt/live/\S+\.pem", str(folder / "chain.pem")),
        (r"/var/log/nginx", str(folder)),
        (r"server 127\.0\.0\.1:8000", f"server {others}"),
    ):
        text, n = re.subn(there, instead, text)
        assert n, there
    (folder / "nomen.conf").write_text(text)
    (folder / "main.conf").write_text(MAIN.format(folder=folder))
    return folder / "main.conf", tls


@pytest.fixture
def nginx() -> str:
    """The program."""
    found = shutil.which("nginx")
    if found is None:
        pytest.skip("nginx is not here")
    return found


def test_nginx_finds_nothing_wrong(nginx: str, tmp_path: Path) -> None:
    main, _ = render(tmp_path)
    command = [nginx, "-t", "-q", "-c", main, "-e", tmp_path / "e"]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0 and not done.stderr, done.stderr


@contextmanager
def in_front(nginx: str, folder: Path, site: str) -> Iterator[int]:
    """Run nginx in front of a site inside the block; give the port that speaks TLS."""
    main, port = render(folder, site)
    process = subprocess.Popen([nginx, "-c", main, "-e", folder / "e"])
    try:
        yield port
    finally:
        process.terminate()
        process.wait(timeout=30)


@pytest.fixture
def served(nginx: str, instance: Path, tmp_path: Path) -> Iterator[tuple[Process, int, Path]]:
    """The site with the settings of the sample, nginx in front of it, and the folder of nginx's log."""
    folder = tmp_path / "nginx"
    folder.mkdir()
    lines = (ROOT / "deploy" / "nomen.env").read_text().splitlines()
    given = dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))
    # Without TRUSTED_HOSTS: whoever waits for the start asks by the address.
    settings = {name: given[name] for name in ("HTTPS", "PROXIES", "LOG_FORMAT")}
    with (
        running(GUNICORN, instance, **settings, ACCESS_LOG="on", WEB_WORKERS="1") as process,
        in_front(nginx, folder, process.address.removeprefix("http://")) as port,
    ):
        yield process, port, folder


def ask(port: int, path: str, **headers: str) -> http.client.HTTPResponse:
    """Ask nginx over TLS."""
    trusting = ssl._create_unverified_context()
    connection = http.client.HTTPSConnection("127.0.0.1", port, timeout=60, context=trusting)
    sent = {name.replace("_", "-"): value for name, value in headers.items()}
    connection.request("GET", path, headers={"Host": HOST, "Connection": "close"} | sent)
    answer = connection.getresponse()
    answer.read()
    connection.close()
    return answer


def is_up(port: int) -> bool:
    try:
        return ask(port, "/healthz").status == 200
    except OSError:
        return False


def test_the_site_behind_it_is_safe_and_its_log_knows_nobody(served: tuple[Process, int, Path]) -> None:
    process, port, folder = served
    assert eventually(lambda: is_up(port))
    answer = ask(port, "/?name=Giovanna", X_Request_ID="from-a-visitor", X_Forwarded_For="203.0.113.7")
    assert answer.status == 200 and "Secure" in answer.headers["Set-Cookie"]
    assert "max-age" in answer.headers["Strict-Transport-Security"]
    request_id = answer.headers["X-Request-ID"]
    ask(port, "/c/abcdefghijklmnopqrstuvwxyz")
    log = folder / "nomen.log"
    assert eventually(lambda: "/c/" in log.read_text() and request_id in process.log())
    assert re.fullmatch(r"[0-9a-f]{32}", request_id) and request_id in log.read_text()
    assert not re.search("Giovanna|abcdefg|127.0.0.1|203.0.113.7", log.read_text())


def test_it_lets_through_what_the_site_takes() -> None:
    sizes = [int(size) for size in re.findall(r"client_max_body_size (\d+)m;", SAMPLE)]
    assert min(sizes) * 2**20 >= 10 * 2**20 and max(sizes) > read_settings({})["BATCH_MB"]
