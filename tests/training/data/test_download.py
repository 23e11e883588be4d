"""Fetching a corpus over https from a server of our own, with a certificate of our own."""

import ssl
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
import trustme

from training.data import download as module
from training.data.download import BadDownload, download
from training.data.name_lists import BadCorpus, read_name_list

PAGES = {"/names.csv": b"Ann,female\nBob,male\n", "/page.csv": b"<html>\n", "/empty.csv": b""}


class Handler(BaseHTTPRequestHandler):
    """Serves PAGES, and misbehaves in the ways that the tests ask for."""

    def do_GET(self) -> None:
        if self.path == "/away":
            self.send_response(302)
            self.send_header("Location", "http://127.0.0.1/names.csv")
            self.end_headers()
        elif self.path == "/cut.csv":
            self._send(b"Ann,female\n", length=1000)
        elif self.path == "/huge.csv":
            self._send(b"Ann,female\n", length=10**9)
        elif self.path == "/endless.csv":
            self._send(b"Ann,female\n" * 1000, length=None)
        elif self.path in PAGES:
            self._send(PAGES[self.path], len(PAGES[self.path]))
        else:
            self.send_error(404)

    def _send(self, body: bytes, length: int | None) -> None:
        self.send_response(200)
        if length is not None:
            self.send_header("Content-Length", str(length))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture(scope="module")
def address(authority: trustme.CA) -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"https://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def trusted(authority: trustme.CA) -> ssl.SSLContext:
    context = ssl.create_default_context()
    authority.configure_trust(context)
    return context


def test_a_corpus_is_fetched_and_can_be_read(address: str, trusted: ssl.SSLContext, tmp_path: Path) -> None:
    path = download(f"{address}/names.csv", tmp_path / "deep" / "mine.csv", trusted)
    assert read_name_list(path).names == ("ann", "bob")


def test_it_is_called_as_in_its_address(
    address: str, trusted: ssl.SSLContext, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert download(f"{address}/names.csv", context=trusted) == Path("names.csv")
    assert [path.name for path in tmp_path.iterdir()] == ["names.csv"]


@pytest.mark.parametrize(
    ("path", "message"),
    [
        ("/missing.csv", "404"),
        ("/away", "Only https"),
        ("/cut.csv", "ended after 11 of 1,000 bytes"),
        ("/huge.csv", "up to 64 MB"),
        ("/page.csv", "line 1"),
        ("/empty.csv", "holds no names"),
    ],
)
def test_a_failure_is_a_sentence_and_leaves_nothing(
    address: str, trusted: ssl.SSLContext, tmp_path: Path, path: str, message: str
) -> None:
    with pytest.raises((BadDownload, BadCorpus), match=message):
        download(address + path, tmp_path / "names.csv", trusted)
    assert list(tmp_path.iterdir()) == []


def test_an_endless_answer_is_cut_off(
    address: str, trusted: ssl.SSLContext, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "LARGEST", 5000)
    with pytest.raises(BadDownload, match="this one has more"):
        download(f"{address}/endless.csv", tmp_path / "names.csv", trusted)


def test_an_unknown_certificate_is_refused(address: str, tmp_path: Path) -> None:
    with pytest.raises(BadDownload, match="CERTIFICATE_VERIFY_FAILED"):
        download(f"{address}/names.csv", tmp_path / "names.csv")


def test_a_closed_port_is_said(tmp_path: Path) -> None:
    with pytest.raises(BadDownload, match="cannot be fetched"):
        download("https://127.0.0.1:1/names.csv", tmp_path / "names.csv")


@pytest.mark.parametrize("url", ["http://127.0.0.1/n.csv", "file:///etc/passwd", "names.csv", "ftp://x/n"])
def test_only_https_is_fetched(url: str, tmp_path: Path) -> None:
    with pytest.raises(BadDownload, match="Only https"):
        download(url, tmp_path / "names.csv")


@pytest.mark.parametrize("url", ["https://127.0.0.1", "https://127.0.0.1/", "https://127.0.0.1/%2e%2e"])
def test_an_address_without_a_name_asks_for_one(url: str) -> None:
    with pytest.raises(BadDownload, match="--to"):
        download(url)


def test_a_file_that_is_there_is_not_replaced(tmp_path: Path) -> None:
    (tmp_path / "names.csv").write_text("mine")
    with pytest.raises(BadDownload, match="is there already"):
        download("https://127.0.0.1/names.csv", tmp_path / "names.csv")
