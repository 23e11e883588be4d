"""The walk and the gallery in docs/ show the pictures that the script takes."""

import re

from tests.pictures import gallery
from tests.pictures.__main__ import FOLDER
from webapp.config import ROOT

MOST = 1.5e6  # bytes of all pictures together
PAGE = (ROOT / "docs" / "first-walk.md").read_text(encoding="utf-8")
SCRIPT = (ROOT / "tests" / "pictures" / "__main__.py").read_text(encoding="utf-8")


def test_each_picture_of_the_walk_is_taken_by_the_script_in_its_order() -> None:
    shown = re.findall(r"\]\(first-walk/([a-z-]+)\.png\)", PAGE)
    assert shown == re.findall(r'take\(\w+, "([a-z-]+)"', SCRIPT)


def test_the_pictures_are_there_and_small() -> None:
    shown = set(re.findall(r"\]\((first-walk/[a-z-]+\.png)\)", PAGE))
    assert {f"first-walk/{path.name}" for path in FOLDER.glob("*.png")} == shown
    assert sum(path.stat().st_size for path in FOLDER.glob("*.png")) <= MOST


def test_the_gallery_shows_every_picture_that_the_script_takes() -> None:
    text = (ROOT / "docs" / "gallery.md").read_text(encoding="utf-8")
    taken = {
        f"{show.__name__}-{width}-{scheme}.png"
        for show in gallery.SHOWN
        for width in gallery.WIDTHS
        for scheme in gallery.SCHEMES
    }
    there = {path.name for path in gallery.FOLDER.glob("*.png")}
    assert gallery.named_in(text) == taken == there
    assert sum(path.stat().st_size for path in gallery.FOLDER.glob("*.png")) <= MOST


def test_the_readme_shows_pictures_that_are_there() -> None:
    shown = gallery.named_in((ROOT / "README.md").read_text(encoding="utf-8"))
    assert shown and shown <= {path.name for path in gallery.FOLDER.glob("*.png")}
