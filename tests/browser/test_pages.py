"""Every page of the site, found by its address: on a phone, for screen readers, under the CSP."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.support.browser import PHONE, log_in
from tests.support.sites import open_site
from webapp.learn.chapters import CHAPTERS as CHAPTERS_OF_LEARN

pytestmark = pytest.mark.browser
LEFT_OUT = ("/surprise", "/logout", "/static", "/api/docs")  # lead elsewhere, no pages, or Swagger UI's own
CHAPTERS = tuple(f"/learn/{chapter.slug}" for chapter in CHAPTERS_OF_LEARN if chapter.slug)
STATES = ("/learn/neuron?step=all", "/learn/backwards?times=3&step=all", "/learn/mistakes?c0=tp&c1=fp")
MORE = ("/?name=Giovanna", "/?name=" + "w" * 64, "/?name=12", "/learn?name=" + "m" * 20, "/nothing-here")
FAULTS = Path(__file__).with_name("faults.js").read_text()


@pytest.fixture(scope="module")
def addresses(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """Return the address of every page that needs nothing filled in."""
    with open_site(tmp_path_factory.mktemp("map")) as app:
        rules = [
            rule for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ()) and not rule.arguments
        ]
    found = sorted({rule.rule for rule in rules if not rule.rule.startswith(LEFT_OUT)})
    return [*found, *MORE, *CHAPTERS, *STATES]


def faults(page: Page, addresses: list[str]) -> dict[str, list[str]]:
    """Visit every address that answers with a page; return what is wrong with each."""
    found = {}
    for address in addresses:
        head = page.request.get(address, max_redirects=0)
        if head.status not in (302, 303, 308) and head.text().lstrip().startswith("<!doctype html>"):
            page.goto(address)
            found[address] = page.evaluate(FAULTS)
    assert len(found) >= 8
    return {address: wrong for address, wrong in found.items() if wrong}


@pytest.mark.parametrize("width", [320, 390, 1280])
def test_every_public_page_is_sound(open_page: Callable[..., Page], addresses: list[str], width: int) -> None:
    page = open_page("/", viewport={"width": width, "height": 844})
    assert faults(page, addresses) == {}


def test_every_page_of_an_admin_is_sound_on_a_phone(
    open_page: Callable[..., Page], addresses: list[str]
) -> None:
    page = open_page("/login", viewport=PHONE)
    log_in(page, "admin@example.org")
    assert faults(page, addresses) == {}
