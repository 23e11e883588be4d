"""Which of a table's first rows names its columns: told by known headings, else by what differs below."""

import re
from collections import Counter
from collections.abc import Sequence

from webapp.files.formats.cells import why_no_name
from webapp.files.formats.table import Row
from webapp.files.layout import headings
from webapp.files.layout.headings import Kind

DEEPEST = 30
"""Rows among which the headings are looked for."""
_OF_PEOPLE = {Kind.GIVEN, Kind.FULL, Kind.BARE}
_CODE = re.compile(r"\d|@|://")
_NUMBERED = re.compile(r"([^\W\d]+[ _]?)(\d{1,4})")
_MOSTLY = 0.7
"""Share of a column that has to differ from its first cell, for that to be a heading."""


def find_header(rows: Sequence[Row]) -> Row | None:
    """Return the row of headings, or None for a table without one."""
    candidates = [row for at, row in enumerate(rows[:DEEPEST]) if _may_be(row, rows[:at], rows[at + 1 :])]
    named = [row for row in candidates if _is_named(row)]
    if named:
        # `max` takes the first of equals.
        return max(named, key=_n_known)
    full = _first_full(rows)
    return full if full and _differs(full, [row for row in rows if row.number > full.number]) else None


def names_people(rows: Sequence[Row]) -> bool:
    """Say whether a table has a row of headings with one for names of people."""
    header = find_header(rows)
    return header is not None and any(kinds & _OF_PEOPLE for kinds in map(_exact_kinds, header.cells))


def _may_be(row: Row, above: Sequence[Row], below: Sequence[Row]) -> bool:
    # Titles have fewer cells than the table, and a heading does not come again in its column.
    if any(_filled(other) > _filled(row) for other in above) or row.reasons:
        return False
    if above and _filled(row) == 1 and _has_names_above(row, above):
        return False
    return not any(
        cell.strip() and cell == other.cell(at) for other in below for at, cell in enumerate(row.cells)
    )


def _has_names_above(row: Row, above: Sequence[Row]) -> bool:
    # In a list with one column a title stands apart, or holds digits or many words.
    last = above[-1]
    is_apart = row.number - last.number > 1
    return not is_apart and len(last.cell(0).split()) < 3 and not _CODE.search("".join(last.cells))


def _filled(row: Row) -> int:
    return sum(bool(cell.strip()) for cell in row.cells)


def _exact_kinds(cell: str) -> set[Kind]:
    return {meaning.kind for meaning in headings.meanings(cell) if meaning.is_exact}


def _rough_kinds(row: Row) -> set[Kind]:
    # "Employee First Name" beside "Employee Last Name": no two cells of a row of people say so.
    return {meaning.kind for cell in row.cells for meaning in headings.meanings(cell)}


def _n_known(row: Row) -> int:
    return sum(bool(headings.meanings(cell)) for cell in row.cells)


def _is_named(row: Row) -> bool:
    """Say whether enough headings are known: one of names, or two of anything."""
    if _is_numbered(row):
        return True
    kinds = [kinds for cell in row.cells if (kinds := _exact_kinds(cell))]
    if any(kind - headings.NAMELESS for kind in kinds) or {Kind.GIVEN, Kind.SURNAME} <= _rough_kinds(row):
        return True
    return len(kinds) > 1 or (bool(_n_known(row)) and _n_known(row) == _filled(row) and not _has_codes(row))


def _is_numbered(row: Row) -> bool:
    """Say whether the cells are what programs write where nobody named the columns: V1, V2."""
    found = [_NUMBERED.fullmatch(cell.strip()) for cell in row.cells]
    told = [(one[1], int(one[2])) for one in found if one]
    if len(told) < len(found) or len(told) < 2:
        return False
    word, first = told[0]
    return told == [(word, first + at) for at in range(len(told))]


def _has_codes(row: Row) -> bool:
    return any(_CODE.search(cell) for cell in row.cells)


def _first_full(rows: Sequence[Row]) -> Row | None:
    """Return the first row that has as many cells as most of the table."""
    widths = Counter(map(_filled, rows))
    usual = max(widths, key=lambda width: (widths[width], width), default=0)
    return next((row for row in rows if _filled(row) >= usual), None)


def _differs(first: Row, rest: Sequence[Row]) -> bool:
    """Say whether the cells of a row are distinct words, over a column of numbers, dates or addresses."""
    words = [cell.strip() for cell in first.cells]
    if not rest or len(words) < 2 or not all(words) or len(set(words)) < len(words) or _has_codes(first):
        return False
    return any(_is_of_codes([row for row in rest if row.cell(at).strip()], at) for at in range(len(words)))


def _is_of_codes(rows: Sequence[Row], column: int) -> bool:
    codes = sum(bool(_CODE.search(row.cell(column)) or column in row.reasons) for row in rows)
    return bool(rows) and codes >= _MOSTLY * len(rows)


def is_code(cell: str) -> bool:
    """Say whether a cell holds a number, a date, an address or the like."""
    return bool(_CODE.search(cell) or why_no_name(cell))
