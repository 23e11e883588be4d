"""The scoreboard in a browser: live, drawn, and moved by a slider."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.support.cards import CARD, CURVES
from tests.support.factories import add_version
from tests.support.sites import open_site
from tests.support.waiting import eventually

pytestmark = pytest.mark.browser
STEPS = [
    {"threshold": 0.5 + step / 200, "tp": 100 - step, "fp": 20, "fn": 10, "tn": 90, "unsure": step}
    for step in range(101)
]


@pytest.fixture(scope="module")
def scored(site_folder: Path) -> Iterator[int]:
    """A version with curves, put into the running site."""
    card = CARD | {"curves_hundred": CURVES | {"thresholds": STEPS}}
    with open_site(site_folder) as app, app.app_context():
        yield add_version(77, **card)


def rate(page: Page, name: str) -> None:
    """Answer a guess, as a visitor without a script."""
    page.goto(f"/?name={name}")
    page.get_by_role("button", name="Right").click()
    expect(page.locator(".thanks")).to_be_visible()


def test_an_answer_from_elsewhere_is_counted_within_three_seconds(open_page: Callable[..., Page]) -> None:
    visitor = open_page("/", java_script_enabled=False)
    rate(visitor, "Olga")
    board = open_page("/scoreboard")
    shown = board.locator("[data-answers]")
    before = int(shown.get_attribute("data-answers").split()[0])  # type: ignore[union-attr]
    rate(visitor, "Petra")
    expect(shown).to_have_attribute("data-answers", f"{before + 1} answers", timeout=3000)
    expect(board.locator("[data-live-status]")).to_have_text(f"{before + 1} answers")


def test_polls_stop_while_nobody_looks(open_page: Callable[..., Page]) -> None:
    page = open_page("/")
    page.clock.install()
    page.goto("/scoreboard")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.clock.run_for(10_000)
    assert eventually(lambda: page.evaluate("1") and asked)
    page.evaluate("Object.defineProperty(document, 'hidden', { value: true, configurable: true })")
    page.clock.run_for(10_000)  # a poll that was under way has ended
    asked.clear()
    page.clock.run_for(60_000)
    page.evaluate("1")
    assert asked == []


def test_the_slider_moves_matrix_coverage_and_accuracy_together(
    open_page: Callable[..., Page], scored: int
) -> None:
    page = open_page(f"/scoreboard/holdout?version={scored}")
    page.locator("#t").focus()
    loads: list[str] = []
    page.on("load", lambda: loads.append(page.url))
    for _ in range(4):
        page.keyboard.press("ArrowRight")
    expect(page.locator("[data-threshold]")).to_have_text("52.0%")
    expect(page.locator("[data-cell=tp]")).to_have_text("96")
    expect(page.locator("[data-figure=coverage]")).to_have_text("98.2%")
    expect(page.locator("[data-figure=accuracy]")).to_have_text("86.1%")
    assert loads == [] and "t=0.52" in page.url


def test_charts_are_drawn_under_the_sites_own_csp(open_page: Callable[..., Page], scored: int) -> None:
    page = open_page(f"/scoreboard/holdout?version={scored}")
    expect(page.locator(".plot svg.main-svg").first).to_be_visible(timeout=20_000)
    assert page.locator("figure.chart").count() == page.locator(".plot.js-plotly-plot").count() == 4
    # Each has taken the place of its table, which unfolds as before.
    assert page.locator("figure.chart table:visible").count() == 0
    page.locator("#table-roc summary").click()
    expect(page.locator("#table-roc table")).to_be_visible()


def test_a_chart_is_saved_as_a_picture(open_page: Callable[..., Page], scored: int) -> None:
    page = open_page(f"/scoreboard/holdout?version={scored}")
    button = page.locator("#chart-roc [data-png]")
    expect(button).to_be_visible(timeout=20_000)
    with page.expect_download() as download:
        button.click()
    assert Path(download.value.path()).read_bytes().startswith(b"\x89PNG")


def test_charts_take_the_colours_of_the_dark(open_page: Callable[..., Page], scored: int) -> None:
    page = open_page(f"/scoreboard/holdout?version={scored}", color_scheme="dark")
    expect(page.locator("#chart-roc .main-svg").first).to_be_visible(timeout=20_000)
    layout = json.loads(page.evaluate("JSON.stringify(document.querySelector('#chart-roc .plot').layout)"))
    assert layout["paper_bgcolor"] == "#201e1b"


def test_without_a_script_every_chart_has_its_table(open_page: Callable[..., Page], scored: int) -> None:
    page = open_page(f"/scoreboard/holdout?version={scored}&t=0.52", java_script_enabled=False)
    expect(page.locator("[data-cell=tp]")).to_have_text("96")
    expect(page.locator("#table-roc table")).to_be_visible()
    assert page.locator(".plot:visible").count() == 0


def test_a_game_is_played_by_keyboard(open_page: Callable[..., Page]) -> None:
    page = open_page("/play")
    page.get_by_role("button", name="Play").press("Enter")
    for _ in range(3):
        page.get_by_role("button", name="Women’s").press("Enter")
        page.locator("main a.button.primary").press("Enter")
    expect(page.locator("h1")).to_have_text("You knew 2 of 3")
