"""The course in a browser: its players step, its dials turn, its matrix counts; paper holds all steps."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser


def test_a_player_steps_without_loading_anew(open_page: Callable[..., Page]) -> None:
    page = open_page("/learn/neuron?name=anna")
    page.evaluate("window.isTheSamePage = true")
    page.get_by_role("link", name="On", exact=True).click()
    expect(page.locator("#step-2")).to_be_visible()
    expect(page.locator("#step-1")).to_be_hidden()
    expect(page).to_have_url(re.compile(r"name=anna&step=2$"))
    page.keyboard.press("ArrowRight")
    expect(page.locator("#step-3")).to_be_visible()
    page.get_by_role("link", name="All at once").click()
    expect(page.locator(".lesson-step:visible")).to_have_count(4)
    assert page.evaluate("window.isTheSamePage")


def test_a_player_plays_to_its_end(open_page: Callable[..., Page]) -> None:
    page = open_page("/learn/neuron?name=al")
    page.get_by_role("button", name="Play it").click()
    expect(page.locator("#step-2")).to_be_visible()
    expect(page.get_by_role("button", name="Play it")).to_be_visible()


def test_gates_open_and_close_in_one_place(open_page: Callable[..., Page]) -> None:
    page = open_page("/learn/gates?name=al")
    rows = page.locator(".gates tbody tr:visible")
    expect(rows).to_have_count(2)
    page.get_by_role("button", name="Play it").click()
    expect(rows).to_have_count(1)
    expect(rows.locator("th")).to_have_text("l")


def test_without_scripts_a_step_is_a_link(open_page: Callable[..., Page]) -> None:
    page = open_page("/learn/backwards?name=anna", java_script_enabled=False)
    page.get_by_role("link", name="On", exact=True).click()
    expect(page.locator("#step-2")).to_be_visible()
    expect(page.get_by_role("button", name="Play it")).to_be_hidden()


def test_on_paper_all_steps_stand(open_page: Callable[..., Page]) -> None:
    page = open_page("/learn/neuron?name=anna")
    page.emulate_media(media="print")
    expect(page.locator(".lesson-step:visible")).to_have_count(4)
    expect(page.locator(".player-nav")).to_be_hidden()


def test_the_matrix_counts_along_and_is_checked(open_page: Callable[..., Page]) -> None:
    page = open_page("/learn/mistakes")
    page.locator("input[name=c0][value=tp]").check()
    page.locator("input[name=c1][value=fn]").check()
    expect(page.locator("[data-own-matrix] td b")).to_have_text(["1", "1", "0", "0"])
    page.get_by_role("button", name="Build the matrix").click()
    expect(page).to_have_url(re.compile("c0=tp&c1=fn"))
    expect(page.locator("[data-own-matrix]")).to_contain_text("are where they belong")


def test_a_dial_stands_in_for_a_choice(open_page: Callable[..., Page]) -> None:
    page = open_page("/learn/training?width=8")
    dial = page.get_by_role("slider", name="Width")
    dial.press("ArrowRight")
    expect(dial).to_have_attribute("aria-valuetext", "16")
    page.get_by_role("button", name="Train").click()
    expect(page).to_have_url(re.compile("width=16"))
    expect(page.locator("#curves")).to_contain_text("It waits")
