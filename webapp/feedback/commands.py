"""flask feedback: answers from the terminal."""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
from flask.cli import AppGroup
from tqdm import tqdm

from training.names import ANSWERS
from webapp.feedback import import_export
from webapp.feedback import service as feedback
from webapp.presentation import tabular
from webapp.presentation.terminal import one_of, shows_errors
from webapp.review import filters as review_filters
from webapp.review import queries

BY = "command line"
LINES = {"csv": tabular.csv_lines, "jsonl": tabular.json_lines}
commands = AppGroup("feedback", help="What visitors answered.")
format_option = click.option("--format", type=one_of(LINES), default=None, help="else by the ending")


@commands.command("export")
@click.argument("path", type=click.Path(dir_okay=False, allow_dash=True), default="-")
@format_option
@click.option("--status", type=one_of(queries.STATUSES), default="any")
@click.option("--version", default="", help="guessed by this version, as v7")
@click.option("--label", type=one_of(ANSWERS), default=None, help="what the visitor said")
@click.option("--text", default="", help="how the name begins")
@click.option("--since", default="", help="first day, as 2026-01-31 (UTC)")
@click.option("--until", default="", help="last day")
@shows_errors
def export_answers(path: str, format: str | None, **asked: str) -> None:
    """Write answers to PATH, or to standard output."""
    wanted = review_filters.read_filter({name: value or "" for name, value in asked.items()})
    rows = import_export.rows(queries.every_answer(wanted))
    with click.open_file(path, "w", encoding="utf-8") as file:
        for line in LINES[_format(path, format)](import_export.COLUMNS, rows):
            file.write(line)


@commands.command("import")
@click.argument("path", type=click.Path(exists=True, dir_okay=False))
@format_option
@shows_errors
def import_answers(path: str, format: str | None) -> None:
    """Store the answers that `export` wrote to PATH: all of them are good, or none is stored."""
    kind = _format(path, format)
    # Read twice: a mistake in the last line must be found before the first answer is stored.
    n = import_export.check(_read(path, kind))
    rows = tqdm(_read(path, kind), total=n, unit=" answers", disable=not sys.stderr.isatty())
    new, old = import_export.store(rows)
    click.echo(f"{new:,} new, {old:,} here already.")


@commands.command("recount")
@click.option("--check", is_flag=True, help="change nothing; exit code 1 if a count is wrong")
@shows_errors
def recount(check: bool) -> None:
    """Compare what is counted with the answers themselves, and put it right."""
    wrong = feedback.recount(check)
    click.echo("\n".join(wrong) or "All counts are right.")
    if wrong and check:
        raise click.exceptions.Exit(1)
    if wrong:
        click.echo("They are right now.")


def _format(path: str, format: str | None) -> str:
    return format or ("jsonl" if Path(path).suffix in (".jsonl", ".ndjson") else "csv")


def _read(path: str, format: str) -> Iterator[dict[str, Any]]:
    with open(path, encoding="utf-8", newline="") as file:
        yield from import_export.read_rows(file, format)
