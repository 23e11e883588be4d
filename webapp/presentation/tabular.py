"""Rows as CSV that no spreadsheet runs, and as JSON lines."""

import csv
import io
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

_RUNS = ("=", "+", "-", "@", "＝", "＋", "－", "＠", "\t", "\r", "\n", "\0")
"""First characters that make a spreadsheet take a cell for a formula, wide ones of East Asia among them."""


def csv_lines(columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> Iterator[str]:
    """Yield a heading and one line a row; what a spreadsheet would run begins with an apostrophe.

    `original` takes the apostrophe away again.
    """
    yield _line(map(_cell, columns))
    for row in rows:
        yield _line(map(_cell, row))


def json_lines(columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> Iterator[str]:
    """Yield one JSON object a row."""
    for row in rows:
        yield json_object(dict(zip(columns, row, strict=True))) + "\n"


def json_object(row: Mapping[str, Any]) -> str:
    """Return a row as one JSON object; days and moments as ISO 8601 writes them."""
    return json.dumps(row, default=_plain, ensure_ascii=False)


def original(cell: str) -> str:
    """Return a cell of such a CSV as it was before it was made harmless."""
    # An apostrophe is taken off only where `_cell` puts one: what began with one has two by now.
    return cell[1:] if cell[:1] == "'" and (cell[1:2] in _RUNS or cell[1:2] == "'") else cell


def harmless(text: str) -> str:
    """Return a text without the signs at its beginning for which a spreadsheet would run it."""
    return text.lstrip("".join(_RUNS) + "' ")


def _cell(value: Any) -> str:
    if value is None:
        return ""
    # Numbers go in bare: -0.5 is no formula, and an apostrophe would make a text of it.
    if isinstance(value, bool | int | float):
        return str(value)
    text = value if isinstance(value, str) else _plain(value)
    # What begins with an apostrophe gets another, or `original` could not tell ours from theirs.
    return "'" + text if text.startswith((*_RUNS, "'")) else text


def _line(row: Iterable[str]) -> str:
    # One line at a time, so that a long export is streamed and never held.
    line = io.StringIO()
    csv.writer(line).writerow(row)
    return line.getvalue()


def _plain(value: Any) -> str:
    # A datetime is a date too; both have the form that reads back.
    return value.isoformat() if isinstance(value, date) else json.dumps(value, ensure_ascii=False)
