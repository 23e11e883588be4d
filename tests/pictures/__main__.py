"""Take the gallery, then walk docs/first-walk.md on a fresh site with a real fine-tune: `make screenshots`.

With the word `gallery` behind it, the gallery alone.
"""

import re
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, Page, Playwright, expect, sync_playwright

from tests.pictures import gallery
from tests.support.browser import launch, log_in
from tests.support.processes import WHOLE_SITE, Process, running
from tests.support.waiting import eventually
from webapp.config import ROOT

FOLDER = ROOT / "docs" / "first-walk"
NAME = "Villemo"
"""175 people bear it, all of them women; the network that comes with Nomen says men."""
WINDOW = {"width": 1000, "height": 860}
WHOLE_RUN = 900_000  # milliseconds


def main() -> int:
    """Make all pictures anew, or those of the gallery alone."""
    with sync_playwright() as playwright:
        gallery.take_all(playwright)
        if sys.argv[1:] != ["gallery"]:
            take_walk(playwright)
    taken = [*gallery.FOLDER.glob("*.png"), *FOLDER.glob("*.png")]
    sys.stdout.write(f"{len(taken)} pictures, {sum(path.stat().st_size for path in taken) / 1e6:.2f} MB\n")
    return 0


def take_walk(playwright: Playwright) -> None:
    """Walk, and take the pictures of the walk."""
    FOLDER.mkdir(exist_ok=True)
    browser = launch(playwright)
    with (
        tempfile.TemporaryDirectory(prefix="pictures-") as folder,
        running(WHOLE_SITE, Path(folder), SECRET_KEY="", WEB_WORKERS="1") as site,
    ):
        walk(open_page(browser, site), open_page(browser, site), site)
    browser.close()


def open_page(browser: Browser, site: Process) -> Page:
    """Open the site as somebody new."""
    options = {"viewport": WINDOW, "color_scheme": "light", "reduced_motion": "reduce"}
    return browser.new_context(base_url=site.address, **options).new_page()  # type: ignore[arg-type]


def walk(visitor: Page, admin: Page, site: Process) -> None:
    """Go from a wrong guess to a network that knows better, and back."""
    guess_and_correct(visitor)
    found = re.search(r"admin@localhost\s+(\S+)", site.log())
    assert found, site.log()
    admin.goto("/login")
    log_in(admin, "admin@localhost", found[1])
    add_colleague(admin)
    review(admin)
    retrain(admin)
    compare_and_promote(admin)
    look_again(visitor)
    roll_back(admin)


def guess_and_correct(visitor: Page) -> None:
    """Guess the name, and say that it is wrong."""
    visitor.goto(f"/?name={NAME}")
    take(visitor, "guess", is_whole=True)
    visitor.get_by_role("button", name="No, mostly women").click()
    expect(visitor.get_by_text("Thank you")).to_be_visible()
    take(visitor, "corrected")


def add_colleague(admin: Page) -> None:
    """Let somebody else review, so that there is a colleague to ask."""
    admin.goto("/users")
    admin.locator("#email").fill("eva@example.org")
    admin.get_by_role("button", name="Add", exact=True).click()
    expect(admin.get_by_text("Hand this password")).to_be_visible()


def worker_is_there(admin: Page) -> bool:
    """Open the home of the staff; say whether it knows of a worker."""
    admin.goto("/admin")
    return not admin.get_by_text("No worker is there").is_visible()


def review(admin: Page) -> None:
    """Look at what waits, at the name's own page, and accept."""
    assert eventually(lambda: worker_is_there(admin))
    take(admin, "home")
    admin.get_by_role("link", name="Review 1 name").click()
    take(admin, "review")
    admin.locator("th a.case-name").click()
    take(admin, "name")
    admin.locator(".facts").get_by_role("button", name="Accept women").click()
    expect(admin.get_by_text("Decided:")).to_be_visible()
    take(admin, "accepted")


def retrain(admin: Page) -> None:
    """Start a fine-tune, and follow it to its end."""
    admin.goto("/retraining")
    take(admin, "retrain")
    admin.get_by_role("button", name="Retrain", exact=True).click()
    heading = admin.get_by_role("heading", level=1)
    expect(heading).to_contain_text("Fine-tuning, round", timeout=WHOLE_RUN)
    take(admin, "running")
    expect(heading).to_have_text("v2 is ready.", timeout=WHOLE_RUN)
    take(admin, "ready")


def compare_and_promote(admin: Page) -> None:
    """Read what would change, and let the new version serve."""
    admin.get_by_role("link", name="Compare", exact=True).click()
    take(admin, "compare")
    admin.locator("#flips").scroll_into_view_if_needed()
    take(admin, "flips", at="#flips")
    admin.get_by_text("Let v2 serve").click()
    admin.evaluate("scrollTo(0, 0)")
    take(admin, "promote")
    admin.get_by_role("button", name="Yes, v2 answers").click()
    expect(admin.get_by_role("heading", level=1)).to_have_text("v2 serves.")
    take(admin, "versions")


def look_again(visitor: Page) -> None:
    """See the name as the new version answers, and what its visitor is told."""

    def is_learned() -> bool:
        visitor.goto(f"/?name={NAME}")
        return "women" in visitor.locator("#headline").inner_text()

    assert eventually(is_learned)
    take(visitor, "learned")
    visitor.goto("/history")
    take(visitor, "history")


def roll_back(admin: Page) -> None:
    """Let the version before serve again."""
    admin.get_by_text("Roll back to v1").click()
    take(admin, "roll-back")
    admin.get_by_role("button", name="Yes, v1 answers").click()
    expect(admin.get_by_role("heading", level=1)).to_have_text("v1 serves.")
    take(admin, "rolled-back")


def take(page: Page, name: str, at: str = "", is_whole: bool = False) -> None:
    """Take a picture of the window, from an element on where one is named, or of the whole page."""
    if at:
        page.evaluate("(at) => document.querySelector(at).scrollIntoView()", at)
    gallery.take(page, FOLDER / f"{name}.png", is_whole)


if __name__ == "__main__":
    sys.exit(main())
