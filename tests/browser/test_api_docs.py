"""The page to try the API, as axe sees it: closed, with requests open, and with the dialog for a key."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.support.browser import PHONE, violations

pytestmark = pytest.mark.browser
DESK = {"width": 1280, "height": 800}


@pytest.mark.parametrize(("scheme", "size"), [("light", DESK), ("dark", PHONE)])
def test_axe_finds_nothing_and_the_page_says_which_requests_need_a_key(
    open_page: Callable[..., Page], scheme: str, size: dict[str, int]
) -> None:
    page = open_page("/api/docs", color_scheme=scheme, viewport=size)
    expect(page.get_by_text("needs a key").first).to_be_visible()
    needs_key = page.locator(".opblock", has_text="needs a key")
    assert page.locator("#operations-Nomen-post_api_v1_runs").inner_text().count("needs a key") == 1
    assert needs_key.count() < page.locator(".opblock").count()
    assert not page.locator(".opblock .authorization__btn:visible").count()
    assert violations(page) == []
    for request in page.locator(".opblock-summary-control").all()[:2]:
        request.click()
    expect(page.locator("textarea").first).to_be_visible()
    assert violations(page) == []
    page.get_by_role("button", name="Authorize").click()
    expect(page.get_by_role("dialog")).to_be_visible()
    assert violations(page) == []
