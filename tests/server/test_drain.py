"""A site that is told to stop finishes what it began: a long download goes on across a restart."""

import http.client
import signal
import socket
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.support.processes import GUNICORN, running

pytestmark = pytest.mark.process
NAMES = 100_000
EDGE = "the-edge-of-a-part"
FORM = (
    f'--{EDGE}\r\nContent-Disposition: form-data; name="answer"\r\n\r\nfile\r\n'
    f'--{EDGE}\r\nContent-Disposition: form-data; name="file"; filename="people.csv"\r\n\r\n'
    f"{{names}}\r\n--{EDGE}--\r\n"
)


@contextmanager
def download(address: str) -> Iterator[http.client.HTTPResponse]:
    """Send a long list of names and begin to take it back with guesses, over a socket that holds little."""
    host, port = urlsplit(address).hostname, urlsplit(address).port
    connection = http.client.HTTPConnection(str(host), port, timeout=60)
    connection.sock = socket.socket()
    connection.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2**16)
    connection.sock.settimeout(60)
    connection.sock.connect((host, port))
    form = FORM.format(names="name\n" + "Anna\n" * NAMES).encode()
    kind = {"Content-Type": f"multipart/form-data; boundary={EDGE}"}
    with closing(connection):
        connection.request("POST", "/api/v1/files", form, kind)
        with closing(connection.getresponse()) as answer:
            yield answer


def test_a_long_download_goes_on_while_the_site_is_told_to_stop(instance: Path) -> None:
    settings = {"WEB_WORKERS": "1", "WEB_DRAIN_SECONDS": "120"}
    with running(GUNICORN, instance, **settings) as site, download(site.address) as answer:
        lines = iter(answer)
        assert next(lines).startswith(b"name,")
        site._process.send_signal(signal.SIGTERM)
        assert sum(line.startswith(b"Anna,") for line in lines) == NAMES
        assert site._process.wait(timeout=60) == 0
    with running(GUNICORN, instance, **settings) as again:
        assert again.answers()
