"""Every page in every state, as axe and a finger see it: light and dark, on a phone and on a desk.

In English, or in the languages of STATES_IN="ar de en es fr", one after another.
"""

import os
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from tests.support import scenes
from tests.support.browser import PHONE, log_in, violations
from tests.support.processes import GUNICORN, Process, running
from tests.support.sites import copy_instance, open_site
from webapp.web import access

pytestmark = [pytest.mark.browser, pytest.mark.timeout(900)]
DESK = {"width": 1280, "height": 800}
ALL: tuple[str, ...] = ()
COLOURS = ("color-contrast",)
# Colours hang on the scheme and all else on the width, so each of both is seen whole.
LOOKS = ((PHONE, "light", ALL), (PHONE, "dark", COLOURS), (DESK, "dark", ALL))
NO_PAGE = re.compile(
    "/(static|api|logout|surprise|genderize|metrics|robots|favicon|healthz|readyz|guess)|.*[.]|.*live"
)
TARGETS = Path(__file__).with_name("targets.js").read_text(encoding="utf-8")
LANGUAGES = os.environ.get("STATES_IN", "en").split()
OPEN = "document.querySelectorAll('details').forEach((each) => { each.open = true; })"


@pytest.fixture(scope="module", params=LANGUAGES)
def language(request: pytest.FixtureRequest) -> str:
    """The language that pages are looked at in."""
    return str(request.param)


@pytest.fixture(scope="module")
def site(language: str, blank_instance: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Process]:
    """Start a site that holds nothing yet, once for every language."""
    folder = copy_instance(blank_instance, tmp_path_factory.mktemp("states") / "instance")
    with running(GUNICORN, folder, WEB_WORKERS="1") as process:
        yield process


def visitor(browser: Browser, site: Process, email: str = "", language: str = "en") -> Page:
    """Open the site in a language, as somebody new or as one of its staff."""
    page = browser.new_context(base_url=site.address, reduced_motion="reduce").new_page()
    page.route("**/comparisons/*", _stays)
    if email:
        page.goto("/login")
        log_in(page, email)
    page.goto(f"/?lang={language}")  # which is kept in a cookie
    expect(page.locator("html")).to_have_attribute("lang", language)
    return page


def _stays(route: Route) -> None:
    # A page that looks again by itself would be gone before it is judged.
    answer = route.fetch()
    headers = {name: value for name, value in answer.headers.items() if name.lower() != "refresh"}
    route.fulfill(response=answer, headers=headers)


def wrong_with(page: Page) -> list[str]:
    """Return what is wrong with the page that is shown, with all that folds unfolded, in all looks."""
    page.wait_for_load_state()  # before its styles have come, what only a printer shows is on the page
    page.evaluate(OPEN)
    found = set()
    for size, scheme, rules in LOOKS:
        page.set_viewport_size(size)  # type: ignore[arg-type]
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        look = f"{size['width']} px, {scheme}: "
        found |= {look + violation for violation in violations(page, *rules)}
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            found.add(look + "it is wider than the window")
        if size == PHONE:
            found |= {f"{look}too small to press: {target}" for target in page.evaluate(TARGETS)}
    return sorted(found)


def visit(page: Page, scene: str, addresses: Sequence[str]) -> list[str]:
    """Return what is wrong at the addresses of a scene; those that lead elsewhere are left out."""
    wrong = []
    for address in addresses:
        page.goto(address)
        if urlsplit(page.url).path == urlsplit(address).path:
            wrong += [f"{scene}, {address}, {fault}" for fault in wrong_with(page)]
    return wrong


def addresses_of(folder: Path) -> tuple[list[str], list[str]]:
    """Return the address of every page that needs nothing filled in: those of staff, and the others."""
    with open_site(folder) as app:
        rules = [
            rule for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ()) and not rule.arguments
        ]
    pages = sorted({rule.rule for rule in rules if not NO_PAGE.match(rule.rule)})
    guarded = {rule.rule for rule in rules if rule.endpoint.partition(".")[0] in access.GUARDED}
    staff = [page for page in pages if page in guarded or page in ("/password", "/second-factor")]
    return staff, [page for page in pages if page not in staff]


# First, for it begins with a site that holds nothing.
def test_nothing_is_wrong_with_any_page_in_any_state(browser: Browser, site: Process, language: str) -> None:
    admin = visitor(browser, site, scenes.ADMIN, language)
    stranger = visitor(browser, site, language=language)
    for_staff, for_all = addresses_of(site.instance)
    wrong = visit(admin, "empty", for_staff) + visit(stranger, "empty", for_all)
    with open_site(site.instance) as app:
        for scene in scenes.SCENES:
            with app.app_context():
                scene.make()
            wrong += visit(admin, scene.name, scene.staff) + visit(stranger, scene.name, scene.visitor)
    _succeed(wrong)


def judged(page: Page, state: str) -> list[str]:
    """Return what is wrong with the page as it is after something was done on it."""
    return [f"{state}, {fault}" for fault in wrong_with(page)]


def test_nothing_is_wrong_while_a_visitor_answers(browser: Browser, site: Process, language: str) -> None:
    page = visitor(browser, site, language=language)
    page.goto("/?name=Amalia")
    page.locator("button[name=answer]").last.click()
    expect(page.locator(".thanks")).to_be_visible()
    wrong = judged(page, "thanked") + visit(page, "answered", ("/history", "/privacy", "/history/delete"))
    page.goto("/history")
    page.locator(".answer-actions a").first.click()
    _succeed(wrong + judged(page, "the story of an answer"))


def test_nothing_is_wrong_while_a_visitor_plays(browser: Browser, site: Process, language: str) -> None:
    page = visitor(browser, site, language=language)
    page.goto("/play")
    page.locator("main form button").click()
    expect(page.locator(".to-women")).to_be_visible()
    wrong = judged(page, "asked")
    page.locator(".to-women").click()
    expect(page.locator(".actions a.primary")).to_be_visible()
    wrong += judged(page, "revealed")
    while (onward := page.locator(".actions a.primary")).count():
        onward.click()
        if not (answers := page.locator(".to-men")).count():
            break
        answers.click()
    _succeed(wrong + judged(page, "the game is over"))


def test_nothing_is_wrong_while_a_visitor_brings_a_file(
    browser: Browser, site: Process, language: str, tmp_path: Path
) -> None:
    (tmp_path / "bad.csv").write_bytes(b"%PDF-1.7")
    (tmp_path / "good.csv").write_text("first name,nick\nAnna,Kim\nN/A,\nDr. Otto,x\n")
    page = visitor(browser, site, language=language)
    page.goto("/batch")
    page.set_input_files("#file", tmp_path / "bad.csv")
    expect(page.locator("#file-problem")).not_to_be_empty()
    wrong = judged(page, "a file is refused")
    page.set_input_files("#file", tmp_path / "good.csv")
    expect(page.locator(".read").first).to_be_visible()
    _succeed(wrong + judged(page, "the first rows"))


def _succeed(wrong: Sequence[str]) -> None:
    if wrong:
        pytest.fail("\n".join(wrong), pytrace=False)
