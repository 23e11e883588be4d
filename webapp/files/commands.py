"""flask guess: a whole file, in the terminal."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

import click
from flask.cli import with_appcontext

from training.names import Country, Form
from webapp.errors import Conflict, Invalid
from webapp.files import choosing
from webapp.files.choosing import Said
from webapp.files.formats.convert import is_workbook
from webapp.files.preview import Preview
from webapp.guessing import bulk
from webapp.presentation.terminal import country as country_type
from webapp.presentation.terminal import one_of, shows_errors
from webapp.storage import atomic_file

file_type = click.Path(exists=True, dir_okay=False, path_type=Path)
count = click.IntRange(min=0)


@click.command("guess")
@click.argument("file", type=file_type)
@click.option("--output", "-o", required=True, type=click.Path(dir_okay=False, path_type=Path))
@click.option(
    "--column",
    multiple=True,
    help="The column of the names: its heading, or its number from 1; more than once if several make one.",
)
@click.option("--form", type=one_of(Form), help="What the column holds (as its heading and its cells tell).")
@click.option("--sheet", default="", help="The sheet of a workbook: its title, or its number from 1.")
@click.option("--header-row", type=count, help="The row that names the columns, from 1; 0 if none does.")
@click.option("--header/--no-header", default=None, help="The same as --header-row 1, and --header-row 0.")
@click.option("--skip-rows", type=count, help="How many rows at the top hold no names.")
@click.option("--encoding", default="", help="In which letters a text is written, as cp1251 or utf-8.")
@click.option("--country", type=country_type, help="Where names are from of which no column says it, as IT.")
@click.option(
    "--country-column",
    default="",
    help="The column that says where each name is from: its heading, or its number; 0 if none does.",
)
@click.option("--force", is_flag=True, help="Replace the output if it is there already.")
@with_appcontext
@shows_errors
def commands(
    file: Path,
    output: Path,
    column: tuple[str, ...],
    form: str | None,
    sheet: str,
    header_row: int | None,
    header: bool | None,
    skip_rows: int | None,
    encoding: str,
    country: Country | None,
    country_column: str,
    force: bool,
) -> None:
    """Guess every name of FILE (CSV, TSV or XLSX) into a copy with more columns."""
    _check(file, output, force)
    row = header_row if header_row is not None or header is None else int(header)
    said = Said(column, Form(form) if form else None, sheet, row, skip_rows, encoding, country_column)
    shown = choosing.look(file, said, "--encoding ")
    click.echo(_summary(shown), err=True)
    with _ending_in_order():
        _convert(shown, output, country)


def _summary(shown: Preview) -> str:
    samples = f" Among the names: {'; '.join(shown.samples)}." if shown.samples else ""
    return f"{shown.head.summary} {shown.in_words}{samples}"


def _convert(shown: Preview, output: Path, country: Country | None) -> None:
    from tqdm import tqdm  # not in web processes, which import every command

    reader = bulk.for_file(shown.layout.form, country)
    choice = shown.layout.choice
    # Whole or not at all: a guess that breaks off leaves no half table under the output's name.
    with atomic_file.whole(output) as out, tqdm(total=100, unit="%", bar_format=_BAR) as bar:
        for done in shown.table.convert(choice, reader):
            out.write(done.data)
            rate = done.rows / (bar.format_dict["elapsed"] or 1)
            bar.set_postfix_str(f"{done.rows:,} rows, {rate:,.0f}/s", refresh=False)
            bar.update(done.share * 100 - bar.n)  # tqdm takes steps, not places


_BAR = "{percentage:3.0f}% {bar} {postfix}, {remaining} left"


@contextmanager
def _ending_in_order() -> Iterator[None]:
    """Let SIGTERM and SIGHUP end the command as an exception does, which takes the half file away."""

    def end(number: int, _frame: FrameType | None) -> None:
        raise SystemExit(128 + number)

    before = {number: signal.signal(number, end) for number in (signal.SIGTERM, signal.SIGHUP)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _check(file: Path, output: Path, force: bool) -> None:
    if output.exists() and not force:
        raise Conflict(f"{output} is there already: give another name, or --force.")
    if not output.parent.is_dir():
        raise Invalid(f"There is no folder {output.parent}.")
    if is_workbook(file) != (output.suffix.lower() == ".xlsx"):
        raise Invalid("A file keeps its kind: give the output the same ending.")
