"""Pages as people set them: text twice as large, on paper, in the system's own colours."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from tests.support.browser import PHONE

pytestmark = pytest.mark.browser
PAGES = (
    *("/", "/?name=Giovanna", "/n/giovanna", "/play", "/scoreboard", "/learn", "/learn/neuron", "/batch"),
    *("/history", "/privacy", "/offline", "/versions/v1", "/login"),
)
OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
PRESSED = "button, nav:not(.chapters), [type=submit], [type=file], details:not([open])"
ON_PAPER = """(pressed) => [...document.querySelectorAll(pressed)]
    .filter((part) => part.checkVisibility()).map((part) => part.outerHTML.slice(0, 80))"""


@pytest.mark.parametrize("path", PAGES)
def test_text_twice_as_large_fits_a_phone(open_page: Callable[..., Page], path: str) -> None:
    page = open_page(path, viewport=PHONE)
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    assert page.evaluate(OVERFLOW) <= 0


@pytest.mark.parametrize("path", PAGES)
def test_paper_shows_nothing_to_press(open_page: Callable[..., Page], path: str) -> None:
    page = open_page(path)
    page.emulate_media(media="print")
    assert page.evaluate(ON_PAPER, PRESSED) == []


def test_tiles_keep_a_line_where_the_system_takes_their_ground(open_page: Callable[..., Page]) -> None:
    page = open_page("/?name=Giovanna", forced_colors="active")
    line = page.locator(".tile").first.evaluate("tile => getComputedStyle(tile).borderTopWidth")
    assert line == "1px"
