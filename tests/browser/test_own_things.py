"""What visitors and staff change of their own, on a phone, light and dark, as axe and eyes see it."""

import re
from collections.abc import Callable
from datetime import datetime

import pytest
from passlib.totp import TOTP
from playwright.sync_api import Page, expect

from tests.support.browser import PHONE, log_in, violations
from tests.support.sites import PASSWORD, add_user, open_site

pytestmark = pytest.mark.browser
OpenPage = Callable[..., Page]
SCHEMES = ("light", "dark")


def check(page: Page) -> None:
    """Fail for what axe finds, and for a page that is wider than the phone."""
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize("scheme", SCHEMES)
def test_a_visitor_reads_what_is_kept_and_deletes_it(open_page: OpenPage, scheme: str) -> None:
    page = open_page("/?name=Otto", viewport=PHONE, color_scheme=scheme)
    page.locator("button[name=answer]").first.click()
    expect(page.get_by_text("Thank you")).to_be_visible()
    page.goto("/privacy")
    expect(page.get_by_text("Kept of this browser: 1 answer.")).to_be_visible()
    check(page)
    page.get_by_role("link", name="Delete all of it…").click()
    check(page)
    page.get_by_role("button", name="Delete all of it").click()
    expect(page.get_by_text("Nothing here is yours any more.")).to_be_visible()
    page.goto("/history/delete")
    check(page)


@pytest.mark.parametrize("scheme", SCHEMES)
def test_a_reviewer_sets_up_a_second_factor_and_logs_in_with_it(
    open_page: OpenPage, site_folder, scheme: str
) -> None:
    email = f"{scheme}@example.org"
    with open_site(site_folder) as app, app.app_context():
        add_user(email, "reviewer")
    page = open_page("/login?next=/second-factor", viewport=PHONE, color_scheme=scheme)
    log_in(page, email)
    expect(page.get_by_alt_text("A QR code")).to_be_visible()
    page.get_by_text("It cannot be photographed?").click()
    check(page)
    app_on_phone = TOTP(key=page.locator(".key").inner_text().replace("-", ""))
    page.get_by_label("Code").fill(app_on_phone.generate(datetime.now()).token)
    page.get_by_label("Present password").fill(PASSWORD)
    page.get_by_role("button", name="Turn it on").click()
    expect(page.locator(".codes code")).to_have_count(10)
    codes = page.locator(".codes code").all_inner_texts()
    assert len(codes) == 10 and re.fullmatch(r"[0-9a-f-]{14}", codes[0])
    check(page)
    page.goto("/second-factor")
    check(page)
    page = open_page("/login", viewport=PHONE, color_scheme=scheme)
    page.get_by_label("E-mail").fill(email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Log in").click()
    page.wait_for_url("**/login/code?next=/admin")
    check(page)
    page.get_by_label("Code").fill(codes[0])
    page.get_by_role("button", name="Log in").click()
    page.wait_for_url("**/admin")
