"""What was seen, as entries under titles: written to a readable file, read back, compared."""

import difflib
from collections.abc import Iterator
from pathlib import Path

MARK = "======== "
LONGEST_DIFF = 40
"""Lines that are shown of one entry's difference."""


class Record:
    """Entries in the order in which they were noted."""

    def __init__(self) -> None:
        self.entries: dict[str, str] = {}

    def note(self, title: str, text: str) -> None:
        """Keep `text` under `title`; a title that is there already gets a number."""
        again = 1
        numbered = title
        while numbered in self.entries:
            again += 1
            numbered = f"{title} ({again})"
        self.entries[numbered] = text.rstrip("\n")

    def write(self, path: Path, in_order: bool = True) -> None:
        """Write all entries, sorted by title unless their order tells a story."""
        titles = list(self.entries) if in_order else sorted(self.entries)
        text = "".join(f"{MARK}{title}\n{self.entries[title]}\n\n" for title in titles)
        path.write_text(text, encoding="utf-8")


def read(path: Path) -> dict[str, str]:
    """Return the entries that `Record.write` wrote, by title."""
    parts = ("\n" + path.read_text(encoding="utf-8")).split(f"\n{MARK}")[1:]
    return {title: text for title, _, text in (part.partition("\n") for part in parts)}


def compare(before: Path, after: Path) -> Iterator[str]:
    """Give the lines that tell what differs between two recorded folders; none if nothing does."""
    names = {path.name for folder in (before, after) for path in folder.glob("*.txt")}
    for name in sorted(names):
        there = [folder for folder in (before, after) if (folder / name).exists()]
        if len(there) < 2:
            yield f"{name} is in {there[0]} alone"
            continue
        yield from _compare_files(name, read(before / name), read(after / name))


def _compare_files(name: str, before: dict[str, str], after: dict[str, str]) -> Iterator[str]:
    for title in [*before, *(title for title in after if title not in before)]:
        if title not in after:
            yield f"--- {name}: gone: {title}"
        elif title not in before:
            yield f"+++ {name}: new: {title}"
        elif before[title] != after[title]:
            yield f"*** {name}: {title}"
            yield from _difference(before[title], after[title])
    if list(before) != list(after) and set(before) == set(after):
        yield f"*** {name}: the same entries in another order"


def _difference(before: str, after: str) -> Iterator[str]:
    lines = difflib.unified_diff(before.split("\n"), after.split("\n"), n=0, lineterm="")
    told = [line for line in lines if not line.startswith(("---", "+++"))]
    yield from (f"    {line[:300]}" for line in told[:LONGEST_DIFF])
    if len(told) > LONGEST_DIFF:
        yield f"    … and {len(told) - LONGEST_DIFF} lines more"
