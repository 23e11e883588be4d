"""flask worker: does the training runs that are queued."""

import click
from flask.cli import with_appcontext

from webapp import jobs
from webapp.commands import told


@click.command("worker")
@with_appcontext
@told
def commands() -> None:
    """Wait for training runs and do them, until SIGTERM or Ctrl-C."""
    jobs.work()
