"""A file before it is converted: its layout, and its first rows as they will be read."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from flask import current_app

from training.names import COUNTRIES, DOUBT_SENTENCES, Form, Reading
from webapp.errors import Invalid, Unavailable
from webapp.files.formats import cells
from webapp.files.formats.convert import Table, open_table
from webapp.files.formats.table import Head, How, Row
from webapp.files.formats.text import encodings
from webapp.files.formats.text.encodings import Encoding
from webapp.files.layout import countries
from webapp.files.layout.find import Asked, Layout, find_layout
from webapp.guessing import readings
from webapp.guessing.bulk import Finding
from webapp.languages import numbers
from webapp.languages.sentences import told
from webapp.languages.texts import gettext, ngettext
from webapp.languages.words import N_, Words
from webapp.records import lookup

ROWS = 8
"""Rows that are shown."""
SAMPLES = 3
LONGEST_SHOWN = 40
_FORMS: Mapping[Form, str] = Words(
    {
        Form.GIVEN: N_("a given name"),
        Form.GIVEN_FIRST: N_("a full name, given name first"),
        Form.SURNAME_FIRST: N_("a full name, surname first"),
        Form.AUTO: N_("a full name in either order"),
    }
)


@dataclass(frozen=True)
class ShownRow:
    """One of the first rows, and how its name will be read; `reason` says why there is none."""

    number: int
    cells: Sequence[str]
    name: str = ""
    left_out: str = ""
    reason: str = ""
    doubt: str = ""
    country: str = ""
    """The code of where it is from, empty for anywhere."""


@dataclass(frozen=True)
class Rival:
    """An encoding that a file may be in, and names of the file as they are in it."""

    encoding: Encoding
    samples: Sequence[str]


@dataclass(frozen=True)
class Preview:
    """What is shown of a file, and what is guessed of it."""

    table: Table
    head: Head
    layout: Layout
    rows: Sequence[ShownRow]
    samples: Sequence[str]
    """Names as they will be read, to see whether the encoding is right."""
    rivals: Sequence[Rival] = ()
    """Encodings to choose from where it is doubtful, the one that is shown among them."""

    @property
    def above(self) -> int:
        """How many rows above the first name are left as they are."""
        return self.layout.choice.first_row - 1 if self.layout.columns else 0

    @property
    def titles(self) -> list[str]:
        """What each column is called."""
        return [self.layout.title_of(column) for column in range(self.head.width)]

    @property
    def in_words(self) -> str:
        """Where the names are and how they are read, in sentences."""
        if not self.layout.columns:
            return gettext("No column looks like given names.")
        return " ".join(sentence for sentence in (self._of_names, *self._of_countries) if sentence)

    @property
    def _of_countries(self) -> list[str]:
        at = self.layout.country
        if at is None:
            return []
        sentence = gettext("“%(title)s” says where each is from.", title=self.layout.title_of(at))
        unknown = countries.unknown_in(self.layout.rows, at, self.layout.language)[:SAMPLES]
        if not unknown:
            return [sentence]
        listed = numbers.join([f"“{text[:LONGEST_SHOWN]}”" for text in unknown])
        return [sentence, gettext("No country is known by %(words)s: read as from anywhere.", words=listed)]

    @property
    def _of_names(self) -> str:
        found = self.layout.columns
        listed = numbers.join([str(column + 1) for column in found])
        columns = ngettext("column %(numbers)s", "columns %(numbers)s", len(found), numbers=listed)
        form = _FORMS[self.layout.form]
        if not self.layout.header:
            return gettext(
                "The names are in %(columns)s (there are no headings); each is read as %(form)s.",
                columns=columns,
                form=form,
            )
        return gettext(
            "The names are in %(titles)s (%(columns)s, headings in row %(row)s); each is read as %(form)s.",
            titles=numbers.join([f"“{self.layout.title_of(column)}”" for column in found]),
            columns=columns,
            row=self.layout.header_row,
            form=form,
        )


def knows(names: Collection[str]) -> Mapping[str, int]:
    """Return how many people bear each of some normalised names; nobody where there are no records."""
    try:
        return {name: known.people for name, known in lookup.known_many(names).items()}
    except Unavailable:
        return {}


def first_rows(table: Table) -> Head:
    """Return the first rows of a table; raise Invalid if there is none."""
    head = table.head()
    if not head.rows:
        raise Invalid(gettext("There is nothing in this file."), "file")
    return head


def look(path: Path, how: How, asked: Asked) -> Preview:
    """Return what is to be shown of a file; raise Invalid if it is no table, or `asked` does not fit."""
    table = open_table(path, how, knows)
    shown = _lay_out(table, first_rows(table), asked)
    rivals = [_rival(path, encoding, asked) for encoding in table.rivals]
    return replace(shown, rivals=[Rival(table.encoding, shown.samples), *rivals]) if rivals else shown


def look_again(shown: Preview, asked: Asked) -> Preview:
    """Return the same file as it is shown when something else is asked; raise Invalid as `look` does."""
    return _lay_out(shown.table, shown.head, asked)


def _lay_out(table: Table, head: Head, asked: Asked) -> Preview:
    layout = find_layout(head, asked, knows)
    samples = _samples(layout.rows, layout.columns)
    return Preview(table, head, layout, [_shown(row, layout) for row in layout.rows[:ROWS]], samples)


def _rival(path: Path, encoding: Encoding, asked: Asked) -> Rival:
    head = open_table(path, How(encoding=encoding.codec)).head()
    layout = find_layout(head, asked)
    return Rival(encoding, _samples(layout.rows, layout.columns))


def _samples(rows: Sequence[Row], columns: Sequence[int]) -> list[str]:
    texts = dict.fromkeys(
        text
        for row in rows
        for column in columns
        if (text := row.cell(column).strip()) and column not in row.reasons
    )
    placeholders = current_app.config["PLACEHOLDERS"]
    named = [text for text in texts if text[:1].isalpha() and not placeholders.holds(text)]
    # Names with other letters than a to z first: only they show whether the encoding is right.
    return sorted(named or texts, key=str.isascii)[:SAMPLES]


def _shown(row: Row, layout: Layout) -> ShownRow:
    if not layout.columns:
        return ShownRow(row.number, row.cells)
    code = countries.code_in(row.cells, layout.choice)
    name = cells.name_of(row.cells, row.reasons, layout.columns, current_app.config["PLACEHOLDERS"])
    if isinstance(name, Finding):
        return ShownRow(row.number, row.cells, reason=told(name.reason))
    return _read(row, readings.read(name, layout.form, COUNTRIES.get(code)), code)


def _read(row: Row, reading: Reading, code: str) -> ShownRow:
    left_out = readings.left_out_words(reading)
    refusal = told(reading.refusal)
    return ShownRow(row.number, row.cells, reading.title, left_out, refusal, _doubts(reading), code)


def _doubts(reading: Reading) -> str:
    return " ".join(told(DOUBT_SENTENCES[doubt]) for doubt in reading.doubts)


def forms() -> Mapping[Form, str]:
    """Return the forms that a column may have, in words."""
    return _FORMS


def all_encodings() -> Mapping[str, str]:
    """Return the encodings that may be chosen, in words."""
    return {codec: encodings.words_of(codec) for codec in encodings.CODECS}
