"""flask backup, flask restore and flask doctor."""

import sys
from pathlib import Path

import click
from flask import current_app
from flask.cli import with_appcontext
from tqdm import tqdm

from webapp.config import ROOT
from webapp.errors import Conflict, Invalid
from webapp.maintenance import backup as backups
from webapp.maintenance import copy_to as copying
from webapp.maintenance import doctor as doctors
from webapp.maintenance import instance_lock
from webapp.presentation.terminal import shows_errors

POSTGRESQL = (
    "This site's database is PostgreSQL, which has tools of its own: pg_dump and pg_restore. docs/backup.md "
    "writes them out. Keep SECRET_KEY and the folder corpora beside the dump."
)


@click.command("backup")
@click.argument("path", type=click.Path(dir_okay=False, path_type=Path))
@with_appcontext
@shows_errors
def backup(path: Path) -> None:
    """Write the database, the secret key and brought corpora to the one file PATH, while the site runs."""
    _check_sqlite()
    with tqdm(unit=" pages", disable=not sys.stderr.isatty()) as bar:

        def show(left: int, total: int) -> None:
            bar.total = total
            bar.update(total - left - bar.n)  # tqdm takes steps, not places

        manifest = backups.take(_instance(), path, show)
    size = path.stat().st_size / 1e6
    click.echo(f"{path}: {size:,.1f} MB, {manifest.rows['feedback']:,} answers, read again and found whole.")


@click.command("restore")
@click.argument("path", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@with_appcontext
@shows_errors
def restore(path: Path) -> None:
    """Put the backup PATH in the place of what is in the instance folder. Stop the site first.

    What is there now is not deleted: it is moved into a folder beside it.
    """
    _check_sqlite()
    # A migration's file is called by its number: those that this release has are those it can go on from.
    known = {file.name.partition("_")[0] for file in (ROOT / "migrations" / "versions").glob("[0-9]*.py")}
    with instance_lock.alone(_instance()):
        manifest, aside = backups.restore(_instance(), path, known)
    click.echo(f"Restored what was taken at {manifest.taken_at}: {manifest.rows['feedback']:,} answers.")
    if aside:
        click.echo(f"What was there before is in {aside}.")
    click.echo("Run flask setup (make run does it) to bring the database up to this release.")


@click.command("copy-to")
@click.argument("database_url")
@with_appcontext
@shows_errors
def copy_to(database_url: str) -> None:
    """Copy the whole database to the empty PostgreSQL at DATABASE_URL. Stop the site first.

    Broken off, it goes on where it stood. At the end every row is compared with its copy.
    """
    if not database_url.startswith(("postgres://", "postgresql://")):
        raise Invalid("DATABASE_URL begins with postgresql://.")
    with (
        instance_lock.alone(_instance()),
        tqdm(unit=" rows", disable=not sys.stderr.isatty(), leave=False) as bar,
    ):

        def show(what: str, done: int, total: int) -> None:
            bar.set_description(what)
            bar.total, bar.n = total, done
            bar.refresh()

        n = copying.copy(database_url, show)
    click.echo(f"{n:,} rows were copied, and each was compared with its copy.")
    click.echo("Now set DATABASE_URL, FILES_URL, and SECRET_KEY to what the file secret_key holds.")


@click.command("doctor")
@click.option("--repair", is_flag=True, help="Put back what can be put back.")
@with_appcontext
@shows_errors
def doctor(repair: bool) -> None:
    """Look whether all is well; exit code 1 if something is not."""
    if repair:
        for sentence in doctors.repair():
            click.echo(sentence)
    findings = list(doctors.examine())
    for finding in findings:
        click.echo(f"{'ok' if finding.is_well else 'WRONG':6} {finding.subject:16} {finding.sentence}")
    if not all(finding.is_well for finding in findings):
        raise click.exceptions.Exit(1)


def _check_sqlite() -> None:
    if current_app.config["DATABASE_URL"]:
        raise Conflict(POSTGRESQL)


def _instance() -> Path:
    return Path(current_app.config["INSTANCE"]).resolve()
