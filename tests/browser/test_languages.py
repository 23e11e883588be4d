"""Every page in every language on the narrowest of phones: nothing sticks out to the side."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from tests.support.browser import log_in
from webapp.languages.choice import LANGUAGES
from webapp.learn.chapters import CHAPTERS

pytestmark = pytest.mark.browser
NARROWEST = {"width": 320, "height": 700}
NAMED = ("/?name=Giovanna", "/?name=Anna-Lena", "/?name=12", "/?name=Ms.+Kim+Lee", "/n/giovanna")
COUNTED = ("/scoreboard", "/scoreboard/time", "/scoreboard/holdout", "/scoreboard/names", "/scoreboard/again")
OWN = ("/history", "/privacy", "/privacy/delete", "/batch", "/play", "/offline", "/login", "/nothing-here")
LESSONS = tuple(f"/learn/{chapter.slug}" if chapter.slug else "/learn" for chapter in CHAPTERS)
VISITED = ("/", *NAMED, *COUNTED, "/scoreboard/versions", "/versions/v1", "/api/docs", *OWN, *LESSONS)
STAFF = ("/admin", "/review", "/review?status=any", "/review/opinions", "/retraining", "/versions", "/users")
GUARDED = (*STAFF, "/admin/keys", "/audit", "/account/password", "/versions/comparisons")
BEYOND = "document.documentElement.scrollWidth - innerWidth"
# What ends beyond the page, and is in nothing that scrolls by itself.
CULPRITS = """() => [...document.querySelectorAll("body *")].filter((part) => {
  const box = part.getBoundingClientRect();
  return (box.right > innerWidth + 1 || box.left < -1) && part.checkVisibility();
}).slice(-3).map((part) => part.outerHTML.slice(0, 100))"""


def sticking_out(page: Page, paths: tuple[str, ...], language: str) -> dict[str, list[str]]:
    """Return what is too wide, by the path of its page."""
    found = {}
    for path in paths:
        page.goto(f"{path}{'&' if '?' in path else '?'}lang={language}")
        assert page.locator("html").get_attribute("lang") == language, path
        if page.evaluate(BEYOND) > 0:
            found[path] = [f"by {page.evaluate(BEYOND)} px", *page.evaluate(CULPRITS)]
    return found


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_page_of_a_visitor_is_too_wide(open_page: Callable[..., Page], language: str) -> None:
    page = open_page("/", viewport=NARROWEST)
    assert sticking_out(page, VISITED, language) == {}


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_page_of_the_staff_is_too_wide(open_page: Callable[..., Page], language: str) -> None:
    page = open_page("/login", viewport=NARROWEST)
    log_in(page, "admin@example.org")
    assert sticking_out(page, GUARDED, language) == {}


def test_a_sentence_in_other_letters_keeps_its_full_stop_at_its_end(open_page: Callable[..., Page]) -> None:
    page = open_page("/learn?lang=ar", viewport=NARROWEST)
    paragraphs = page.locator("main p")
    # As somebody's reason or the note of a version may be written.
    paragraphs.first.evaluate("(paragraph) => { paragraph.textContent = 'Asked in Rome.'; }")
    # Where the last sign of the paragraph is drawn: right of the sign before it.
    is_behind = paragraphs.first.evaluate(
        """(paragraph) => {
          const text = paragraph.lastChild, end = text.length;
          const box = (from) => {
            const range = document.createRange();
            range.setStart(text, from), range.setEnd(text, from + 1);
            return range.getBoundingClientRect();
          };
          return box(end - 1).left >= box(end - 2).left;
        }"""
    )
    assert is_behind
