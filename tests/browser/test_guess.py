"""The guess page in a browser: typing, keyboard alone, no script, on a phone, in the dark."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Route, expect

from tests.support.browser import PHONE
from tests.support.waiting import eventually

pytestmark = pytest.mark.browser
WOMEN = "Mostly given to women: about 95 in 100."
MEN = "Mostly given to men: about 95 in 100."
LONGEST = "wolfeschlegelsteinhausenbergerdorffwolfeschlegelsteinhausenberge"


def width_beyond(page: Page) -> int:
    """Return how many pixels a page is wider than its window."""
    return int(page.evaluate("document.documentElement.scrollWidth - window.innerWidth"))


def test_the_guess_follows_the_typing(open_page: Callable[..., Page]) -> None:
    page = open_page("/")
    page.keyboard.type("Lara")
    expect(page.locator("#headline")).to_have_text(WOMEN)
    page.keyboard.type("s")
    expect(page.locator("#headline")).to_have_text(MEN)
    assert page.locator(".tile").all_inner_texts() == list("Laras")


def test_a_typed_guess_can_be_shared_by_its_address(open_page: Callable[..., Page]) -> None:
    page = open_page("/")
    page.keyboard.type("Σοφία")
    expect(page.locator(".read-as b")).to_have_text("sofia")
    assert page.evaluate("new URL(location).searchParams.get('name')") == "Σοφία"


def test_a_token_comes_only_once_the_typing_rests(open_page: Callable[..., Page]) -> None:
    page = open_page("/")
    pages: list[str] = []
    page.on("request", lambda request: pages.append(request.url) if "/?name=" in request.url else None)
    page.keyboard.type("Laura", delay=60)
    expect(page.locator("[name=token]")).to_have_count(1)
    assert len(pages) == 1


def test_a_click_before_the_token_is_there_still_counts(open_page: Callable[..., Page]) -> None:
    page = open_page("/")
    page.keyboard.type("Early")
    expect(page.locator(".tile")).to_have_text(list("Early"))  # an answer is to the guess that is seen
    page.get_by_role("button", name="No, mostly women").click()  # it says both
    expect(page.locator(".thanks")).to_be_visible()


def test_without_a_script_the_form_does_it_all(open_page: Callable[..., Page]) -> None:
    page = open_page("/", java_script_enabled=False)
    page.get_by_label("Whose name is it").fill("Olga")
    page.get_by_role("button", name="Guess").click()
    expect(page.locator("#headline")).to_have_text(WOMEN)
    page.get_by_role("button", name="Right").click()
    expect(page.locator(".thanks")).to_be_visible()


def test_the_keyboard_alone_is_enough(open_page: Callable[..., Page]) -> None:
    page = open_page("/")
    page.keyboard.type("Petra")
    page.keyboard.press("Enter")
    button = page.get_by_role("button", name="No, mostly men")
    expect(page.locator("[name=token]")).to_have_count(1)
    for _ in range(14):
        page.keyboard.press("Tab")
        if button.evaluate("button => button === document.activeElement"):
            break
    assert button.evaluate("button => getComputedStyle(button).outlineWidth") == "3px"
    page.keyboard.press("Enter")
    expect(page.locator(".thanks")).to_be_visible()


def test_a_refusal_is_told_and_taken_back(open_page: Callable[..., Page]) -> None:
    page = open_page("/")
    page.keyboard.type("7")
    expect(page.locator(".refusal")).to_contain_text("no letter")
    page.keyboard.press("Backspace")
    page.keyboard.type("Ana")
    expect(page.locator("#headline")).to_have_text(WOMEN)


def test_an_emptied_field_takes_its_guess_with_it(open_page: Callable[..., Page]) -> None:
    page = open_page("/?name=Lara")
    page.get_by_label("Whose name is it").fill("")
    expect(page.locator(".tile")).to_have_count(0)
    assert page.url.endswith("/")


@pytest.mark.parametrize(
    "name", ["Jo", "Giovanna", "Bartholomäus", "Maximiliana-Alexandra", "w" * 64, LONGEST]
)
def test_no_name_scrolls_on_a_phone(open_page: Callable[..., Page], name: str) -> None:
    page = open_page(f"/?name={name}", viewport=PHONE)
    assert width_beyond(page) <= 0
    assert all(box and box["x"] + box["width"] <= 390 for box in map(_box, page.locator(".tile").all()))


def test_the_longest_name_fits_its_field_on_a_phone(open_page: Callable[..., Page]) -> None:
    page = open_page(f"/?name={LONGEST}", viewport=PHONE)
    assert page.locator("#name").evaluate("field => field.scrollWidth - field.clientWidth") <= 0


def test_tiles_do_not_move_for_those_who_asked_for_calm(open_page: Callable[..., Page]) -> None:
    page = open_page("/?name=Lara", reduced_motion="reduce")
    assert page.locator(".tiles li").first.evaluate("tile => getComputedStyle(tile).animationName") == "none"


def test_tiles_arrive_60_ms_apart(open_page: Callable[..., Page]) -> None:
    page = open_page("/?name=Lara")
    delays = page.locator(".tiles li").evaluate_all(
        "tiles => tiles.map(t => getComputedStyle(t).animationDelay)"
    )
    assert delays == ["0s", "0.06s", "0.12s", "0.18s"]


@pytest.mark.parametrize(("scheme", "paper"), [("light", "rgb(250, 248, 244)"), ("dark", "rgb(23, 22, 20)")])
def test_the_page_takes_the_colours_asked_for(
    open_page: Callable[..., Page], scheme: str, paper: str
) -> None:
    page = open_page("/?name=Lara", color_scheme=scheme)
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == paper


def test_the_navigation_folds_on_a_phone(open_page: Callable[..., Page]) -> None:
    page = open_page("/", viewport=PHONE, java_script_enabled=False)
    expect(page.get_by_role("link", name="Scoreboard")).to_be_hidden()
    page.get_by_text("Menu").click()
    expect(page.get_by_role("link", name="Scoreboard")).to_be_visible()


def test_the_screen_reader_hears_the_guess_once(open_page: Callable[..., Page]) -> None:
    page = open_page("/")
    page.keyboard.type("Lara")
    expect(page.get_by_role("status").filter(has_text=WOMEN)).to_have_count(1)


def _box(locator: object) -> dict[str, float] | None:
    return locator.bounding_box()  # type: ignore[attr-defined, no-any-return]


def test_an_answer_is_thanked_for_in_place_and_taken_back(open_page: Callable[..., Page]) -> None:
    page = open_page("/?name=Undine")
    page.get_by_role("button", name="No, mostly men").click()
    expect(page.locator(".thanks h2")).to_be_focused()
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("button", name="No, mostly men")).to_be_visible()
    page.goto("/history")
    expect(page.get_by_text("Undine")).to_have_count(0)


def test_back_leads_to_the_guess_before_and_an_empty_field_to_the_examples(
    open_page: Callable[..., Page],
) -> None:
    page = open_page("/")
    field = page.get_by_label("Whose name is it, mostly?")
    for name in ("Anna", "John"):
        field.fill(name)
        expect(page.locator("#says")).not_to_be_empty()  # it has rested
        expect(page).to_have_url(re.compile(f"name={name}$"))
        page.evaluate("document.getElementById('says').textContent = ''")
    page.go_back()
    expect(field).to_have_value("Anna")
    expect(page.locator(".result")).to_have_attribute("data-guess", re.compile("anna$"))
    page.go_back()
    expect(field).to_have_value("")
    expect(page.get_by_role("link", name="Surprise me")).to_be_visible()
    field.fill("Mia")
    expect(page.locator(".result")).to_be_visible()
    field.fill("")
    expect(page.locator("#result .start")).to_contain_text("Try")


def test_a_caption_says_what_the_percentages_are_and_leads_to_how_it_reads(
    open_page: Callable[..., Page],
) -> None:
    page = open_page("/?name=Anna")
    caption = page.locator(".tiles-caption")
    expect(caption).to_contain_text("the share of women that v")
    caption.get_by_role("link", name="How it reads").click()
    expect(page).to_have_url(re.compile(r"/learn\?name=Anna"))


def test_a_name_typed_before_the_script_is_there_is_guessed_too(open_page: Callable[..., Page]) -> None:
    page = open_page("/")
    held: list[Route] = []
    page.route("**/guessing.js*", lambda route: held.append(route))
    page.reload(wait_until="commit")
    page.fill("#name", "Anna")
    assert eventually(lambda: bool(page.title() and held))
    held[0].continue_()
    expect(page.locator("#result .tile")).to_have_text(list("Anna"))
