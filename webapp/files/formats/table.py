"""What all kinds of tables share: the columns that are added, and the choice of the column that is read."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from training.names import UnreadableName, normalise
from webapp.guessing.bulk import Finding

ADDED = ("gender", "p_female", "read_as", "version", "reason")
BLOCK_ROWS = 16_384
BLOCK_SIZE = 8 * 2**20
"""Rows, and bytes or characters, that are held at once, whichever is reached first."""
PREVIEW = 8
"""Rows that are shown before anything is guessed."""

# How tables of many languages head a column of first names.
_GIVEN = re.compile(
    r"(first|given|fore|christian)[ _.-]?names?|vornamen?|rufname|pr[eé]noms?|nombres?( de pila)?|"
    r"(primeiro )?nome( proprio| próprio)?|voornaam|f[oö]rnamn|fornavn|etunimi|imi[eę]|jm[eé]no|"
    r"keresztn[eé]v|имя|όνομα|isim|ad",
    re.IGNORECASE,
)
_NAME = re.compile(r"(full[ _.-]?)?names?|naam|namn|navn|nimi|n[eé]v", re.IGNORECASE)


@dataclass(frozen=True)
class Preview:
    """The first rows of a table, and what is guessed of its layout."""

    rows: list[list[str]]
    has_header: bool
    column: int
    """Counts from 0."""
    summary: str
    """How the file was read, in a sentence."""

    @property
    def width(self) -> int:
        """Columns of the widest row shown."""
        return max(map(len, self.rows), default=0)


@dataclass(frozen=True)
class Choice:
    """Which column holds the names, counted from 0, and whether the first row names the columns."""

    column: int
    has_header: bool


@dataclass(frozen=True)
class Done:
    """A piece of the converted file, and how far that brings it."""

    data: bytes
    rows: int
    share: float
    """Of the file that was read, 0 to 1."""


def preview(rows: list[list[str]], summary: str) -> Preview:
    """Guess from its first rows whether a table has a header, and in which column the names are."""
    first = rows[0] if rows else []
    named = _named(first)
    has_header = named is not None or (len(first) > 1 and _is_header(first, rows[1:]))
    column = named if named is not None else _most_like_names(rows[1:] if has_header else rows)
    return Preview(rows, has_header, column, summary)


def _named(header: Sequence[str]) -> int | None:
    for pattern in (_GIVEN, _NAME):
        for index, cell in enumerate(header):
            if pattern.fullmatch(cell.strip().replace("_", " ")) or pattern.fullmatch(cell.strip()):
                return index
    return None


def _is_header(first: Sequence[str], rest: Sequence[Sequence[str]]) -> bool:
    # Columns have distinct names, and no name is a number.
    words = [cell.strip() for cell in first]
    return bool(rest) and all(words) and len(set(words)) == len(words) and not any(map(_has_digit, words))


def _has_digit(text: str) -> bool:
    return any(character.isdigit() for character in text)


def _most_like_names(rows: Sequence[Sequence[str]]) -> int:
    width = max(map(len, rows), default=1)
    likeness = [sum(_like_a_name(row[index]) for row in rows if index < len(row)) for index in range(width)]
    return likeness.index(max(likeness)) if likeness else 0


def _like_a_name(cell: str) -> int:
    try:
        read = normalise(cell)
    except UnreadableName:
        return 0
    # A capital and one word speak for a name; a sentence, an address or a code does not.
    return 0 if _has_digit(cell) or "@" in cell else 1 + (cell[:1].isupper()) + (" " not in read)


def added_names(header: Sequence[str]) -> list[str]:
    """Return the names of the added columns; they never meet one that the table already has."""
    taken = {cell.strip().casefold() for cell in header}
    # All or none: a table that was converted before gets a second set that belongs together.
    return [f"nomen_{name}" for name in ADDED] if taken & set(ADDED) else list(ADDED)


def added_cells(finding: Finding, version: str) -> list[str]:
    """Return the added cells of one row."""
    if finding.p_female is None:
        return ["", "", "", "", finding.reason]
    return [finding.label, f"{finding.p_female:.4f}", finding.read_as, version, finding.reason]
