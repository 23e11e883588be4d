"""The network in the browser: it answers as the site does, and goes on when the site is away."""

import base64
import json
import urllib.parse
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
import torch
from playwright.sync_api import Browser, Page, expect

from tests.support.browser import PHONE
from tests.support.processes import GUNICORN, Process, running
from tests.support.sites import copy_instance, open_site
from training.model import artifact, saving
from training.model.network import Network
from training.model.settings import CELLS, NetworkSettings
from training.names import encode
from webapp.versions import service as versions

pytestmark = pytest.mark.browser
NEAR = 1e-4
NAMES = (
    *("Anna", "Giovanna", "Jürgen", "Søren", "Łukasz", "O’Brien", "Anne-Marie", "Mary Jane", "Şule", "Ægir"),
    *("Bo", "Maximiliana", "Straße", "Þóra", "Đorđe"),
)
OWN = (
    *("花子", "太郎", "王芳", "秀英", "國華", "佐々木", "はなこ", "サクラ", "서연", "민준"),
    *("שרה", "דוד", "ג'ורג'", "فاطمة", "محمّد", "أحمد", "عبد الله", "花子 美咲"),
    *("สมหญิง", "สมชาย", "ทองคำ", "ศิริพร"),
)
FROM = (
    *(("Andrea", "IT"), ("Andrea", "BR"), ("Jean Marie", "FR"), ("Nicola", "GB"), ("千", "JP"), ("千", "CN")),
    *(("花子", "IT"), ("שרה", "IL")),
)
"""Names and countries; what is not told apart by a country is read as from anywhere."""
TRACE = """async ([data, name]) => {
    const { readNetwork } = await import("/static/lib/network.js");
    const bytes = Uint8Array.from(atob(data), (letter) => letter.charCodeAt(0));
    return readNetwork(bytes.buffer).trace(name);
}"""
KEPT = "v2 is kept on this device and guesses here."


@pytest.fixture
def own_site(blank_instance: Path, tmp_path: Path) -> Iterator[Process]:
    """A site with the shipped network, which the test may end."""
    folder = copy_instance(blank_instance, tmp_path / "instance")
    with open_site(folder) as app, app.app_context():
        version = versions.add(artifact.SHIPPED.read_bytes(), origin="import", by="test")
        versions.promote(version.id, by="test")
    with running(GUNICORN, folder, WEB_WORKERS="1") as process:
        yield process


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    with browser.new_context(viewport=PHONE) as context:
        yield context.new_page()


def guessed(page: Page, name: str, country: str = "") -> float:
    page.select_option("#country", country)
    page.fill("#name", name)
    page.press("#name", "Enter")
    return float(page.locator("#result").get_attribute("data-share") or "nan")


def by_site(address: str, name: str, country: str = "") -> float:
    asked = f"{address}/api/v1/guess?{urllib.parse.urlencode({'name': name, 'country': country})}"
    with urllib.request.urlopen(asked) as answer:
        return float(json.load(answer)["p_female"])


def test_a_kept_network_answers_as_the_site_and_when_it_is_away(own_site: Process, page: Page) -> None:
    page.goto(f"{own_site.address}/offline")
    expect(page.locator("#kept")).to_have_text("Nothing is kept on this device yet.")
    page.get_by_role("button", name="Keep it on this device").click()
    expect(page.locator("#kept")).to_have_text(KEPT)
    for name in NAMES:
        assert guessed(page, name) == pytest.approx(by_site(own_site.address, name), abs=NEAR), name
    for name in OWN:
        assert guessed(page, name) == pytest.approx(by_site(own_site.address, name), abs=NEAR), ascii(name)
    for name, country in FROM:
        right = by_site(own_site.address, name, country)
        assert guessed(page, name, country) == pytest.approx(right, abs=NEAR), (ascii(name), country)
    page.fill("#name", "Никита")
    expect(page.locator("#result")).to_contain_text("Thai letters can be read here")
    page.evaluate("navigator.serviceWorker.ready.then(() => null)")
    own_site.end()
    page.goto(f"{own_site.address}/?name=Anna")
    expect(page.locator("#kept")).to_have_text(f"The site cannot be reached. {KEPT}")
    expect(page.locator(".headline")).to_have_text("Mostly women: about 96 in 100")


def test_what_is_kept_can_be_removed(own_site: Process, page: Page) -> None:
    page.goto(f"{own_site.address}/offline")
    page.get_by_role("button", name="Keep it on this device").click()
    page.get_by_role("button", name="Remove it from this device").click()
    expect(page.locator("#kept")).to_have_text("Nothing is kept on this device yet.")
    assert page.evaluate("caches.keys()") == [] and not page.locator("#ask").is_visible()


@pytest.mark.parametrize("cell", CELLS)
@pytest.mark.parametrize("is_large", [False, True])
def test_every_cell_answers_in_the_browser_as_in_python(
    site: str, page: Page, cell: str, is_large: bool
) -> None:
    both_ends = is_large and cell != "elman"
    torch.manual_seed(2)
    network = Network(NetworkSettings(cell, 8, readout=5 if both_ends else 0, bidirectional=both_ends)).eval()
    page.goto(f"{site}/offline")
    found = page.evaluate(TRACE, [base64.b64encode(saving.dump(network, {})).decode(), "mary-jane"])
    with torch.no_grad():
        own = network(torch.tensor([encode("mary-jane")]))[0, :, 0].exp().tolist()
    assert found == pytest.approx(own, abs=NEAR)
