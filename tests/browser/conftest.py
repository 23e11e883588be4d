"""A real browser against the real site in processes of its own, on a free port, with a known network."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, expect, sync_playwright

from tests.support.browser import is_complaint, launch
from tests.support.letters import letters_artifact
from tests.support.processes import GUNICORN, running
from tests.support.sites import copy_instance, open_site
from webapp.versions import service as versions


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    """Playwright's driver."""
    with sync_playwright() as driver:
        yield driver


@pytest.fixture(scope="session")
def browser(playwright: Playwright) -> Iterator[Browser]:
    """A browser, the same for all tests of a session."""
    browser = launch(playwright)
    yield browser
    browser.close()


@pytest.fixture(scope="session")
def site_folder(blank_instance: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An instance whose network goes by the last letter alone (tests/support/letters.py), as v2."""
    folder = copy_instance(blank_instance, tmp_path_factory.mktemp("site") / "instance")
    with open_site(folder) as app, app.app_context():
        version = versions.add(letters_artifact(), origin="import", by="test")
        versions.promote(version.id, by="test")
    return folder


@pytest.fixture(scope="session")
def site(site_folder: Path) -> Iterator[str]:
    """The address of a running site, the same for all tests of a session."""
    with running(GUNICORN, site_folder, WEB_WORKERS="1") as process:
        yield process.address


@pytest.fixture
def open_page(browser: Browser, site: str) -> Iterator[Callable[..., Page]]:
    """Open pages of the site as a new visitor; options as Playwright's new_context takes them.

    At the end no page may have written an error to the console: none of its own, none of the CSP.
    """
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    def listen(page: Page) -> None:
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda message: complaints.append(message.text) if is_complaint(message) else None)

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
