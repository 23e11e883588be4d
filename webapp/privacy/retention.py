"""KEEP_ANSWERS_DAYS: what visitors left is deleted when it is older than that."""

import logging
import time
from datetime import datetime, timedelta

from flask import current_app
from sqlalchemy import ColumnElement, func, select
from sqlalchemy.exc import SQLAlchemyError

from webapp.feedback import service as feedback
from webapp.game import service as game
from webapp.models import Feedback, Game, now
from webapp.storage.database import reading

log = logging.getLogger(__name__)
PAUSE = 3600  # seconds between two looks of the worker, once nothing is too old
_NEXT = "next_look_at_old_answers"


def cutoff(days: int | None) -> datetime | None:
    """Return the moment before which nothing is kept; None where everything is kept."""
    return None if days is None else now() - timedelta(days=days)


def tick() -> None:
    """Delete some of what is too old, if anything is: for the worker, at every tick.

    A few hundred answers at a time, so that visitors never wait long for the database.
    """
    before = cutoff(current_app.config["KEEP_ANSWERS_DAYS"])
    if before is None or time.monotonic() < current_app.extensions.get(_NEXT, 0.0):
        return
    try:
        gone = delete_some(before)
    except SQLAlchemyError:
        log.exception("could not delete what is older than KEEP_ANSWERS_DAYS")  # the next look may
        gone = 0
    if gone:
        log.info("deleted %s answers or games that were older than KEEP_ANSWERS_DAYS", gone)
    else:
        current_app.extensions[_NEXT] = time.monotonic() + PAUSE


def delete_old(days: int) -> int:
    """Delete all that is older than some days; return how many answers and games that were."""
    before, n = now() - timedelta(days=days), 0
    while gone := delete_some(before):
        n += gone
    return n


def delete_some(before: datetime) -> int:
    """Delete some of the answers and games from before a moment; return how many, 0 when none is left."""
    # Answers first; games once no answer is left. 0 ends the loop of the caller.
    return feedback.delete_some(*_old_answers(before)) or game.delete(*_old_games(before))


def count_old(days: int) -> int:
    """Return how many answers and games are older than some days."""
    before = now() - timedelta(days=days)
    with reading() as session:
        old_answers = select(func.count(Feedback.id)).where(*_old_answers(before))
        old_games = select(func.count(Game.id)).where(*_old_games(before))
        return (session.scalar(old_answers) or 0) + (session.scalar(old_games) or 0)


def _old_answers(before: datetime) -> tuple[ColumnElement[bool], ...]:
    # An answer's age is that of its last change; the first condition has an index.
    return Feedback.created_at < before, Feedback.updated_at < before


def _old_games(before: datetime) -> tuple[ColumnElement[bool], ...]:
    # An unfinished game is as old as its beginning.
    return (func.coalesce(Game.finished_at, Game.created_at) < before,)
