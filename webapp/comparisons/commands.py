"""flask versions compare: two versions, name by name."""

import click

from training.data.name_groups import GROUP_WORDS, HELD_OUT
from training.evaluation.comparison_types import Comparison
from webapp.comparisons import service as comparisons
from webapp.comparisons import worker
from webapp.models.enums import RunState
from webapp.presentation.terminal import shows_errors

BY = "command line"


@click.command("compare")
@click.argument("old")
@click.argument("new")
@click.option("--anew", is_flag=True, help="Compare again, on what is known now.")
@shows_errors
def compare(old: str, new: str, anew: bool) -> None:
    """Compare two versions name by name, here and now; what is kept is shown at once."""
    ids = [int(text.removeprefix("v")) if text.removeprefix("v").isdecimal() else 0 for text in (old, new)]
    comparison = comparisons.ask(ids, by=BY, anew=anew)
    if comparison.state == RunState.QUEUED and comparisons.claim(comparison.id):
        worker.JOBS.do(comparison.id)
    comparison = comparisons.find(comparison.id)
    if comparison.state != RunState.FINISHED:
        raise click.ClickException(comparison.error or "The worker compares them at this moment.")
    _print(comparisons.result(comparison), f"v{comparison.old_id}", f"v{comparison.new_id}")


def _print(found: Comparison, old: str, new: str) -> None:
    for group in HELD_OUT:
        pair = found.holdout.difference[group]
        if pair.champion is not None and pair.challenger is not None:
            right = f"{old} {pair.champion:.2%}, {new} {pair.challenger:.2%}"
            between = f"({pair.low * 100:+.2f} to {pair.high * 100:+.2f} points)"
            click.echo(f"{GROUP_WORDS[group].title}: {right} of {pair.n:,} {between}")
    for kind, flips in found.flips.items():
        click.echo(f"{len(flips):,} {kind}")
