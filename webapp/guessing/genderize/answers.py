"""The answers of the endpoint that speaks like genderize.io."""

import sqlite3
import time
from collections.abc import Sequence
from contextlib import suppress

from flask import current_app
from sqlalchemy import func, select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from training.names import Reading
from webapp.guessing import bulk, predictor
from webapp.guessing.guess import Guess
from webapp.models import Feedback
from webapp.models.enums import Status
from webapp.records import lookup
from webapp.storage.database import reading

AWAY = (OperationalError, sqlite3.OperationalError)
"""What is raised while the database or the records are away."""

ACCEPTED_FOR = 10
"""Seconds that a process keeps the counts of accepted corrections: asking each time would double the cost."""


def find(typed: Sequence[str], country: str | None) -> list[dict[str, object]]:
    """Return the answer for each name, in order; names that cannot be read get no gender."""
    champion = predictor.get().current()
    guesses = bulk.guess_many(champion, bulk.request_of(typed))
    counts = _counts({guess.name for guess in guesses if isinstance(guess, Guess)})
    found = [_answer(name, guess, counts) for name, guess in zip(typed, guesses, strict=True)]
    return [answer | {"country_id": country} for answer in found] if country else found


def _answer(typed: str, guess: Guess | Reading, counts: dict[str, int]) -> dict[str, object]:
    if isinstance(guess, Reading):
        # As genderize.io answers to a name that it does not know.
        return {"name": typed, "gender": None, "probability": 0.0, "count": 0}
    return {
        "name": typed,
        "gender": guess.label,
        "probability": round(guess.certainty, 4),
        "count": counts.get(guess.name, 0),
    }


def _counts(names: set[str]) -> dict[str, int]:
    """Return the bearers in the corpus and the accepted corrections of each name, one a visitor."""
    accepted = _accepted()
    known = lookup.known_many(names)
    return {name: (known[name].people if name in known else 0) + accepted.get(name, 0) for name in names}


def _accepted() -> dict[str, int]:
    """Return how many visitors' corrections were accepted, by name, as of a few seconds ago.

    While the database is away or held, what was known before is true enough.
    """
    counts: dict[str, int]
    until, counts = current_app.extensions.get("accepted", (0.0, {}))
    if until < time.monotonic():
        with suppress(OperationalError), reading(waits=False) as session:
            counts = _count_accepted(session)
        # Also after a failure: a database that is held is not asked again by each request.
        current_app.extensions["accepted"] = time.monotonic() + ACCEPTED_FOR, counts
    return counts


def _count_accepted(session: Session) -> dict[str, int]:
    visitors = func.count(Feedback.visitor.distinct())
    accepted = select(Feedback.name, visitors).where(Feedback.status == Status.ACCEPTED)
    return {name: n for name, n in session.execute(accepted.group_by(Feedback.name))}
