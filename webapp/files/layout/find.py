"""How a table is laid out: as somebody says, else as its headings and its cells tell."""

from collections.abc import Sequence
from dataclasses import dataclass

from training.names import Form
from webapp.errors import Invalid
from webapp.files.formats.table import Choice, Head, Row, know_nobody
from webapp.files.formats.text.witness import Knows
from webapp.files.layout import headings
from webapp.files.layout.columns import find_columns, form_of
from webapp.files.layout.countries import find_country_column
from webapp.files.layout.header_row import find_header
from webapp.languages.texts import gettext


@dataclass(frozen=True)
class Asked:
    """What somebody says of a table; None for what is to be found."""

    columns: tuple[int, ...] | None = None
    header_row: int | None = None
    """0 for a table without headings."""
    skip: int | None = None
    form: Form | None = None
    country: int | None = None
    """The column that says where each name is from; NO_COLUMN for none of them."""


NO_COLUMN = -1


@dataclass(frozen=True)
class Layout:
    """Where the headings are, where the names begin, in which columns they are and in which form."""

    header: Row | None
    rows: Sequence[Row]
    """The first rows with names."""
    columns: tuple[int, ...]
    """Counted from 0; empty where no column looks like names."""
    form: Form
    skip: int = 0
    country: int | None = None
    """The column that says where each name is from; None without one."""
    codec: str = "utf-8"

    @property
    def header_row(self) -> int:
        """The number of the row of headings, 0 without one."""
        return self.header.number if self.header else 0

    @property
    def language(self) -> str:
        """The language of the headings, if ours can be written in it."""
        found = headings.language_of(self.header.cells) if self.header else headings.ENGLISH
        return headings.language_in(found, self.codec)

    @property
    def choice(self) -> Choice:
        """What is read; raise Invalid where no column looks like names."""
        if not self.columns:
            raise Invalid(
                gettext("No column of this file looks like given names: say which one it is."), "column"
            )
        return Choice(self.columns, self.header_row, self.skip, self.language, self.country)

    @property
    def added(self) -> list[str]:
        """The headings of our columns."""
        heads = self.header.cells if self.header else []
        return headings.added(self.language, heads, self.country is not None)

    def title_of(self, column: int) -> str:
        """Return what a column is called."""
        return (self.header.cell(column).strip() if self.header else "") or f"Column {column + 1}"


def find_layout(head: Head, asked: Asked = Asked(), knows: Knows = know_nobody) -> Layout:  # noqa: B008 - frozen
    """Return the layout of a table from its first rows; raise Invalid for what is asked and is not there."""
    header = _header(head, asked)
    skip = asked.skip or 0
    begin = max(header.number if header else 0, skip)
    rows = [row for row in head.rows if row.number > begin]
    columns, form = _columns(asked, head, header, rows, knows)
    country = _country(asked, head, header, rows, columns)
    return Layout(header, rows, columns, form, skip, country, head.codec)


def _columns(
    asked: Asked, head: Head, header: Row | None, rows: Sequence[Row], knows: Knows
) -> tuple[tuple[int, ...], Form]:
    if asked.columns is not None:
        return _checked(asked.columns, head), _form(asked, header, rows)
    found = find_columns(header, rows, knows)
    if found is None:
        return (), asked.form or Form.GIVEN
    return found.columns, asked.form or found.form


def _country(
    asked: Asked, head: Head, header: Row | None, rows: Sequence[Row], columns: tuple[int, ...]
) -> int | None:
    if asked.country == NO_COLUMN:
        return None
    if asked.country is None:
        return find_country_column(header, rows, columns) if columns else None
    (column,) = _checked((asked.country,), head, "country_column")
    return column


def _header(head: Head, asked: Asked) -> Row | None:
    if asked.header_row is None:
        return find_header([row for row in head.rows if row.number > (asked.skip or 0)])
    if asked.header_row == 0:
        return None
    found = next((row for row in head.rows if row.number == asked.header_row), None)
    if found is None:
        raise Invalid(
            gettext(
                "There is nothing in row %(header_row)s that could name the columns.",
                header_row=asked.header_row,
            ),
            "header_row",
        )
    return found


def _checked(columns: tuple[int, ...], head: Head, field: str = "column") -> tuple[int, ...]:
    if not columns or not all(0 <= column < max(1, head.width) for column in columns):
        raise Invalid(gettext("There is no such column in this file."), field)
    return tuple(dict.fromkeys(columns))


def _form(asked: Asked, header: Row | None, rows: Sequence[Row]) -> Form:
    if asked.form is not None or not asked.columns:
        return asked.form or Form.GIVEN
    # Several columns are given names, unless somebody says otherwise.
    return form_of(header, rows, asked.columns[0]) if len(asked.columns) == 1 else Form.GIVEN
