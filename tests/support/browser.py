"""A real browser: how it is found, and what it complains about."""

import os
import shutil

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Browser, ConsoleMessage, Error, Page, Playwright, expect

from tests.support.sites import PASSWORD

SYSTEM = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-sync",
    "--disable-component-update",
]
PHONE = {"width": 390, "height": 844}


PATIENCE = 20_000
"""Milliseconds that a page may take to show what is expected of it: other tests share the processors."""
expect.set_options(timeout=PATIENCE)


def launch(playwright: Playwright) -> Browser:
    """Start the system's Chromium, else Playwright's own; without any the tests skip, but not in CI."""
    system = next(filter(None, map(shutil.which, SYSTEM)), None)
    try:
        return playwright.chromium.launch(executable_path=system, args=ARGUMENTS)
    except Error as error:
        if os.environ.get("CI") == "true":
            raise
        pytest.skip(f"No Chromium was found on this machine: {str(error).splitlines()[0]}")


def log_in(page: Page, email: str, password: str = PASSWORD) -> None:
    """Fill in the log-in that `page` shows, and wait until it is over."""
    page.locator("[name=email]").fill(email)
    page.locator("[name=password]").fill(password)
    page.get_by_role("button", name="Log in").click()
    page.wait_for_url(lambda url: "/login" not in url)


JUDGE = """\
(rules) => axe.run({ resultTypes: ["violations"], selectors: false, ...(rules.length && { runOnly: rules }) })
  .then((found) => found.violations.flatMap(
    (fault) => fault.nodes.map((node) => `${fault.id}: ${node.html.slice(0, 160)}`)))
"""
"""Gives what is wrong alone: all that axe says of a page would take longer to bring here than to find out."""


def violations(page: Page, *rules: str) -> list[str]:
    """Return what axe finds wrong with a page by some rules, or by all: the rule and the element of each."""
    if not page.evaluate("'axe' in window"):  # once for a page, in however many looks it is judged
        page.evaluate(AXE_SCRIPT)
    found: list[str] = page.evaluate(JUDGE, rules)
    return found


def is_complaint(message: ConsoleMessage) -> bool:
    """Say whether a line of the console is an error or a warning.

    What is answered with 404 or 422 on purpose is told of as a resource that failed to load: no complaint.
    """
    return message.type in ("error", "warning") and not message.text.startswith("Failed to load resource")
