"""The whole loop, against site and worker as `make run` starts them, with the network that is shipped."""

import re
import shutil
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.support.browser import log_in
from tests.support.processes import WHOLE_SITE, Process, running
from tests.support.waiting import eventually
from training.job_folder import LESSONS
from training.model import artifact, saving
from training.model.predict import probabilities

WHOLE_RUN = 600_000  # milliseconds; under a minute where nothing else runs
RARE = """\
SELECT name, share FROM names
WHERE part = 'holdout' AND people BETWEEN 5 AND 40 AND (share < 0.02 OR share > 0.98)
AND length(name) BETWEEN 5 AND 10 AND name NOT GLOB '*[^a-z]*' ORDER BY name
"""
WORDS = {"female": "women", "male": "men"}


@pytest.fixture(scope="module")
def site(set_up_instance: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Process]:
    """Start everything in a folder that has what all lists say, which takes long to read, and no more."""
    folder = tmp_path_factory.mktemp("proof")
    for file in ("corpus.db", LESSONS):
        shutil.copy(set_up_instance / file, folder)
    with running(WHOLE_SITE, folder, SECRET_KEY="") as process:
        yield process


@dataclass(frozen=True)
class Mistake:
    """A rare name that the shipped network gets wrong."""

    name: str
    guessed: str
    label: str


@pytest.fixture
def mistake(site: Process) -> Mistake:
    """The first such name in the holdout."""
    with sqlite3.connect(f"file:{site.instance / 'corpus.db'}?mode=ro", uri=True) as corpus:
        rows = corpus.execute(RARE).fetchall()
    corpus.close()
    network = saving.load(artifact.SHIPPED.read_bytes()).network
    answers = probabilities(network, [name for name, _ in rows])
    for (name, share), p_female in zip(rows, answers, strict=True):
        if (p_female > 0.5) != (share > 0.5):
            labels = ("female", "male") if share > 0.5 else ("male", "female")
            return Mistake(name, guessed=labels[1], label=labels[0])
    raise AssertionError("the network makes no mistake: find another proof")


def first_password(site: Process) -> str:
    """Return the password that the first start has printed."""
    found = re.search(r"admin@localhost\s+(\S+)", site.log())
    assert found, site.log()
    return found[1]


def visit(browser: Browser, site: Process) -> Page:
    """Open the site as somebody new."""
    return browser.new_context(base_url=site.address).new_page()


def answer_of(page: Page, mistake: Mistake) -> str:
    """Return which label the site leans to."""
    page.goto(f"/?name={mistake.name}")
    return page.locator("#headline").inner_text()


def is_told_learned(page: Page) -> bool:
    """Say whether a visitor's own list tells that v2 learned their answer."""
    page.goto("/history")
    return page.get_by_text("learned in v2").count() == 1


def missed(page: Page, version: str) -> list[str]:
    """Return the two wrong cells of a version's live matrix: FN and FP."""
    page.goto(f"/scoreboard?version={version}")
    return page.locator("table.matrix").first.locator("td.miss b").all_inner_texts()


@pytest.mark.browser
@pytest.mark.timeout(900)
def test_what_a_visitor_teaches_is_learned_served_and_taken_back(
    browser: Browser, site: Process, mistake: Mistake
) -> None:
    visitor, admin = visit(browser, site), visit(browser, site)
    wrong, right = WORDS[mistake.guessed], WORDS[mistake.label]

    assert wrong in answer_of(visitor, mistake)
    visitor.get_by_role("button", name=f"No, mostly {right}").click()
    expect(visitor.get_by_text("Thank you")).to_be_visible()
    assert sorted(missed(visitor, "1")) == ["0", "1"]

    admin.goto("/login")
    log_in(admin, "admin@localhost", first_password(site))
    admin.goto("/review")
    admin.get_by_role("button", name=f"Accept {right}").click()
    expect(admin.get_by_text("Decided:")).to_be_visible()

    admin.goto("/admin")
    admin.get_by_role("link", name="Retrain with 1 name").click()
    expect(admin.get_by_role("heading", level=1)).to_contain_text("Visitors taught 1 name")
    admin.get_by_role("button", name="Retrain").click()
    expect(admin.get_by_role("heading", level=1)).to_contain_text("Fine-tuning, round", timeout=WHOLE_RUN)
    expect(admin.get_by_role("heading", level=1)).to_have_text("v2 is ready.", timeout=WHOLE_RUN)

    admin.get_by_role("link", name="Compare", exact=True).click()
    expect(admin.get_by_role("heading", level=1)).to_contain_text("the gate passes it")
    expect(admin.locator("#flips ~ *, #flips").get_by_role("link", name=mistake.name)).to_be_visible()
    admin.get_by_text("Let v2 serve").click()
    admin.get_by_role("button", name="Yes, v2 answers").click()
    expect(admin.get_by_role("heading", level=1)).to_have_text("v2 serves.")

    assert eventually(lambda: right in answer_of(visitor, mistake))
    # Another web process may answer, which swaps within a second.
    assert eventually(lambda: is_told_learned(visitor))
    assert sorted(missed(visitor, "1")) == ["0", "1"]

    admin.get_by_text("Roll back to v1").click()
    admin.get_by_role("button", name="Yes, v1 answers").click()
    expect(admin.get_by_role("heading", level=1)).to_have_text("v1 serves.")
    assert eventually(lambda: wrong in answer_of(visitor, mistake))
    assert eventually(lambda: not is_told_learned(visitor))
