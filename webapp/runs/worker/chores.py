"""What the worker does at every tick. None of it ends the worker: a run may be going on."""

import logging
import sqlite3
from collections.abc import Callable, Sequence

from sqlalchemy.exc import SQLAlchemyError

log = logging.getLogger(__name__)
Chore = Callable[[], None]
OUTSIDE = (OSError, sqlite3.Error, SQLAlchemyError)
"""Errors of the disk and of databases, which are full, locked or away."""


class Chores:
    """Things that are done again and again; one that fails is tried again the next time."""

    def __init__(self, chores: Sequence[Chore]) -> None:
        self._chores = chores
        self._failing: set[Chore] = set()

    def do(self) -> None:
        """Do each once; raise nothing, whatever is full, locked or away."""
        for chore in self._chores:
            self._do(chore)

    def _do(self, chore: Chore) -> None:
        try:
            chore()
        except Exception as error:
            # Told once and not every second: a database may be away for an hour.
            if chore not in self._failing:
                is_outside = isinstance(error, OUTSIDE)  # where it failed in our code tells nothing then
                sentence = "%s failed (%s); it is tried again every second"
                log.error(sentence, _name(chore), error, exc_info=not is_outside)
            self._failing.add(chore)
        else:
            if chore in self._failing:
                log.warning("%s works again", _name(chore))
            self._failing.discard(chore)


def _name(chore: Chore) -> str:
    return f"{chore.__module__}.{getattr(chore, '__qualname__', chore)}"
