"""What a page costs those who pay by the byte: itself and all that it loads, as it comes over the line."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.test_states import addresses_of, visitor
from tests.support import scenes
from tests.support.processes import GUNICORN, running
from tests.support.sites import copy_instance, open_site
from webapp.learn.chapters import CHAPTERS

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]
GUESS, MOST = 45_000, 100_000  # bytes
PLOTLY = "/plotly-"
LOADED = """() => [...performance.getEntriesByType("navigation"), ...performance.getEntriesByType("resource")]
    .map((entry) => [entry.name, entry.transferSize])"""


def weight(page: Page, address: str) -> int:
    """Return the bytes of a page for somebody who was never here; 0 if it draws with plotly."""
    page.goto(address, wait_until="networkidle")
    loaded = page.evaluate(LOADED)
    return 0 if any(PLOTLY in name for name, _ in loaded) else sum(size for _, size in loaded)


def test_no_page_is_heavy(browser: Browser, blank_instance: Path, tmp_path: Path) -> None:
    folder = copy_instance(blank_instance, tmp_path / "instance")
    with open_site(folder) as app, app.app_context():
        scenes.answers_wait()
    heavy = {}
    with running(GUNICORN, folder, WEB_WORKERS="1") as site:
        for_staff, for_all = addresses_of(folder)
        chapters = [f"/learn/{chapter.slug}" for chapter in CHAPTERS if chapter.slug]
        for email, addresses in ((scenes.ADMIN, for_staff), ("", [*for_all, *chapters])):
            page = visitor(browser, site, email)
            page.route("**/*", lambda route: route.continue_())  # without the cache of earlier pages
            heavy |= {address: size for address in addresses if (size := weight(page, address)) > MOST}
        guess = weight(page, "/?name=Giovanna")
    assert heavy == {} and 0 < guess <= GUESS, (heavy, guess)
