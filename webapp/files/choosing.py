"""What a program or a terminal says of a file: columns by heading or number, an encoding by name."""

from dataclasses import dataclass, replace
from pathlib import Path

from training.names import Form
from webapp.errors import Invalid
from webapp.files import preview
from webapp.files.formats.convert import is_workbook
from webapp.files.formats.table import How
from webapp.files.formats.text import encodings
from webapp.files.layout.find import NO_COLUMN, Asked
from webapp.files.preview import Preview
from webapp.languages.texts import gettext


@dataclass(frozen=True)
class Said:
    """What somebody says of a file; what is left empty is found."""

    columns: tuple[str, ...] = ()
    """Headings, or numbers from 1; several make one name."""
    form: Form | None = None
    sheet: str = ""
    header_row: int | None = None
    skip_rows: int | None = None
    encoding: str = ""
    country_column: str = ""
    """As the columns of the names; "0" for none of them."""


def look(path: Path, said: Said, option: str) -> Preview:
    """Return how a file is read; raise Invalid if it is no table, `said` does not fit, or it stays doubtful.

    `option` is how an encoding is said where the refusal is read: "encoding=" or "--encoding ".
    """
    how = How(encodings.named(said.encoding) if said.encoding else "", said.sheet)
    asked = Asked(None, said.header_row, said.skip_rows, said.form)
    shown = preview.look(path, how, asked)
    if shown.rivals:
        raise Invalid(_ask_for_encoding(shown, option), "encoding")
    if not said.columns and not said.country_column:
        return shown
    columns = tuple(_column(shown, name, "column") for name in said.columns) or None
    return preview.look_again(shown, replace(asked, columns=columns, country=_country(shown, said)))


def _country(shown: Preview, said: Said) -> int | None:
    if said.country_column in ("", "0"):
        return NO_COLUMN if said.country_column else None
    return _column(shown, said.country_column, "country_column")


def encoding_of(path: Path, encoding: str) -> str:
    """Return the codec of a text, as it was said or is found; raise Invalid where two are about as likely."""
    # What is in an archive or a folder is not looked into.
    if path.is_dir() or is_workbook(path):
        return encodings.named(encoding or "utf-8")
    return look(path, Said(encoding=encoding), "--encoding ").table.encoding.codec


def _ask_for_encoding(shown: Preview, option: str) -> str:
    ways = " or ".join(
        f"{rival.encoding.in_words} (as in {'; '.join(rival.samples)}: {option}{rival.encoding.codec})"
        for rival in shown.rivals
    )
    return gettext("This file may be written in %(ways)s. Say which.", ways=ways)


def _column(shown: Preview, name: str, field: str) -> int:
    # A heading wins over a number: a column may be called "3". As it is written wins over small letters.
    heads = shown.titles if shown.layout.header else []
    for names in (heads, [head.casefold() for head in heads]):
        wanted = name.strip() if names is heads else name.strip().casefold()
        if wanted in names:
            return names.index(wanted)
    # No file has a column whose number is longer; Python would take long to read thousands of digits.
    if name.isascii() and name.isdigit() and len(name) < 8 and 1 <= int(name) <= shown.head.width:
        return int(name) - 1
    there = (
        gettext("it has %(choices)s", choices=", ".join(heads))
        if heads
        else gettext("it has %(width)s, and no row names them", width=shown.head.width)
    )
    raise Invalid(
        gettext("There is no column %(name)s in this file; %(there)s.", name=repr(name), there=there),
        field,
    )
