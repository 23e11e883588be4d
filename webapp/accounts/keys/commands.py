"""flask keys: keys to the API."""

import click
from flask.cli import AppGroup

from webapp.accounts.keys import service as api_keys
from webapp.accounts.keys.service import KeyState
from webapp.presentation.terminal import one_of, shows_errors

BY = api_keys.TERMINAL
commands = AppGroup("keys", help="Keys to the API.")


@commands.command("add")
@click.argument("title")
@click.option("--scope", "scopes", multiple=True, required=True, type=one_of(api_keys.SCOPES))
@click.option("--days", type=int, help="How long it lasts; without it, until it is revoked.")
@shows_errors
def add(title: str, scopes: tuple[str, ...], days: int | None) -> None:
    """Make a key and show it, this once."""
    made = api_keys.add(title, scopes, days, by=BY)
    # To standard error: what a script reads from standard output is the key alone.
    click.echo(f"Key {made.key.id}, {made.key.title}. It is shown this once:", err=True)
    click.echo(made.secret)


@commands.command("list")
def show() -> None:
    """List all keys, newest first."""
    for key in api_keys.everything():
        ends = f"until {key.expires_at:%Y-%m-%d}" if key.expires_at else "without end"
        state = api_keys.state(key)
        told = ends if state == KeyState.LIVE else str(state)
        click.echo(f"{key.id}  {key.title}  {','.join(key.scopes)}  {told}")


@commands.command("revoke")
@click.argument("key_id", type=int)
@shows_errors
def revoke(key_id: int) -> None:
    """End a key now, for good."""
    click.echo(f"{api_keys.revoke(key_id, by=BY).title} opens nothing any more.")
