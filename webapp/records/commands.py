"""flask corpus: name lists that an admin brings, to be chosen in a run."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
from flask.cli import AppGroup

from webapp.errors import Invalid
from webapp.files import choosing
from webapp.files.formats.text import encodings
from webapp.files.formats.xlsx import as_csv
from webapp.presentation.terminal import shows_errors
from webapp.records import custom_corpora

BY = "command line"
_MOST_TOLD = 5
"""Countries that a sentence names."""
commands = AppGroup("corpus", help="Name lists of your own, to be counted to the base corpus in a run.")


@commands.command("add")
@click.argument("file", type=click.Path(exists=True, path_type=Path))
@click.option("--name", default="", help="What runs call it; else the file's own name.")
@click.option("--encoding", default="", help="In which letters it is written, as cp1252 (as they look).")
@click.option("--sheet", default="", help="Which sheet of a workbook, by name or number.")
@shows_errors
def add(file: Path, name: str, encoding: str, sheet: str) -> None:
    """Check FILE and keep it: a CSV, TSV or XLSX of names, or the lists of the SSA or CMU (zip or folder).

    Columns are found by their headings, else they are name, sex and count. Country and year are kept.
    """
    with _as_list(file, sheet) as listed:
        codec = choosing.encoding_of(listed, "utf-8" if listed != file else encoding)
        brought = custom_corpora.add(listed, by=BY, name=name, encoding=codec)
    read = "" if codec == "utf-8" else f" (read as {encodings.words_of(codec)})"
    told = f"{brought.name} holds {brought.names:,} names{_origins(brought)}{read}"
    click.echo(f"{told}: flask runs start --corpus {brought.name}")


@contextmanager
def _as_list(file: Path, sheet: str) -> Iterator[Path]:
    """Give a file as the trainer reads it: a workbook is written out as a CSV, under its own name."""
    if not as_csv.holds_workbook(file):
        yield file
        return
    with tempfile.TemporaryDirectory() as folder:
        listed = Path(folder) / file.name
        as_csv.write_csv(file, listed, sheet)
        try:
            yield listed
        except Invalid as error:
            # What is wrong is told of the file that is theirs.
            raise Invalid(str(error).replace(str(listed.resolve()), str(file)), error.field) from error


def _origins(brought: custom_corpora.Brought) -> str:
    told = f" from {', '.join(brought.countries[:_MOST_TOLD])}" if brought.countries else ""
    if len(brought.countries) > _MOST_TOLD:
        told += f" and {len(brought.countries) - _MOST_TOLD} more countries"
    return told + (f", counted {brought.years[0]} to {brought.years[1]}" if brought.years else "")


@commands.command("list")
def list_all() -> None:
    """List the corpora that were added."""
    found = custom_corpora.listing()
    if not found:
        click.echo("No corpus was added yet: flask corpus add FILE.")
    for brought in found:
        click.echo(
            f"{brought.name:32} {brought.names:10,} names  {brought.added_at:%Y-%m-%d %H:%M}"
            f"  {brought.fingerprint[:16]}"
        )


@commands.command("remove")
@click.argument("name")
@shows_errors
def remove(name: str) -> None:
    """Remove a corpus. Versions that learned from it stay as they are."""
    custom_corpora.remove(name, by=BY)
    click.echo(f"{name} is removed.")
