"""Review by keyboard, in a real browser."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.support.browser import log_in

pytestmark = pytest.mark.browser


def wrongly_guessed(open_page: Callable[..., Page], *names: str) -> None:
    for name in names:
        page = open_page(f"/?name={name}")
        page.get_by_role("button", name="No, given to both").click()
        page.get_by_text("Thank you.").wait_for()


@pytest.fixture
def review(open_page: Callable[..., Page]) -> Page:
    """The review page of a reviewer, with two plain names and a contested one waiting."""
    wrongly_guessed(open_page, "Ilmarinen", "Amparo", "Anna")
    page = open_page("/login?next=/review?sort=newest")
    log_in(page, "reviewer@example.org")
    return page


def test_names_are_decided_by_keyboard_and_undone(review: Page) -> None:
    here, lead = review.locator("tr.here"), review.locator(".lead")
    waiting = int(lead.inner_text().partition(" ")[0])  # those of other tests, too
    review.keyboard.press("j")
    expect(here).to_have_attribute("data-name", "anna")
    review.keyboard.press("a")
    expect(here.locator("button.accept")).to_be_focused()  # contested: Enter is wanted
    review.keyboard.press("j")
    review.keyboard.press("a")
    expect(review.locator("tr[data-name=amparo]")).to_contain_text("Accepted: both")
    expect(review.locator("#undo")).to_contain_text("Decided: Amparo (1 answer).")
    expect(lead).to_contain_text(f"{waiting - 1} names wait. What you accept is what")
    expect(here).to_have_attribute("data-name", "ilmarinen")
    review.keyboard.press("r")
    expect(review.locator("tr[data-name=ilmarinen]")).to_contain_text("Rejected")
    expect(lead).to_contain_text(f"{waiting - 2} name")
    review.keyboard.press("u")
    expect(review.locator("tr[data-name=ilmarinen] button.accept")).to_be_visible()
    expect(review.locator("tr[data-name=amparo]")).to_have_count(0)
