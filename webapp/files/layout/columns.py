"""Which columns hold the names, in which form: told by their headings first, by what is in them second."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import log10

from training import names
from training.names import Doubt, Form, UnreadableName, normalise
from training.names.tables import SURNAMES
from webapp.files.formats.table import Row
from webapp.files.formats.text.witness import Knows
from webapp.files.layout import headings
from webapp.files.layout.countries import looks_like_countries
from webapp.files.layout.header_row import is_code
from webapp.files.layout.headings import Kind, Meaning

MOST_MIDDLE = 8
"""Columns of middle names that are read; nobody has more."""
_MOST_SEVERAL = 0.5
"""Share of cells with several words from which on a column called "name" holds full names."""
_MOST_DOUBTED = 0.25
"""Share of cells that look like full names to the reader of single ones."""


_RULED_OUT = headings.NAMELESS | {Kind.SURNAME, Kind.MIDDLE}


@dataclass(frozen=True)
class Found:
    """The columns that make a name, what they hold, and whether their headings say so."""

    columns: tuple[int, ...]
    form: Form
    by_heading: bool


@dataclass(frozen=True)
class _Headed:
    """A column and what its heading means."""

    column: int
    meaning: Meaning
    order: bool | None = None
    """Whether it names the surname first, where it names both."""


def find_columns(header: Row | None, rows: Sequence[Row], knows: Knows) -> Found | None:
    """Return where the names are in the rows below a row of headings; None where no column looks like it."""
    language = headings.language_of(header.cells) if header else headings.ENGLISH
    headed = _headed(header, language)
    best = _by_heading(headed, rows)
    if best:
        return _with_middle(best, headed, rows)
    ruled_out = {one.column for one in headed if one.meaning.kind in _RULED_OUT}
    column = _by_content(rows, ruled_out, knows)
    if column is None:
        return None
    return Found((column,), _form_by_content(rows, column, headings.puts_surname_first(language)), False)


def form_of(header: Row | None, rows: Sequence[Row], column: int) -> Form:
    """Return what a column holds that somebody chose."""
    language = headings.language_of(header.cells) if header else headings.ENGLISH
    headed = _headed(header, language)
    mine = next((one for one in headed if one.column == column), None)
    if mine and mine.meaning.kind in (Kind.GIVEN, Kind.MIDDLE):
        return Form.GIVEN
    if mine and mine.meaning.kind in (Kind.FULL, Kind.BARE):
        return _form_of(mine, headed, rows)
    return _form_by_content(rows, column, headings.puts_surname_first(language))


def _headed(header: Row | None, language: str) -> list[_Headed]:
    cells = header.cells if header else []
    found = ((at, cell, headings.meanings(cell)) for at, cell in enumerate(cells))
    return [
        _Headed(at, _in_language(meanings, language), headings.order_of(cell))
        for at, cell, meanings in found
        if meanings
    ]


def _in_language(meanings: Sequence[Meaning], language: str) -> Meaning:
    # A word may mean one thing in one language and another in the next: "nom", "ad", "名字".
    return next((meaning for meaning in meanings if meaning.language == language), meanings[0])


def _by_heading(headed: Sequence[_Headed], rows: Sequence[Row]) -> Found | None:
    is_beside = any(one.meaning.kind == Kind.SURNAME for one in headed)
    order = [(Kind.GIVEN, True), (Kind.BARE, True), (Kind.GIVEN, False), (Kind.FULL, True)]
    if not is_beside:
        order = [(Kind.GIVEN, True), (Kind.GIVEN, False), (Kind.FULL, True), (Kind.BARE, True)]
    for kind, is_exact in [*order, (Kind.FULL, False), (Kind.BARE, False)]:
        for one in headed:
            is_kind = one.meaning.kind == kind and one.meaning.is_exact == is_exact
            if is_kind and (not rows or _is_filled(rows, one.column)):
                return Found((one.column,), _form_of(one, headed, rows), True)
    return None


def _is_filled(rows: Sequence[Row], column: int) -> bool:
    return any(row.cell(column).strip() or column in row.reasons for row in rows)


def _with_middle(found: Found, headed: Sequence[_Headed], rows: Sequence[Row]) -> Found:
    """Add the columns of middle names: the first stays first."""
    if found.form != Form.GIVEN:
        return found
    middle = [
        one.column for one in headed if one.meaning.kind == Kind.MIDDLE and _is_filled(rows, one.column)
    ]
    return Found((*found.columns, *middle[:MOST_MIDDLE]), found.form, found.by_heading)


def _form_of(one: _Headed, headed: Sequence[_Headed], rows: Sequence[Row]) -> Form:
    kind = one.meaning.kind
    is_beside = any(other.meaning.kind == Kind.SURNAME for other in headed)
    # "Nombre del alumno" beside "Apellidos del alumno" is the given name.
    may_be_given = kind == Kind.BARE or (kind == Kind.FULL and not one.meaning.is_exact)
    if kind == Kind.GIVEN or (is_beside and may_be_given):
        return Form.GIVEN
    is_first = headings.puts_surname_first(one.meaning.language)
    if kind == Kind.BARE:
        return _form_by_content(rows, one.column, is_first)
    if one.order is not None:
        return Form.SURNAME_FIRST if one.order else Form.GIVEN_FIRST
    return Form.SURNAME_FIRST if is_first and _may_begin_with_surname(rows, one) else Form.AUTO


def _may_begin_with_surname(rows: Sequence[Row], one: _Headed) -> bool:
    # Whoever writes Chinese, Japanese or Korean names in Latin letters may have turned them round.
    has_blanks = one.meaning.language in ("hungarian", "vietnamese")
    return has_blanks or not any(row.cell(one.column)[:1].isascii() for row in rows if row.cell(one.column))


def _form_by_content(rows: Sequence[Row], column: int, is_first: bool) -> Form:
    texts = [text for row in rows if (text := row.cell(column).strip()) and column not in row.reasons]
    several = sum(len(text.split()) > 1 for text in texts)
    doubted = sum(Doubt.FULL_NAME in names.read(text).doubts for text in texts)
    if several < _MOST_SEVERAL * len(texts) and doubted < _MOST_DOUBTED * len(texts) or not texts:
        return Form.GIVEN
    return Form.SURNAME_FIRST if is_first and several else Form.AUTO


def _by_content(rows: Sequence[Row], ruled_out: set[int], knows: Knows) -> int | None:
    width = max((len(row.cells) for row in rows), default=0)
    free = [at for at in range(width) if at not in ruled_out]
    # Chad and Georgia are names, too, and no names beside a column of others.
    likely = [at for at in free if not looks_like_countries(rows, at, "en")] or free
    likeness = {at: _like_names(rows, at, knows) for at in likely}
    best = max(likeness, key=lambda column: likeness[column], default=None)
    return best if best is not None and likeness[best] > 0 else None


def _like_names(rows: Sequence[Row], column: int, knows: Knows) -> float:
    """Return how much a column's cells look like given names: 0 for codes, 1 and more for known names."""
    cells = [row.cell(column).strip() for row in rows if row.cell(column).strip() or column in row.reasons]
    if not cells:
        return 0.0
    read = {cell: _first_word(cell) for cell in cells}
    people = knows({word for word in read.values() if word})
    values = [_like_a_name(cell, read[cell], people.get(read[cell], 0)) for cell in cells]
    # A column of companies or of cities says few things over and over.
    variety = len(set(cells)) / len(cells)
    return sum(values) / len(values) * (0.5 + 0.5 * variety)


def _like_a_name(cell: str, word: str, people: int) -> float:
    if not word or is_code(cell):
        return 0.0
    is_surname = word in SURNAMES.last or word in SURNAMES.first
    # A capital and one word speak for a name; a sentence, an address or a code does not.
    return 1 + cell[:1].isupper() + (" " not in cell) + log10(1 + people) / 2 - is_surname


def _first_word(cell: str) -> str:
    try:
        return normalise(cell).split(" ")[0]
    except UnreadableName:
        return ""
