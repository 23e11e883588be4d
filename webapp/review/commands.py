"""flask feedback accept and reject: decisions from the terminal."""

import click
from flask.cli import with_appcontext

from training.names import ANSWERS
from webapp.presentation.terminal import one_of, shows_errors
from webapp.review import queries, wording
from webapp.review import service as review

BY = "command line"


@click.command("accept")
@click.argument("names", nargs=-1, required=True)
@click.option("--answer", type=one_of(ANSWERS), default=None, help="decides one contested name")
@click.option("--reason", default="", help="what the visitors read")
@with_appcontext
@shows_errors
def accept(names: tuple[str, ...], answer: str | None, reason: str) -> None:
    """Accept what visitors say of NAMES. Contested names are left alone; say --answer for one at a time."""
    outcome = review.accept([queries.key_of(name) for name in names], by=BY, reason=reason, answer=answer)
    click.echo(wording.outcome(outcome))


@click.command("reject")
@click.argument("names", nargs=-1, required=True)
@click.option("--reason", default="", help="what the visitors read")
@with_appcontext
@shows_errors
def reject(names: tuple[str, ...], reason: str) -> None:
    """Reject what visitors say of NAMES and nobody has decided yet."""
    outcome = review.reject([queries.key_of(name) for name in names], by=BY, reason=reason)
    click.echo(wording.outcome(outcome))
