"""The style sheets name sides by where a line begins and ends, so that a page can run from right to left."""

import re
from pathlib import Path

import pytest

STATIC = Path(__file__).parents[2] / "static"
SIDES = re.compile(
    r"(?:margin|padding|border|scroll-margin|scroll-padding)-(?:left|right)\b|"
    r"border-(?:top|bottom)-(?:left|right)-radius|"
    r"(?<![-\w])(?:left|right)\s*:|(?:text-align|float|clear)\s*:\s*(?:left|right)\b"
)
_SIZE = r"([^;\s}]+)"
FOUR = re.compile(
    rf"(?<![-\w])(?:margin|padding|inset|border-width)\s*:\s*{_SIZE} {_SIZE} {_SIZE} {_SIZE}\s*[;}}]"
)
EXCEPTIONS = {
    # Turned by 45 degrees it is the tip of an arrow that points down: the same in both directions.
    "border-width: 0 2px 2px 0;",
}


@pytest.mark.parametrize("path", sorted(STATIC.glob("*.css")), ids=lambda path: path.name)
def test_no_side_is_called_left_or_right(path: Path) -> None:
    css = re.sub(r"/\*.*?\*/", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
    uneven = [found[0] for found in FOUR.finditer(css) if found[2] != found[4]]
    assert [*SIDES.findall(css), *(found for found in uneven if found not in EXCEPTIONS)] == []
