"""flask guess: a whole file, in the terminal."""

from pathlib import Path

import click
from flask.cli import with_appcontext

from webapp.errors import Conflict, Invalid
from webapp.files.formats.convert import is_workbook, open_table
from webapp.files.formats.table import Choice, Preview
from webapp.guessing import bulk
from webapp.presentation.terminal import shows_errors
from webapp.storage import atomic_file

file_type = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command("guess")
@click.argument("file", type=file_type)
@click.option("--output", "-o", required=True, type=click.Path(dir_okay=False, path_type=Path))
@click.option("--column", help="The column of the names: its heading, or its number from 1.")
@click.option("--header/--no-header", default=None, help="Whether the first row names the columns.")
@click.option("--force", is_flag=True, help="Replace the output if it is there already.")
@with_appcontext
@shows_errors
def commands(file: Path, output: Path, column: str | None, header: bool | None, force: bool) -> None:
    """Guess every name of FILE (CSV, TSV or XLSX) into a copy with more columns."""
    from tqdm import tqdm  # not in web processes, which import every command

    _check(file, output, force)
    table = open_table(file)
    preview = table.preview()
    has_header = preview.has_header if header is None else header
    choice = Choice(_column(preview, column, has_header), has_header)
    click.echo(f"{preview.summary} The names are in column {choice.column + 1}.", err=True)
    # Whole or not at all: a guess that breaks off leaves no half table under the output's name.
    with atomic_file.whole(output) as out, tqdm(total=100, unit="%", bar_format=_BAR) as bar:
        for done in table.convert(choice, bulk.for_file()):
            out.write(done.data)
            bar.set_postfix_str(f"{done.rows:,} rows, {done.rows / (bar.format_dict['elapsed'] or 1):,.0f}/s")
            bar.update(done.share * 100 - bar.n)  # tqdm takes steps, not places


_BAR = "{percentage:3.0f}% {bar} {postfix}, {remaining} left"


def _check(file: Path, output: Path, force: bool) -> None:
    if output.exists() and not force:
        raise Conflict(f"{output} is there already: give another name, or --force.")
    if not output.parent.is_dir():
        raise Invalid(f"There is no folder {output.parent}.")
    if is_workbook(file) != (output.suffix.lower() == ".xlsx"):
        raise Invalid("A file keeps its kind: give the output the same ending.")


def _column(preview: Preview, column: str | None, has_header: bool) -> int:
    if column is None:
        return preview.column
    # A heading wins over a number: a column may be called "3".
    heads = preview.rows[0] if preview.rows and has_header else []
    if column in heads:
        return heads.index(column)
    if column.isascii() and column.isdigit() and 1 <= int(column) <= preview.width:
        return int(column) - 1
    raise Invalid(f"There is no column {column!r} in this file; it has {', '.join(heads) or preview.width}.")
