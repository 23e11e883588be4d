"""What parts the cells of a text file: said by a line `sep=` of its own, else told by its first rows."""

import re
from collections import Counter
from collections.abc import Sequence

from training.names import UnreadableName, normalise
from training.names.tables import SURNAMES
from webapp.files.formats.text.rows import read_rows
from webapp.files.layout import headings
from webapp.languages.words import N_, Words

DELIMITERS = Words({",": N_("commas"), ";": N_("semicolons"), "\t": N_("tabs"), "|": N_("bars")})
_SEP = re.compile(r'"?sep=([^"\r\n])"?[,;\t]*[\r\n]*', re.IGNORECASE)
_MOST_SURNAMES = 0.3
"""Share of lines that begin with a known surname, from which on a comma parts a name and not two cells."""


def said_by(line: str) -> str | None:
    """Return the delimiter that a file's first line sets, as spreadsheets obey it: `sep=;`."""
    found = _SEP.fullmatch(line)
    return found[1] if found else None


def in_words(delimiter: str) -> str:
    """Return what people call a delimiter."""
    return DELIMITERS.get(delimiter) or f"“{delimiter}”"


def find_delimiter(lines: Sequence[str]) -> str:
    """Return what most consistently parts the lines into more than one cell."""
    # `max` takes the first of equals: a comma if no mark parts anything, but not one that a blank follows.
    commas = [line.count(",") and (line.count(", ") - line.count(",") / 2) for line in lines]
    is_within = sum(commas) >= 0
    marks = sorted(DELIMITERS, key=lambda mark: mark == "," and is_within)
    score = {mark: _consistency(lines, mark) for mark in marks}
    best = max(score, key=lambda mark: score[mark])
    if score[best] > (0, 0) and not (best == "," and _are_names(lines)):
        return best
    # One column: ours are parted from it by a mark that is nowhere in it, but for what stands in quotes.
    return next((mark for mark in DELIMITERS if all(len(row) < 2 for row in _rows(lines, mark))), "\t")


def _rows(lines: Sequence[str], delimiter: str) -> list[list[str]]:
    return [row.cells for row in read_rows(iter(lines), delimiter) if row.cells]


def _consistency(lines: Sequence[str], delimiter: str) -> tuple[int, int]:
    # Titles above a table have fewer cells, so not the first row decides but most of them.
    widths = Counter(len(cells) for cells in _rows(lines, delimiter) if len(cells) > 1)
    return max(((count, width) for width, count in widths.items()), default=(0, 0))


def _are_names(lines: Sequence[str]) -> bool:
    """Say whether the commas of some lines stand inside names: "Smith, Anna"."""
    rows = _rows(lines, ",")
    parted = [cells for cells in rows if len(cells) > 1]
    if '"' in "".join(lines) or any(cell[:1].strip() for cells in parted for cell in cells[1:] if cell):
        return False
    if sum(bool(headings.meanings(cell)) for cell in parted[0]) > 1 or max(map(len, parted)) > 3:
        return False
    surnames = sum(_is_surname(cells[0]) for cells in parted)
    return len(rows[0]) == 1 or surnames > _MOST_SURNAMES * len(parted)


def _is_surname(text: str) -> bool:
    try:
        latin = normalise(text.split(" ")[-1])
    except UnreadableName:
        return False
    return latin in SURNAMES.last or latin in SURNAMES.first
