"""The rows of attempts.toml, and the tables of docs/security.md that are written from them."""

import tomllib
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "security.md"
BEGIN, END = "<!-- written by tests/security/remove_guards.py: begin -->", "<!-- end -->"
COLUMNS = ("what is tried", "what keeps it", "the guard is in", "test", "seen red without it")
HEAD = f"| {' | '.join(COLUMNS)} |\n|{' --- |' * len(COLUMNS)}"


@dataclass(frozen=True)
class Attempt:
    """Something that must not work, the guard against it, and the test that falls without that guard."""

    section: str
    tried: str
    keeps: str
    file: str
    there: str
    instead: str
    test: str
    more: tuple[tuple[str, str], ...] = ()
    """Further guards of the file that are taken away with it, where one alone would be enough."""


ATTEMPTS = tuple(
    Attempt(**row)
    for row in tomllib.loads((Path(__file__).with_name("attempts.toml")).read_text())["attempt"]
)


def without_guard(attempt: Attempt, text: str) -> str:
    """Return the text of a file without its guard; raise ValueError unless the guard is there, once."""
    for there, instead in ((attempt.there, attempt.instead), *attempt.more):
        if text.count(there) != 1:
            raise ValueError(
                f"the guard is {text.count(there)} times in {attempt.file}, and not once: {there}"
            )
        text = text.replace(there, instead)
    return text


def written(page: str) -> str:
    """Return the page with the tables written anew, each row as seen red."""
    head, _, rest = page.partition(BEGIN)
    tables = [
        f"## {section}\n\n{HEAD}\n" + "\n".join(map(_row, rows))
        for section, rows in groupby(ATTEMPTS, key=lambda attempt: attempt.section)
    ]
    return f"{head}{BEGIN}\n\n" + "\n\n".join(tables) + f"\n\n{END}" + rest.partition(END)[2]


def _row(attempt: Attempt) -> str:
    file, _, name = attempt.test.partition("::")
    test = f"`{file}`: `{name.removeprefix('test_')}`"
    return f"| {attempt.tried} | {attempt.keeps} | `{attempt.file}` | {test} | yes |"
