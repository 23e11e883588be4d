"""Whole files in a browser: what is refused is told at the field, what is chosen is shown at once."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, Route, expect

from tests.support import offices
from tests.support.waiting import eventually

pytestmark = pytest.mark.browser

Open = Callable[..., Page]


def bring(open_page: Open, file: Path) -> Page:
    page = open_page("/batch")
    page.set_input_files("#file", file)
    return page


def test_a_file_that_is_refused_stays_chosen_and_the_reason_stands_beside_it(
    open_page: Open, tmp_path: Path
) -> None:
    (tmp_path / "a.csv").write_bytes(b"%PDF-1.7")
    page = bring(open_page, tmp_path / "a.csv")
    expect(page.locator("#file-problem")).to_have_text("This is a PDF; a CSV, TSV or XLSX file can be read.")
    assert page.evaluate("document.querySelector('#file').files[0].name") == "a.csv"
    expect(page.locator("#file")).to_have_attribute("aria-invalid", "true")


def test_the_rows_are_shown_anew_when_something_is_chosen(open_page: Open, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("first name,nick\nAnna,Kim\n")
    page = bring(open_page, tmp_path / "a.csv")
    expect(page.locator(".read")).to_have_text("Anna")
    page.check("#column-1")
    expect(page.locator(".read")).to_have_text("Kim")
    with page.expect_download() as download:
        page.get_by_role("button", name="Guess and download").click()
    assert ",kim," in Path(download.value.path()).read_text()


def test_a_row_that_is_not_there_is_told_where_it_was_typed(open_page: Open, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("first name,nick\nAnna,Kim\n")
    page = bring(open_page, tmp_path / "a.csv")
    page.fill("#header_row", "99")
    page.locator("#header_row").blur()
    expect(page.locator("#header_row-problem")).to_contain_text("There is nothing in row 99")
    expect(page.locator("#header_row")).to_have_value("99")


def test_another_sheet_is_chosen(open_page: Open, tmp_path: Path) -> None:
    (tmp_path / "a.xlsx").write_bytes(offices.book([["Name"], ["Anna"]], None, More=[["Name"], ["Kim"]]))
    page = bring(open_page, tmp_path / "a.xlsx")
    page.select_option("#sheet", "More")
    expect(page.locator(".read")).to_have_text("Kim")
    expect(page.locator("#sheet")).to_be_focused()


def test_what_is_chosen_before_the_script_is_there_is_shown_too(open_page: Open, tmp_path: Path) -> None:
    (tmp_path / "a.xlsx").write_bytes(offices.book([["Name"], ["Anna"]], None, More=[["Name"], ["Kim"]]))
    page = bring(open_page, tmp_path / "a.xlsx")
    expect(page.locator(".read")).to_have_text("Anna")
    held: list[Route] = []
    page.route("**/files.js*", lambda route: held.append(route))
    page.reload(wait_until="commit")
    page.select_option("#sheet", "More")
    assert eventually(lambda: bool(page.title() and held))
    held[0].continue_()
    expect(page.locator(".read")).to_have_text("Kim")
