"""What all `flask` commands share: how one tells what went wrong."""

from collections.abc import Callable, Iterable
from functools import wraps
from typing import ParamSpec, TypeVar

import click

from training.names import COUNTRIES, Country, UnreadableName
from webapp.errors import NomenError

P = ParamSpec("P")
R = TypeVar("R")


def one_of(words: Iterable[str]) -> click.Choice[str]:
    """Return a choice among words; click would offer an enumeration's by their names in the code."""
    return click.Choice([str(word) for word in words])


def country(text: str) -> Country | None:
    """Return the country of a code; None for one that makes no difference to a name."""
    if not (len(text) == 2 and text.isascii() and text.isalpha()):
        raise click.BadParameter("A country is a code of two letters, as in IT.")
    return COUNTRIES.get(text.upper())


def shows_errors(command: Callable[P, R]) -> Callable[P, R]:
    """Let a command end with the sentence of what went wrong, and exit code 1."""

    @wraps(command)
    def wrapped(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return command(*args, **kwargs)
        # Only what the site itself refuses; anything else keeps its traceback, for it is a fault.
        except (NomenError, UnreadableName) as error:
            raise click.ClickException(str(error)) from error

    return wrapped
