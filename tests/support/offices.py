"""Files as offices produce them, made in the tests: each with where its names are and how they are read."""

import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl

from tests.support import tables
from training.names import PLACEHOLDERS, read
from webapp.files.formats.cells import name_of
from webapp.files.formats.convert import open_table
from webapp.files.formats.table import How
from webapp.files.layout.find import Asked, find_layout

_NAMES = (
    "anna maria john jane jurgen zoe rene francois jose angela olga ivan natalya lukasz malgorzata jiri "
    "sarka laszlo eva ayse isil giorgos eleni bjorn ase kim peter robert emily"
)
KNOWN = dict.fromkeys(_NAMES.split(), 100_000)
"""What the records of these tests know."""


@dataclass(frozen=True)
class Found:
    """What is made of a file: its headings' row, its columns, their form, and each name or refusal."""

    header_row: int
    columns: tuple[str, ...]
    form: str
    names: tuple[str, ...]


def knows(names: Any) -> dict[str, int]:
    """Return how many people bear each of some names."""
    return {name: KNOWN[name] for name in names if name in KNOWN}


def find(path: Path, how: How = How(), asked: Asked = Asked()) -> Found:  # noqa: B008 - frozen
    """Return what is made of a file; a name that is refused is its first words in brackets."""
    table = open_table(path, how, knows)
    assert not table.rivals, [rival.codec for rival in table.rivals]
    layout = find_layout(table.head(), asked, knows)
    titles = tuple(layout.title_of(column) for column in layout.columns)
    names = (name_of(row.cells, row.reasons, layout.columns, PLACEHOLDERS) for row in layout.rows)
    return Found(layout.header_row, titles, layout.form, tuple(_told(name, layout.form) for name in names))


def _told(name: Any, form: Any) -> str:
    if not isinstance(name, str):
        return f"[{name.reason}]"
    reading = read(name, form)
    return f"[{reading.refusal}]" if reading.is_refused else reading.read_as


def text(lines: Sequence[str], codec: str = "utf-8", end: str = "\n") -> bytes:
    """Return lines as a file."""
    return (end.join(lines) + end).encode(codec)


Change = Callable[[Any], None]


def book(
    rows: Sequence[Sequence[Any]], change: Change | None = None, **others: Sequence[Sequence[Any]]
) -> bytes:
    """Return a workbook: its first sheet, then others by title; `change` may do anything to it."""
    made = openpyxl.Workbook()
    made.active.title = "People"
    for row in rows:
        made.active.append(list(row))
    for title, more in others.items():
        sheet = made.create_sheet(title)
        for row in more:
            sheet.append(list(row))
    if change:
        change(made)
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def hide(*titles: str) -> Change:
    """Return a change that hides sheets."""

    def change(made: Any) -> None:
        for title in titles:
            made[title].sheet_state = "hidden"

    return change


DAY = datetime(2026, 3, 1, 9, 30)
BIRTH = date(1980, 1, 2)
converted = tables.convert
