"""flask runs: training runs."""

import json

import click
from flask.cli import AppGroup, with_appcontext

from training.fitting.presets import PRESETS, current_names
from training.model.settings import CELLS
from webapp.comparisons import worker as comparison_worker
from webapp.files import uploads
from webapp.live_training import worker as live_training_worker
from webapp.models.enums import RunKind
from webapp.presentation.terminal import one_of, shows_errors
from webapp.privacy import retention
from webapp.runs import plans
from webapp.runs import service as runs
from webapp.runs.worker import loop
from webapp.runs.worker.progress import RunProgress

BY = "command line"
commands = AppGroup("runs", help="Training runs: the worker does them, one at a time.")


@commands.command("start")
@click.option("--kind", type=one_of(RunKind), default=str(RunKind.FINE_TUNE), show_default=True)
@click.option("--preset", type=one_of(PRESETS), default="cpu", show_default=True)
@click.option("--device", type=one_of(plans.DEVICES), default="auto", show_default=True)
@click.option("--cell", type=one_of(CELLS), help="Another cell than the preset's.")
@click.option(
    "--set", "settings", multiple=True, metavar="NAME=VALUE", help="Another setting; may be repeated."
)
@click.option("--corpus", "corpora", multiple=True, help="A corpus that was added; may be repeated.")
@click.option(
    "--readers", is_flag=True, help="Teach the readers of scripts and countries, too (from scratch)."
)
@click.option("--promote", is_flag=True, help="Let it serve by itself if the gate passes it.")
@shows_errors
def start(
    kind: str,
    preset: str,
    device: str,
    cell: str | None,
    settings: tuple[str, ...],
    corpora: tuple[str, ...],
    readers: bool,
    promote: bool,
) -> None:
    """Queue a run."""
    form = {"kind": kind, "preset": preset, "device": device, "cell": cell or ""}
    # (name, "=", value): every second of the three. Names of older releases are taken too.
    more = current_names(setting.partition("=")[::2] for setting in settings)
    if unknown := sorted(set(more) - set(plans.ADVANCED)):
        raise click.ClickException(f"There is no setting {unknown[0]!r}: {', '.join(plans.ADVANCED)}.")
    form |= more | ({"promote": "1"} if promote else {}) | ({"readers": "1"} if readers else {})
    run = runs.start(plans.read_plan(form, corpora), by=BY)
    click.echo(f"Run {run.id} is queued. flask runs show {run.id} tells how it goes.")


@commands.command("list")
def list_all() -> None:
    """List the newest runs."""
    found = runs.history()
    if not found:
        click.echo("Nothing was retrained yet: flask runs start.")
    for run in found:
        click.echo(runs.summary(run))


@commands.command("show")
@click.argument("run_id", type=int)
@shows_errors
def show(run_id: int) -> None:
    """Show a run: its state, settings, progress and log."""
    run = runs.find_run(run_id)
    click.echo(runs.summary(run))
    click.echo(f"settings {json.dumps(run.settings)}")
    if run.request_id:
        click.echo(f"request  {run.request_id}")
    for line in RunProgress.from_json(run.progress).log:
        click.echo(f"{line.seconds:8.1f} s  {line.text}")
    for reason in runs.verdict(run).reasons if run.verdict else ():
        click.echo(f"{'passes ' if reason.passes else 'refused'}  {reason.sentence}")
    if run.error:
        click.echo(run.error)


@commands.command("cancel")
@click.argument("run_id", type=int)
@shows_errors
def cancel(run_id: int) -> None:
    """End a run that is queued or going."""
    runs.cancel(run_id, by=BY)
    click.echo(f"Run {run_id} ends.")


@click.command("worker")
@with_appcontext
@shows_errors
def worker() -> None:
    """Wait for training runs and do them, until SIGTERM or Ctrl-C."""
    # Handed in here, since runs know nothing of files: both stand on one floor, and this is a door.
    chores = [uploads.sweep, uploads.sweep_lost, retention.tick, comparison_worker.JOBS.tick]
    loop.work([*chores, live_training_worker.JOBS.tick])
