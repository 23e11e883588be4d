"""flask versions: trained networks."""

from pathlib import Path

import click
from flask import render_template
from flask.cli import AppGroup

from training.data.name_groups import Group
from webapp.errors import Conflict
from webapp.presentation.terminal import shows_errors
from webapp.versions import model_card, upload_check
from webapp.versions import service as versions
from webapp.versions.keeping import service as keeping

BY = "command line"
commands = AppGroup(
    "versions", help="Trained networks: list, promote, roll back, name, archive, import, export."
)
reason_option = click.option("--reason", default="", help="Why; needed where the gate refused the version.")


class VersionNumber(click.ParamType[int]):
    """A version as people write it: v2 or 2."""

    name = "version"

    def convert(self, value: str | int, param: click.Parameter | None, context: click.Context | None) -> int:
        digits = str(value).removeprefix("v")
        return (
            int(digits) if digits.isdecimal() else self.fail(f"{value!r} is no version: v2", param, context)
        )


version_argument = click.argument("version_id", metavar="VERSION", type=VersionNumber())


@commands.command("list")
def list_all() -> None:
    """List all versions, newest first; the one that serves has a star."""
    for row in versions.listing():
        version = row.version
        scores = row.summary.holdout.get(Group.HUNDRED)
        right = "    –" if scores is None or scores.accuracy is None else f"{scores.accuracy:.3f}"
        star = "*" if row.is_serving else " "
        click.echo(
            f"{star} {version.label:5} {version.made_at:%Y-%m-%d %H:%M} {right} {version.origin:8}"
            f" {version.created_by}  {'  '.join(filter(None, (version.name, version.note)))}"
            f"{'  (archived)' if version.archived_at else ''}"
        )


@commands.command("show")
@version_argument
@shows_errors
def show(version_id: int) -> None:
    """Show the card of a version, as Markdown."""
    version = versions.with_card(version_id)
    click.echo(render_template("versions/card.md", card=model_card.page_of(version), version=version))


@commands.command("promote")
@version_argument
@reason_option
@shows_errors
def promote(version_id: int, reason: str) -> None:
    """Let a version serve from now on."""
    click.echo(f"{versions.promote(version_id, by=BY, reason=reason).version.label} serves.")


@commands.command("rollback")
@reason_option
@shows_errors
def rollback(reason: str) -> None:
    """Let the version serve that served before."""
    before = versions.previous()
    if before is None:
        raise Conflict("No other version has served before.")
    click.echo(f"{versions.promote(before.id, by=BY, reason=reason).version.label} serves again.")


@commands.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--note", default="", help="What it is.")
@shows_errors
def import_one(file: Path, note: str) -> None:
    """Take in an artifact, strictly checked; it serves once it is promoted."""
    version = upload_check.bring(file.read_bytes(), by=BY, note=note)
    click.echo(f"It is {version.label} now.")


@commands.command("export")
@version_argument
@click.argument("file", type=click.Path(dir_okay=False, writable=True, path_type=Path))
@shows_errors
def export(version_id: int, file: Path) -> None:
    """Write the artifact of a version to FILE."""
    file.write_bytes(versions.data(version_id))
    click.echo(f"{file} holds v{version_id}.")


@commands.command("describe")
@version_argument
@click.option("--name", help="What it is called besides its number; empty for nothing.")
@click.option("--note", help="What is to be remembered of it; empty for nothing.")
@shows_errors
def describe(version_id: int, name: str | None, note: str | None) -> None:
    """Give a version a name and a note; what is not given stays."""
    version = versions.find_version(version_id)
    given = version.name if name is None else name, version.note if note is None else note
    click.echo(f"{keeping.describe(version_id, *given, by=BY).title} it is.")


@commands.command("archive")
@version_argument
@shows_errors
def archive(version_id: int) -> None:
    """Put a version away: lists leave it out, and it cannot serve."""
    click.echo(f"{keeping.archive(version_id, by=BY).label} is archived.")


@commands.command("restore")
@version_argument
@shows_errors
def restore(version_id: int) -> None:
    """Bring a version back from the archive."""
    click.echo(f"{keeping.restore(version_id, by=BY).label} is back.")


@commands.command("delete")
@version_argument
@shows_errors
def delete(version_id: int) -> None:
    """Delete a version that nothing needs."""
    keeping.remove(version_id, by=BY)
    click.echo(f"v{version_id} is deleted.")
