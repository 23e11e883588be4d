"""flask users: who may log in."""

import click
from flask.cli import AppGroup

from webapp.accounts import service as accounts
from webapp.accounts import wording
from webapp.accounts.keys import service as api_keys
from webapp.accounts.second_factor import service as second_factor
from webapp.models.enums import RoleName
from webapp.presentation.terminal import one_of, shows_errors
from webapp.runs import service as runs

BY = api_keys.TERMINAL
commands = AppGroup("users", help="Who may log in.")
role_option = click.option("--role", type=one_of(accounts.ROLES), default=str(RoleName.REVIEWER))


@commands.command("add")
@click.argument("email")
@role_option
@shows_errors
def add(email: str, role: str) -> None:
    """Add a user with a random password, which must be changed at the first log-in."""
    _tell(accounts.add(email, role, by=BY))


@commands.command("reset")
@click.argument("email")
@shows_errors
def reset(email: str) -> None:
    """Give a user a new random password and end their log-ins."""
    _tell(accounts.reset(email, by=BY))


@commands.command("disable")
@click.argument("email")
@shows_errors
def disable(email: str) -> None:
    """Keep a user out, at once."""
    changed = accounts.disable(email, by=BY)
    click.echo(wording.disabled(changed, runs.cancel_without_rights(by=BY)))


@commands.command("enable")
@click.argument("email")
@shows_errors
def enable(email: str) -> None:
    """Let a disabled user in again."""
    click.echo(wording.enabled(accounts.enable(email, by=BY).email))


@commands.command("role")
@click.argument("email")
@click.argument("role", type=one_of(accounts.ROLES))
@shows_errors
def role(email: str, role: str) -> None:
    """Make a user an admin or a reviewer."""
    changed = accounts.set_role(email, role, by=BY)
    click.echo(wording.changed(changed, role, runs.cancel_without_rights(by=BY)))


@commands.command("remove-factor")
@click.argument("email")
@shows_errors
def remove_factor(email: str) -> None:
    """Take somebody's second factor away, who lost their phone."""
    click.echo(wording.factor_removed(second_factor.remove(email, by=BY).email))


@commands.command("list")
def list_all() -> None:
    """List all users."""
    for user in accounts.everybody():
        state = "" if user.active else "  disabled"
        click.echo(f"{user.email:40} {', '.join(role.name for role in user.roles)}{state}")


@commands.command("roles")
def roles() -> None:
    """Say what each role may do."""
    for name, meaning in accounts.ROLES.items():
        click.echo(f"{name:10} {meaning}")


def _tell(credentials: accounts.Credentials) -> None:
    click.echo(f"E-mail:   {credentials.email}")
    click.echo(f"Password: {credentials.password}   (shown once)")
