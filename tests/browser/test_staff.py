"""Staff on a phone, and what their scripts add."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.support.browser import PHONE, log_in

pytestmark = pytest.mark.browser
BEYOND = """
() => [...document.querySelectorAll(".cards :is(a, button, summary)")]
  .filter((each) => each.checkVisibility())
  .filter((each) => { const at = each.getBoundingClientRect(); return at.left < 0 || at.right > innerWidth; })
  .map((each) => each.outerHTML)
"""


def admin_at(open_page: Callable[..., Page], path: str, **options: object) -> Page:
    page = open_page(f"/login?next={path}", **options)
    log_in(page, "admin@example.org")
    return page


@pytest.mark.parametrize("path", ["/users", "/versions", "/audit"])
def test_every_action_of_a_table_is_in_sight_on_a_phone(open_page: Callable[..., Page], path: str) -> None:
    page = admin_at(open_page, path, viewport=PHONE)
    expect(page.locator(".cards tbody tr").first).to_be_visible()
    assert page.evaluate(BEYOND) == []


def test_a_version_is_downloaded_and_chosen_to_serve_on_a_phone(open_page: Callable[..., Page]) -> None:
    page = admin_at(open_page, "/versions", viewport=PHONE, java_script_enabled=False)
    other = page.locator(".versions tbody tr").last
    with page.expect_download() as download:
        other.get_by_role("link", name="Download").click()
    assert download.value.suggested_filename.endswith(".safetensors")
    other.get_by_text("Let it serve").click()
    expect(other.get_by_role("button", name="Yes, v1 serves")).to_be_in_viewport()


def test_how_long_a_run_takes_follows_the_settings(open_page: Callable[..., Page]) -> None:
    page = admin_at(open_page, "/retraining")
    told = page.locator("#how-long")
    # What is chosen at first depends on whether other tests left something to be learned.
    page.locator("[name=kind][value=scratch]").check()
    expect(told).to_contain_text("About 30 minutes")
    expect(page.get_by_role("button", name="How long?")).to_be_hidden()
    page.get_by_text("Advanced settings").click()
    page.locator("#epochs").fill("50")
    expect(told).not_to_contain_text("About 30 minutes")
    expect(told).to_contain_text(" h ")
    page.locator("#epochs").fill("many")
    expect(told).to_have_text("Epochs cannot be 'many'.")


def test_without_a_script_review_offers_nothing_that_needs_one(open_page: Callable[..., Page]) -> None:
    visitor = open_page("/?name=Ingeborg", java_script_enabled=False)
    visitor.locator("button[name=answer]").last.click()
    page = admin_at(open_page, "/review", java_script_enabled=False)
    expect(page.locator("[data-name=ingeborg]")).to_be_visible()
    for needless in (".choose-all", ".keys"):
        expect(page.locator(needless)).to_be_hidden()
