"""Lists of names for the commands."""

from pathlib import Path

import pytest


@pytest.fixture
def names(tmp_path: Path) -> Path:
    """400 made-up names that end in a for women and in o for men."""
    letters = "bcdfgklmnprstvz"
    stems = [one + "e" + two for one in letters for two in letters][:200]
    path = tmp_path / "names.csv"
    path.write_text("".join(f"{stem}a,female\n{stem}o,male\n" for stem in stems))
    return path
