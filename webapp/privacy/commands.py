"""flask feedback expire: what is older than some days goes."""

import click
from flask import current_app
from flask.cli import with_appcontext

from webapp.presentation.terminal import shows_errors
from webapp.privacy import retention


@click.command("expire")
@click.option("--days", type=click.IntRange(1, 36_500), help="older than this; else KEEP_ANSWERS_DAYS")
@click.option("--dry-run", is_flag=True, help="count, and delete nothing")
@with_appcontext
@shows_errors
def expire(days: int | None, dry_run: bool) -> None:
    """Delete visitors' answers and games that are older than KEEP_ANSWERS_DAYS."""
    days = days or current_app.config["KEEP_ANSWERS_DAYS"]
    if days is None:
        raise click.ClickException("Everything is kept: set KEEP_ANSWERS_DAYS, or give --days.")
    if dry_run:
        click.echo(f"{retention.count_old(days):,} answers and games are older than {days:,} days.")
    else:
        click.echo(f"{retention.delete_old(days):,} answers and games deleted: older than {days:,} days.")
