"""The gallery of docs/gallery.md: pages of a site that is in use, in three widths, light and dark."""

import re
import tempfile
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, Playwright, expect

from benchmarks.scoreboard import open_site
from tests.support.browser import launch, log_in
from tests.support.processes import GUNICORN, Process, running
from webapp.accounts import service as accounts
from webapp.config import ROOT
from webapp.storage import database

FOLDER = ROOT / "docs" / "gallery"
WIDTHS = {390: 844, 768: 1024, 1280: 800}
"""And how much of the page is shown."""
SCHEMES = ("light", "dark")
ANSWERS = 20_000
COLOURS = 64  # enough for these pages, and a quarter of the size
PEOPLE = "First name,Last name\nGiovanna,Rossi\nDr. Torbern,Berg\nMª José,Ruiz\nN/A,\nKiran ji,Patel\n"


def guess(page: Page) -> None:
    """Show a guess."""
    page.goto("/?name=Giovanna")


def scoreboard(page: Page) -> None:
    """Show how often it is right."""
    page.goto("/scoreboard")


def days(page: Page) -> None:
    """Show the same from day to day."""
    page.goto("/scoreboard/time?days=all")
    expect(page.locator(".js-plotly-plot svg").first).to_be_visible()


def learn(page: Page) -> None:
    """Show a neuron that is computed in the open."""
    page.goto("/learn/neuron?name=Kim")


def play(page: Page) -> None:
    """Show the first name of a game, answered."""
    page.goto("/play")
    page.get_by_role("button", name="Play").click()
    page.get_by_role("button", name="Women’s").click()
    expect(page.locator(".actions a.primary")).to_be_visible()


def file(page: Page) -> None:
    """Show the first rows of a file as they will be read."""
    page.goto("/batch")
    page.set_input_files("#file", {"name": "people.csv", "mimeType": "text/csv", "buffer": PEOPLE.encode()})
    expect(page.locator(".read").first).to_be_visible()


def review(page: Page) -> None:
    """Show what waits for review."""
    page.goto("/review")


SHOWN: tuple[Callable[[Page], None], ...] = (guess, file, scoreboard, days, learn, play, review)
OF_STAFF = (review,)


def take_all(playwright: Playwright) -> None:
    """Take every picture of the gallery anew."""
    FOLDER.mkdir(exist_ok=True)
    browser = launch(playwright)
    with tempfile.TemporaryDirectory(prefix="gallery-", ignore_cleanup_errors=True) as folder:
        instance = Path(folder) / "instance"
        password = _fill(instance)
        with running(GUNICORN, instance, WEB_WORKERS="1", RATE_LIMITS="off") as site:
            for name, page in _looks(browser, site, password):
                take(page, FOLDER / f"{name}.png")
    browser.close()


def _fill(instance: Path) -> str:
    """Make a site that has been in use for a year; return the password of its admin."""
    app = open_site(instance, ANSWERS, server="").app
    with app.app_context():
        password = accounts.add("admin@example.org", "admin", "gallery", must_change=False).password
    database.dispose(app)
    return password


def _looks(browser: Browser, site: Process, password: str) -> Iterator[tuple[str, Page]]:
    """Yield the name of each picture, and the page that it shows."""
    for width, height in WIDTHS.items():
        for scheme in SCHEMES:
            options = {"viewport": {"width": width, "height": height}, "color_scheme": scheme}
            context = browser.new_context(base_url=site.address, reduced_motion="reduce", **options)  # type: ignore[arg-type]
            page = context.new_page()
            for show in SHOWN:
                if show in OF_STAFF:
                    page.goto("/login")
                    log_in(page, "admin@example.org", password)
                show(page)
                yield f"{show.__name__}-{width}-{scheme}", page
            context.close()


def take(page: Page, path: Path, is_whole: bool = False) -> None:
    """Take a picture of the window, or of the whole page, with few colours."""
    picture = Image.open(BytesIO(page.screenshot(full_page=is_whole))).convert("RGB")
    picture.quantize(COLOURS).save(path, optimize=True)


def named_in(text: str) -> set[str]:
    """Return the pictures of the gallery that a page of docs shows."""
    return set(re.findall(r"gallery/([a-z]+-\d+-[a-z]+\.png)", text))
