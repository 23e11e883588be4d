"""Every page of the site, found by its address: on a phone, for screen readers, under the CSP."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.conftest import PASSWORD, settings_for
from webapp import create_app
from webapp.storage import database

pytestmark = pytest.mark.browser
PHONE = {"width": 390, "height": 844}
LEFT_OUT = ("/surprise", "/logout", "/static", "/api/docs")  # lead elsewhere, no pages, or Swagger UI's own
MORE = ("/?name=Giovanna", "/?name=" + "w" * 64, "/?name=12", "/learn?name=" + "m" * 20, "/nothing-here")
FAULTS = Path(__file__).with_name("faults.js").read_text()


@pytest.fixture(scope="module")
def addresses(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """Return the address of every page that needs nothing filled in."""
    app = create_app(settings_for(Path(tmp_path_factory.mktemp("map"))))
    rules = [
        rule for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ()) and not rule.arguments
    ]
    database.dispose(app)
    found = sorted({rule.rule for rule in rules if not rule.rule.startswith(LEFT_OUT)})
    return [*found, *MORE]


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
    page.locator("[name=email]").fill("admin@example.org")
    page.locator("[name=password]").fill(PASSWORD)
    page.locator("main button, main [type=submit]").first.click()
    page.wait_for_url(lambda url: not url.endswith("/login"))
    assert faults(page, addresses) == {}
