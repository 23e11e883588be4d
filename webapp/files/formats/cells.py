"""From the cells of a row to the text that is read as its name, or the reason why there is none."""

import re
from collections.abc import Mapping, Sequence

from training.names import Placeholders
from webapp.guessing.bulk import Finding
from webapp.languages.words import N_

DATE = N_("This is a date, not a name.")
NUMBER = N_("This is a number, not a name.")
TRUTH = N_("This is TRUE or FALSE, not a name.")
ERROR = N_("This cell holds an error of the spreadsheet, not a name.")
FORMULA = N_("This cell holds a formula whose value was not saved: save the file in a spreadsheet first.")
NO_CELL = N_("This row has no cell in the column of the names.")
UNREAD = N_("This name holds bytes that mean nothing in the encoding of the file.")

# `surrogateescape` carries a byte that means nothing through as one of these 128 code points.
_NOT_A_LETTER = re.compile("[\udc80-\udcff]")
_DIGIT = re.compile(r"\d")
_NUMBER = re.compile(r"[+-]?[\d.,'\s\u00a0\u202f]*\d(e[+-]?\d+)?\s*[%€$£]?", re.IGNORECASE)
_MONTH = (
    r"(jan|feb|mar|mär|apr|may|mai|jun|jul|aug|sep|sept|oct|okt|nov|dec|dez|january|february|march|april|june|july"
    r"|august|september|october|november|december|januar|februar|märz|juni|juli|oktober|dezember)\.?"
)
_TIME = r"([ T,]+\d{1,2}:\d\d(:\d\d(\.\d+)?)?\s*([ap]\.?m\.?|z|[+-]\d\d:?\d\d)?)?"
_DATE = re.compile(
    rf"(\d{{1,4}}[-/.]\s?\d{{1,2}}[-/.]\s?\d{{1,4}}\.?{_TIME}|\d{{1,2}}:\d\d(:\d\d)?(\s*[ap]\.?m\.?)?"
    rf"|(\d{{1,2}}\.?[ -])?{_MONTH}[ ,-]+(\d{{1,2}}(,?[ -]+))?'?\d{{2,4}}{_TIME}|\d{{1,2}}\.?[ -]{_MONTH}"
    rf"|\d{{4}}年\d{{1,2}}月(\d{{1,2}}日)?)",
    re.IGNORECASE,
)


def why_no_name(text: str) -> str:
    """Return why a text is a date, a number or damaged, and no name; empty if it may be a name."""
    # isascii first: it is far quicker, and true of nearly every cell.
    if not text.isascii() and _NOT_A_LETTER.search(text):
        return UNREAD
    if not _DIGIT.search(text):
        return ""
    bare = text.strip()
    if _DATE.fullmatch(bare):
        return DATE
    return NUMBER if _NUMBER.fullmatch(bare) else ""


def name_of(
    cells: Sequence[str] | Mapping[int, str],
    reasons: Mapping[int, str],
    columns: Sequence[int],
    placeholders: Placeholders,
) -> str | Finding:
    """Return the text of a name from its columns, or a finding with the reason why there is none.

    Several cells are one name, in the order of the columns; those that hold none are left out beside others.
    """
    if len(columns) == 1:
        return _single(cell_at(cells, columns[0]), reasons.get(columns[0], ""))
    found = [(cell_at(cells, column) or "", reasons.get(column, "")) for column in columns]
    named = [text.strip() for text, reason in found if _holds_a_name(text, reason, placeholders)]
    if named:
        return " ".join(named)
    # What the first of them says that says anything.
    return next((_single(*cell) for cell in found if cell[0].strip() or cell[1]), "")


def cell_at(cells: Sequence[str] | Mapping[int, str], column: int) -> str | None:
    """Return a cell of a row; None beyond its end."""
    if isinstance(cells, Mapping):
        return cells.get(column, "")
    return cells[column] if column < len(cells) else None


def _single(text: str | None, reason: str) -> str | Finding:
    if text is None:
        return Finding(reason=NO_CELL)
    why = reason or why_no_name(text)
    return Finding(reason=why) if why else text


def _holds_a_name(text: str, reason: str, placeholders: Placeholders) -> bool:
    bare = text.strip()
    return bool(bare) and not (
        reason or placeholders.holds(bare) or bare.startswith("#") or why_no_name(bare)
    )
