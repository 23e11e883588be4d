"""What is said of a file, and what is said back."""

from enum import StrEnum
from typing import Any

from apiflask import Schema
from apiflask.fields import File, Float, Integer, List, Nested, String
from apiflask.validators import Length, OneOf, Range

from training.names import Form
from webapp.models.enums import ConversionStep as State

LAST_ROW = 9_999_999
EXAMPLE = "id;Vorname;Nachname\n1;Anna;Müller\n2;Kim;Weiß\n"


class Back(StrEnum):
    """What an answer holds."""

    AUTO = "auto"  # the file where it is short, else its address
    FILE = "file"
    ADDRESS = "address"


class RowNumber(Integer):
    """The number of a row, in digits and nothing else."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> int:
        # int() also takes "1_0", " 1" and the digits of other scripts.
        if isinstance(value, str) and not (value.isascii() and value.isdigit() and len(value) < 9):
            raise self.make_error("invalid", input=value)
        return super()._deserialize(value, attr, data, **kwargs)


class SaidOfFile(Schema):
    """How a file is to be read; what is left out is found."""

    column = List(
        String(validate=Length(1, 1_000)),
        load_default=list,
        validate=Length(0, 9),
        metadata={
            "description": "The column of the names: its heading, or its number from 1. More than once where "
            "several are one name, as first and middle name.",
        },
    )
    form = String(
        load_default="",
        validate=OneOf(["", *Form]),
        metadata={
            "description": "What the column holds; as its heading and its cells tell where it is left out."
        },
    )
    encoding = String(
        load_default="",
        validate=Length(0, 40),
        metadata={"description": "In which letters a text is written, as `cp1251` or `utf-8`."},
    )
    sheet = String(
        load_default="",
        validate=Length(0, 255),
        metadata={"description": "The sheet of a workbook: its title, or its number from 1."},
    )
    header_row = RowNumber(
        load_default=None,
        validate=Range(0, LAST_ROW),
        metadata={"description": "The row that names the columns, from 1; 0 if none does."},
    )
    skip_rows = RowNumber(
        load_default=None,
        validate=Range(0, LAST_ROW),
        metadata={"description": "How many rows at the top hold no names."},
    )

    country_column = String(
        load_default="",
        validate=Length(0, 1_000),
        metadata={
            "description": "The column that says where each name is from: its heading, or its number from 1; "
            "0 if none does. Codes of two or three letters, or names of countries. Else it is found."
        },
    )
    country = String(
        load_default="",
        validate=Length(0, 2),
        metadata={"description": "Where names are from of which no column says it: a code of two letters."},
    )


class FileIn(SaidOfFile):
    """A file, and how it is to be read."""

    file = File(  # type: ignore[no-untyped-call]
        required=True, metadata={"description": "CSV, TSV or XLSX.", "example": EXAMPLE}
    )
    answer = String(
        load_default=Back.AUTO,
        validate=OneOf([*Back]),
        metadata={
            "description": "`file`: the file with its guesses. `address`: where to fetch it, and how it will "
            "be read. `auto`: the file if it is short (256 KiB), else its address.",
        },
    )


class ColumnOut(Schema):
    """A column of the names."""

    number = Integer(required=True, metadata={"description": "From 1."})
    heading = String(required=True, allow_none=True)


class ReadingOut(Schema):
    """How a file is read."""

    summary = String(required=True, metadata={"description": "The same in sentences."})
    columns = List(Nested(ColumnOut), required=True)
    form = String(required=True, validate=OneOf([*Form]))
    country_column = Nested(
        ColumnOut,
        required=True,
        allow_none=True,
        metadata={"description": "The column that says where each name is from; null where none does."},
    )
    header_row = Integer(required=True, metadata={"description": "0 where no row names the columns."})
    skip_rows = Integer(required=True)
    encoding = String(required=True, allow_none=True, metadata={"description": "Null for a workbook."})
    sheet = String(required=True, allow_none=True, metadata={"description": "Null for a text."})


class RowOut(Schema):
    """One of the first rows as it will be read."""

    number = Integer(required=True)
    name = String(required=True, metadata={"description": "The given name; empty where there is none."})
    left_out = String(required=True)
    doubt = String(required=True)
    country = String(required=True, metadata={"description": "Where it is from; empty for anywhere."})
    reason = String(required=True, metadata={"description": "Why there is no name."})


class ProgressOut(Schema):
    """How far the making of a file is. It is made while it is fetched, so until then it is `waiting`."""

    id = String(required=True)
    title = String(required=True, metadata={"description": "What the file is called."})
    state = String(required=True, validate=OneOf([*State]))
    rows = Integer(required=True, metadata={"description": "Rows that are done."})
    share = Float(required=True, metadata={"description": "How much of the file that is, 0 to 1."})
    seconds = Float(required=True)


class FileOut(ProgressOut):
    """A file that is kept for an hour: how it will be read, and where it is fetched."""

    reading = Nested(ReadingOut, required=True)
    first_rows = List(Nested(RowOut), required=True)
    added = List(String(), required=True, metadata={"description": "What the added columns are called."})
    progress = String(required=True, metadata={"description": "The address that says how far it is."})
    result = String(
        required=True,
        metadata={
            "description": "The address of the file with its guesses, which is made while it is fetched."
        },
    )
