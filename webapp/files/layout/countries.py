"""Which column says where each name is from, and what it says."""

from collections.abc import Mapping, Sequence

from training.names import COUNTRIES
from training.names.scripts.country_words import country_code
from webapp.files.formats.cells import cell_at
from webapp.files.formats.table import Choice, Row
from webapp.files.layout import headings
from webapp.files.layout.headings import Kind

_FEWEST = 3
"""Cells from which on a column without a heading may be told by them."""
_STATES = {
    "AL", "AR", "AZ", "CA", "CO", "DE", "GA", "ID", "IL", "IN", "LA", "MA", "MD", "ME", "MN", "MO", "MS",
    "MT", "NC", "NE", "PA", "SC", "SD", "TN", "VA",
}  # fmt: skip
"""States of the USA whose codes are those of countries, too."""


def find_country_column(header: Row | None, rows: Sequence[Row], taken: Sequence[int]) -> int | None:
    """Return the column of countries below a row of headings, besides those of names; None without one."""
    heads = header.cells if header else []
    locale = headings.locale_of(headings.language_of(heads)) if heads else "en"
    width = max((len(row.cells) for row in (*rows, *([header] if header else []))), default=0)
    free = [column for column in range(width) if column not in taken]
    meant = {column: headings.meanings(heads[column]) if column < len(heads) else () for column in free}
    for is_exact in (True, False):
        for column in free:
            is_headed = any(one.kind == Kind.COUNTRY and one.is_exact == is_exact for one in meant[column])
            if is_headed and _mostly_says(_texts(rows, column), locale):
                return column
    return next((at for at in free if not meant[at] and looks_like_countries(rows, at, locale)), None)


def _texts(rows: Sequence[Row], column: int) -> list[str]:
    return [text for row in rows if (text := row.cell(column).strip()) and column not in row.reasons]


def _mostly_says(texts: Sequence[str], locale: str) -> bool:
    known = sum(bool(country_code(text, locale)) for text in texts)
    return 2 * known >= len(texts)


def looks_like_countries(rows: Sequence[Row], column: int, locale: str) -> bool:
    """Say whether every cell is a country: codes are in capitals, and not all of them those of states."""
    texts = _texts(rows, column)
    if len(texts) < _FEWEST or not all(country_code(text, locale) in COUNTRIES for text in texts):
        return False
    codes = {text for text in texts if len(text) < 4}
    if not codes:
        return True
    return all(code.isupper() for code in codes) and len(set(texts)) > 1 and not codes <= _STATES


def code_in(cells: Sequence[str] | Mapping[int, str], choice: Choice) -> str:
    """Return the code of a row's country, if names are told apart by it; "" for anywhere."""
    if choice.country is None:
        return ""
    text = cell_at(cells, choice.country)
    code = country_code(text, headings.locale_of(choice.language)) if text else ""
    return code if code in COUNTRIES else ""


def unknown_in(rows: Sequence[Row], column: int, language: str) -> list[str]:
    """Return what stands in a column of countries and is none."""
    locale = headings.locale_of(language)
    return list(dict.fromkeys(text for text in _texts(rows, column) if not country_code(text, locale)))
