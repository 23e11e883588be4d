"""The tour of the house leads to functions that are there, and the house's pages to files that are."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
TOUR = (ROOT / "docs" / "tour.md").read_text(encoding="utf-8")
LINK = re.compile(r"\]\(\.\./([\w/]+\.py)\)((?: +`[\w.]+`|\n +`[\w.]+`)?)")


def names_in(path: Path) -> set[str]:
    """Return the functions and classes of a module, methods with their class before them."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ClassDef):
            found |= {node.name, *(f"{node.name}.{part.name}" for part in node.body if hasattr(part, "name"))}
        elif isinstance(node, ast.FunctionDef):
            found.add(node.name)
    return found


@pytest.mark.parametrize(("file", "name"), sorted(set(LINK.findall(TOUR))))
def test_the_tour_leads_to_what_is_there(file: str, name: str) -> None:
    assert (ROOT / file).is_file()
    assert not name or name.strip().strip("`") in names_in(ROOT / file)


@pytest.mark.parametrize(
    "page", sorted([*(ROOT / "docs").rglob("*.md"), *ROOT.glob("*.md")]), ids=lambda page: page.name
)
def test_links_between_pages_lead_somewhere(page: Path) -> None:
    links = re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8"))
    assert [link for link in links if not (page.parent / link).exists()] == []


@pytest.mark.parametrize(
    "record", sorted((ROOT / "docs" / "decisions").glob("*.md")), ids=lambda page: page.name
)
def test_every_decision_is_listed_and_says_what_was_weighed(record: Path) -> None:
    listed = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    text = record.read_text(encoding="utf-8")
    assert f"decisions/{record.name}" in listed and "**Weighed.**" in text and "**Decided.**" in text
