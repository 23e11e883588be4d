"""flask worker: does the training runs that are queued."""

import click
from flask.cli import with_appcontext

from webapp.presentation.terminal import shows_errors
from webapp.runs import queue


@click.command("worker")
@with_appcontext
@shows_errors
def commands() -> None:
    """Wait for training runs and do them, until SIGTERM or Ctrl-C."""
    queue.work()
