"""A real browser against the real site in a process of its own, on a free port, with a known network."""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Error, Page, Playwright, expect, sync_playwright

from tests.conftest import settings_for
from tests.support.letters import letters_artifact
from webapp import create_app
from webapp.config import ROOT
from webapp.storage import database
from webapp.versions import service as versions

SYSTEM = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-sync",
    "--disable-component-update",
]
PATIENCE = 60  # seconds for the site to answer


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    """Playwright's driver."""
    with sync_playwright() as driver:
        yield driver


@pytest.fixture(scope="session")
def browser(playwright: Playwright) -> Iterator[Browser]:
    """The system's Chromium, else Playwright's own; without any the tests skip, but not in CI."""
    system = next(filter(None, map(shutil.which, SYSTEM)), None)
    try:
        browser = playwright.chromium.launch(executable_path=system, args=ARGUMENTS)
    except Error as error:
        if os.environ.get("CI") == "true":
            raise
        pytest.skip(f"No Chromium was found on this machine: {str(error).splitlines()[0]}")
    yield browser
    browser.close()


def free_port() -> int:
    """Return a port that nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def start_site(folder: Path, **environment: str) -> tuple[subprocess.Popen[bytes], str]:
    """Start the site over the instance in `folder`; return its process and address once it is ready."""
    port = free_port()
    command = [sys.executable, "-m", "flask", "--app", "wsgi", "run", "--port", str(port), "--with-threads"]
    known = {"INSTANCE": str(folder), "DATABASE_URL": "", "GUESSES_PER_MINUTE": "100000", "SECRET_KEY": ""}
    with open(folder / "site.log", "wb") as log:
        process = subprocess.Popen(
            command, cwd=ROOT, env=os.environ | known | environment, stdout=log, stderr=subprocess.STDOUT
        )
    address = f"http://127.0.0.1:{port}"
    if not _answers(f"{address}/readyz", process):
        stop(process)
        pytest.fail(f"The site did not start:\n{(folder / 'site.log').read_text()[-2000:]}")
    return process, address


def stop(process: subprocess.Popen[bytes]) -> None:
    """End a process that `start_site` started."""
    process.terminate()
    process.wait(timeout=20)


def _answers(address: str, process: subprocess.Popen[bytes]) -> bool:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline and process.poll() is None:
        try:
            with urllib.request.urlopen(address, timeout=5):
                return True
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.1)
    return False


@pytest.fixture(scope="session")
def site_folder(blank_instance: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An instance whose network goes by the last letter alone (tests/support/letters.py), as v2."""
    folder = Path(shutil.copytree(blank_instance, tmp_path_factory.mktemp("site") / "instance"))
    app = create_app(settings_for(folder))
    with app.app_context():
        version = versions.add(letters_artifact(), origin="import", by="test")
        versions.promote(version.id, by="test")
    database.dispose(app)
    return folder


@pytest.fixture(scope="session")
def site(site_folder: Path) -> Iterator[str]:
    """The address of a running site, the same for all tests of a session."""
    process, address = start_site(site_folder)
    yield address
    stop(process)


@pytest.fixture
def open_page(browser: Browser, site: str) -> Iterator[Callable[..., Page]]:
    """Open pages of the site as a new visitor; options as Playwright's new_context takes them.

    At the end no page may have written an error to the console: none of its own, none of the CSP.
    """
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    def listen(page: Page) -> None:
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda message: complaints.append(message.text) if _is_bad(message) else None)

    def open_page(path: str = "/", **options: object) -> Page:
        context = browser.new_context(base_url=site, **options)  # type: ignore[arg-type]
        context.on("page", listen)
        contexts.append(context)
        page = context.new_page()
        page.goto(path)
        if page.locator("[autofocus]").count():  # given with the first frame, which may come after the load
            expect(page.locator("[autofocus]")).to_be_focused()
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert complaints == []


def _is_bad(message: object) -> bool:
    # A page that is answered with 404 or 422 on purpose is told of as a resource that failed to load.
    kind, text = message.type, message.text  # type: ignore[attr-defined]
    return kind in ("error", "warning") and not text.startswith("Failed to load resource")
