"""flask feedback: answers from the terminal."""

import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import click
from flask.cli import AppGroup
from sqlalchemy.orm import Session
from tqdm import tqdm

from training.names import normalise
from webapp.feedback import import_export, name_tallies, review_cases, tallies
from webapp.feedback import service as feedback
from webapp.presentation import tabular, wording
from webapp.presentation.terminal import shows_errors
from webapp.review import filters as review_filters
from webapp.review import queries
from webapp.review import service as review
from webapp.storage import revision
from webapp.storage.database import writing

BY = "command line"
COUNTED: dict[str, Callable[[Session, bool], Iterable[Any]]] = {
    "the scoreboard's tally": lambda session, check: (tallies.compare if check else tallies.recount)(session),
    "the names that wait": lambda session, check: (
        review_cases.compare if check else review_cases.recount_all
    )(session),
    "the answers of names": lambda session, check: (name_tallies.compare if check else name_tallies.recount)(
        session
    ),
}
LINES = {"csv": tabular.csv_lines, "jsonl": tabular.json_lines}
commands = AppGroup("feedback", help="What visitors answered.")
format_option = click.option(
    "--format", type=click.Choice(list(LINES)), default=None, help="else by the ending"
)


@commands.command("export")
@click.argument("path", type=click.Path(dir_okay=False, allow_dash=True), default="-")
@format_option
@click.option("--status", type=click.Choice(queries.STATUSES), default="any")
@click.option("--version", default="", help="guessed by this version, as v7")
@click.option("--label", type=click.Choice(feedback.ANSWERS), default=None, help="what the visitor said")
@click.option("--text", default="", help="how the name begins")
@click.option("--since", default="", help="first day, as 2026-01-31 (UTC)")
@click.option("--until", default="", help="last day")
@shows_errors
def export_answers(path: str, format: str | None, **asked: str) -> None:
    """Write answers to PATH, or to standard output."""
    wanted = review_filters.read({name: value or "" for name, value in asked.items()})
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
    n = import_export.check(_read(path, kind))
    rows = tqdm(_read(path, kind), total=n, unit=" answers", disable=not sys.stderr.isatty())
    new, old = import_export.store(rows)
    click.echo(f"{new:,} new, {old:,} here already.")


@commands.command("accept")
@click.argument("names", nargs=-1, required=True)
@click.option(
    "--answer", type=click.Choice(feedback.ANSWERS), default=None, help="decides one contested name"
)
@click.option("--reason", default="", help="what the visitors read")
@shows_errors
def accept(names: tuple[str, ...], answer: str | None, reason: str) -> None:
    """Accept what visitors say of NAMES. Contested names are left alone; say --answer for one at a time."""
    outcome = review.accept([normalise(name) for name in names], by=BY, reason=reason, answer=answer)
    click.echo(wording.outcome(outcome))


@commands.command("reject")
@click.argument("names", nargs=-1, required=True)
@click.option("--reason", default="", help="what the visitors read")
@shows_errors
def reject(names: tuple[str, ...], reason: str) -> None:
    """Reject what visitors say of NAMES and nobody has decided yet."""
    outcome = review.reject([normalise(name) for name in names], by=BY, reason=reason)
    click.echo(wording.outcome(outcome))


@commands.command("recount")
@click.option("--check", is_flag=True, help="change nothing; exit code 1 if a count is wrong")
@shows_errors
def recount(check: bool) -> None:
    """Compare what is counted with the answers themselves, and put it right."""
    with writing() as session:
        wrong = [f"{what}: {found}" for what, counted in COUNTED.items() for found in counted(session, check)]
        revision.bump()
    click.echo("\n".join(wrong) or "All counts are right.")
    if wrong and check:
        raise click.exceptions.Exit(1)
    if wrong:
        click.echo("They are right now.")


def _format(path: str, format: str | None) -> str:
    return format or ("jsonl" if Path(path).suffix in (".jsonl", ".ndjson") else "csv")


def _read(path: str, format: str) -> Iterator[dict[str, Any]]:
    with open(path, encoding="utf-8", newline="") as file:
        yield from import_export.read(file, format)
