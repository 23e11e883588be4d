"""flask setup: all that a site needs before its first visitor. Doing it again changes nothing."""

import subprocess
import sys
from pathlib import Path

import click
import flask_migrate
from flask import current_app
from flask.cli import with_appcontext

from training.job_folder import LESSONS
from training.model.artifact import SHIPPED
from webapp.accounts import service as accounts
from webapp.config import ROOT
from webapp.feedback import service as feedback
from webapp.models.enums import RoleName
from webapp.presentation.terminal import shows_errors
from webapp.records import custom_corpora
from webapp.storage import revision
from webapp.versions import repair
from webapp.versions import service as versions

FIRST_ADMIN = "admin@localhost"


@click.command("setup")
@with_appcontext
@shows_errors
def commands() -> None:
    """Write the corpus, apply the migrations, let the shipped network serve, make the first admin."""
    write_corpus(Path(current_app.config["INSTANCE"]) / "corpus.db")
    # Several machines may be set up at once: the first does it, the others find it done.
    with revision.changing_alone():
        _prepare()


def _prepare() -> None:
    # Before anything that asks the database; it does nothing where it is up to date.
    before = revision.of_schema()
    flask_migrate.upgrade()
    if before not in (None, revision.of_schema()):
        feedback.recount(check=False)  # a migration may have moved answers from one name to another
    custom_corpora.adopt(by="nomen")
    if first := versions.ensure_first(SHIPPED.read_bytes()):
        click.echo(f"The network that comes with Nomen serves as {first.label}.")
    if trouble := repair.trouble_of_serving():
        click.echo(f"Something is wrong: {trouble}", err=True)
        click.echo("The site starts with another version. flask doctor says more.", err=True)
    if not accounts.has_admin():
        # Nobody else has seen this password.
        tell_first_admin(accounts.add(FIRST_ADMIN, RoleName.ADMIN, by="nomen", must_change=False))


def write_corpus(path: Path) -> None:
    """Write what the records know, and the lessons that runs want beside them, unless that is done."""
    if path.exists():
        return
    click.echo("Writing what the records know of half a million names …")
    files = "--write", str(path), "--lessons", str(path.with_name(LESSONS))
    # A process of its own: reading the package costs hundreds of MB, which this one would keep.
    done = subprocess.run([sys.executable, "-m", "training", "corpus", *files], cwd=ROOT)
    if done.returncode:
        raise click.ClickException(f"{path} could not be written.")


def tell_first_admin(credentials: accounts.Credentials) -> None:
    """Print the only account there is."""
    click.echo("")
    click.echo("The first admin, to log in at /login. This password is shown once:")
    click.echo(f"    {credentials.email}   {credentials.password}")
    click.echo("")
