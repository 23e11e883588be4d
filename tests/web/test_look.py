"""The colours: every pair that text stands in is read from the style sheets and measured."""

import re
from itertools import product

import pytest
from flask import Flask

from webapp.config import ROOT

NOMEN = (ROOT / "static/nomen.css").read_text()
TILES = (ROOT / "static/tiles.css").read_text()
Colour = tuple[float, float, float]

SMALL_TEXT = [
    *product(("ink", "quiet", "women-text", "men-text", "danger"), ("paper", "card")),
    *product(("ink", "quiet"), ("between", "right")),
    ("ink", "wrong"),
    ("ink", "women-soft"),
    ("ink", "men-soft"),
    ("paper", "ink"),
    ("on-women", "women"),
    ("on-men", "men"),
    ("on-danger", "danger"),
]
LARGE_TEXT = [*product(("women", "men"), ("paper", "card"))]  # headings of 24px and more
LINES = [*product(("field-line",), ("paper", "card"))]


def tokens(scheme: str) -> dict[str, Colour]:
    """Return the colours of the light or the dark scheme by their names."""
    light, dark = NOMEN.split("@media (prefers-color-scheme: dark)")
    found = _colours(light)
    return found if scheme == "light" else found | _colours(dark.split("*, ::before")[0])


def _colours(css: str) -> dict[str, Colour]:
    return {name: _rgb(value) for name, value in re.findall(r"--([a-z-]+): #([0-9a-f]{6});", css)}


def _rgb(value: str) -> Colour:
    red, green, blue = (int(value[at : at + 2], 16) for at in (0, 2, 4))
    return red, green, blue


def contrast(one: Colour, other: Colour) -> float:
    """Return the contrast ratio of WCAG 2.2, 1 to 21."""
    low, high = sorted((_luminance(one), _luminance(other)))
    return (high + 0.05) / (low + 0.05)


def _luminance(colour: Colour) -> float:
    linear = [v / 12.92 if v <= 0.04045 else ((v + 0.055) / 1.055) ** 2.4 for v in (c / 255 for c in colour)]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def tile_rules() -> list[tuple[str, str]]:
    """Return (step, declarations) of every tile colour."""
    return re.findall(r"^\.p-(\d+) \{ (.*) \}$", TILES, re.MULTILINE)


def tile_colour(rule: str, named: dict[str, Colour]) -> Colour:
    """Return the colour of one tile, mixed as the style sheet says."""
    value = re.findall(r"--tile: (.*?);", rule)[0]
    names = re.findall(r"var\(--([a-z-]+)\)", value)
    if len(names) == 1:
        return named[names[0]]
    part = int(re.findall(r"(\d+)%", value)[0]) / 100
    one, other = (named[name] for name in names)
    red, green, blue = (a * part + b * (1 - part) for a, b in zip(one, other, strict=True))
    return red, green, blue


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(
    ("pairs", "least"), [(SMALL_TEXT, 4.5), (LARGE_TEXT, 3.0), (LINES, 3.0)], ids=["small", "large", "lines"]
)
def test_every_pair_can_be_read(scheme: str, pairs: list[tuple[str, str]], least: float) -> None:
    named = tokens(scheme)
    ratios = {f"{text} on {ground}": contrast(named[text], named[ground]) for text, ground in pairs}
    assert {pair: round(ratio, 2) for pair, ratio in ratios.items() if ratio < least} == {}


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_letter_on_a_tile_can_be_read(scheme: str) -> None:
    named = tokens(scheme)
    weak = {}
    for step, rule in tile_rules():
        text = (re.findall(r"--on-tile: var\(--([a-z-]+)\)", rule) or ["ink"])[0]
        ratio = contrast(named[text], tile_colour(rule, named))
        weak |= {step: round(ratio, 2)} if ratio < 4.5 else {}
    assert weak == {}


def test_there_is_a_tile_colour_for_every_twentieth() -> None:
    assert [int(step) for step, _ in tile_rules()] == list(range(0, 101, 5))


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_women_and_men_differ_in_lightness(scheme: str) -> None:
    named = tokens(scheme)
    assert contrast(named["women"], named["men"]) > (1.9 if scheme == "light" else 1.05)


@pytest.mark.parametrize("sheet", sorted((ROOT / "static").glob("*.css")), ids=lambda path: path.name)
def test_colours_are_named_once(sheet: object) -> None:
    text = sheet.read_text() if sheet.name != "nomen.css" else NOMEN.split("*, ::before")[1]  # type: ignore[attr-defined]
    text = text.split("@media print")[0]
    assert re.findall(r"#[0-9a-f]{3,8}\b(?=[;\s,)])", text) == []


@pytest.mark.parametrize("page", sorted((ROOT / "templates").rglob("*.html")), ids=lambda path: path.name)
def test_no_page_holds_inline_styles_or_scripts(page: object) -> None:
    text = page.read_text()  # type: ignore[attr-defined]
    assert re.findall(r"\sstyle=|<style|\son[a-z]+=\"|<script(?![^>]*(?:src=|application/json))", text) == []


@pytest.mark.parametrize("page", sorted((ROOT / "templates").rglob("*.html")), ids=lambda path: path.name)
def test_a_badge_comes_from_the_one_macro_that_gives_it_a_sign(page: object) -> None:
    text = page.read_text()  # type: ignore[attr-defined]
    assert text.count('class="badge') == (page.name == "_macros.html")  # type: ignore[attr-defined]


SCROLLS = re.compile(r'<div class="scroll\b[^>]*>.*?</table>', re.DOTALL)


@pytest.mark.parametrize("page", sorted((ROOT / "templates").rglob("*.html")), ids=lambda path: path.name)
def test_what_may_scroll_can_be_reached_by_keys(page: object) -> None:
    # Whether it scrolls hangs on the language: a word of German is longer.
    tables = SCROLLS.findall(page.read_text())  # type: ignore[attr-defined]
    reached = ("<input", 'tabindex="0" role="group"')
    assert [table for table in tables if not any(sign in table for sign in reached)] == []


@pytest.mark.parametrize(("kind", "sign"), [("good", "✓"), ("bad", "✗"), ("strong", ""), ("", "")])
def test_good_and_bad_are_told_apart_without_colour(app: Flask, kind: str, sign: str) -> None:
    badge = app.jinja_env.get_template("_macros.html").module.badge("finished", kind)  # type: ignore[attr-defined]
    assert sign in badge and ("aria-hidden" in badge) == bool(sign)
