"""Without a mouse: the keyboard reaches everything, and one sees where one is. Links go to other apps."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.support.browser import PHONE, log_in

pytestmark = pytest.mark.browser
PAGES = (
    "/?name=Giovanna",
    "/scoreboard",
    "/learn/neuron",
    "/batch",
    "/history",
    "/play",
    "/privacy",
    "/n/giovanna",
)
OF_STAFF = ("/review", "/audit", "/retraining", "/versions", "/users", "/admin/keys")
MOST_STOPS = 150
WHERE, REACHABLE = (
    Path(__file__).with_name(f"{name}.js").read_text(encoding="utf-8") for name in ("focus", "reachable")
)


def walk(page: Page) -> tuple[set[int], list[str]]:
    """Press Tab through the page; return the places of what had the focus, and where that is not seen."""
    page.evaluate("document.activeElement?.blur()")
    reached: set[int] = set()
    unseen = []
    for _ in range(MOST_STOPS):
        page.keyboard.press("Tab")
        if not (here := page.evaluate(WHERE)):
            if reached:
                break
            continue
        reached.add(here["key"])
        unseen += [] if here["seen"] else [here["what"]]
    return reached, unseen


def missed(page: Page, address: str) -> list[str]:
    """Return what the keyboard does not reach on a page, or reaches unseen."""
    page.goto(address)
    reached, unseen = walk(page)
    left = sorted(set(page.evaluate(REACHABLE)) - reached) if len(reached) < MOST_STOPS else []
    told = page.evaluate(
        "(at) => at.map((n) => document.querySelectorAll('*')[n].outerHTML.slice(0, 90))", left
    )
    return [f"{address}: unseen {what}" for what in unseen] + [
        f"{address}: not reached {what}" for what in told
    ]


def test_the_keyboard_reaches_everything_and_the_focus_is_seen(open_page: Callable[..., Page]) -> None:
    page = open_page("/")
    assert [fault for address in PAGES for fault in missed(page, address)] == []


def test_the_keyboard_reaches_everything_of_staff_date_fields_too(open_page: Callable[..., Page]) -> None:
    page = open_page("/login")
    log_in(page, "admin@example.org")
    assert [fault for address in OF_STAFF for fault in missed(page, address)] == []


def test_a_date_is_typed_and_sent_by_the_keyboard_alone(open_page: Callable[..., Page]) -> None:
    page = open_page("/login", locale="en-US")
    log_in(page, "admin@example.org")
    page.goto("/audit")
    page.locator("input[type=date]").first.focus()
    page.keyboard.type("01022026")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("since=2026-01-02"))


def test_a_guess_is_answered_by_the_keyboard_alone(open_page: Callable[..., Page]) -> None:
    page = open_page("/")
    page.keyboard.type("Giovanna")
    page.keyboard.press("Enter")
    right = page.get_by_role("button", name="Right", exact=True)
    expect(right).to_be_visible()
    while not right.evaluate("e => e === document.activeElement"):
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Thank you")).to_be_visible()


def test_a_link_goes_to_another_app_by_the_share_sheet(open_page: Callable[..., Page]) -> None:
    page = open_page("/", viewport=PHONE)
    page.add_init_script("navigator.share = async (what) => { document.title = what.url; }")
    page.goto("/n/giovanna")
    page.get_by_role("button", name="Share…").click()
    expect(page).to_have_title(page.locator("#link").input_value())


def test_without_a_share_sheet_there_is_no_button_for_it(open_page: Callable[..., Page]) -> None:
    page = open_page("/")
    page.add_init_script("delete Navigator.prototype.share")
    page.goto("/n/giovanna")
    expect(page.get_by_role("button", name="Copy")).to_be_visible()
    expect(page.get_by_role("button", name="Share…")).to_have_count(0)
