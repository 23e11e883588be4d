"""The answers of the endpoint that speaks like genderize.io."""

import sqlite3
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass

from flask import current_app
from sqlalchemy import func, select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from training.names import Reading, split_country
from webapp.guessing import bulk, predictor, readings
from webapp.guessing.guess import Guess
from webapp.models import Feedback
from webapp.models.enums import Status
from webapp.records import corpus_file, lookup
from webapp.storage.database import reading

AWAY = (OperationalError, sqlite3.OperationalError)
"""What is raised while the database or the records are away."""

ACCEPTED_FOR = 10
"""Seconds that a process keeps the counts of accepted corrections: asking each time would double the cost."""


@dataclass(eq=False)
class Accepted:
    """How many visitors' corrections were accepted, by name: one object for as long as they are the same."""

    counts: dict[str, int]
    until: float
    """When to count anew, on the monotonic clock."""


def depend_on() -> tuple[object, ...]:
    """Return all that the answers follow from, besides the name."""
    return predictor.get().current(), _accepted(), corpus_file.key()


def find(typed: Sequence[str], country: str | None) -> list[dict[str, object]]:
    """Return the answer for each name, in order; names that cannot be read get no gender."""
    champion = predictor.get().current()
    read_with = readings.country_of(country or "")
    guesses = bulk.guess_many(champion, bulk.request_of(typed, country=read_with))
    counts = _counts({guess.name for guess in guesses if isinstance(guess, Guess)}, country or "")
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


def _counts(keys: set[str], country: str) -> dict[str, int]:
    """Return the bearers of each name, in a country if one is named, and its accepted corrections."""
    accepted = _accepted().counts
    if country:
        bare = {key: split_country(key)[1] for key in keys}
        counted = lookup.people_in(country, set(bare.values()))
        people = {key: counted.get(name, 0) for key, name in bare.items()}
    else:
        people = {key: known.people for key, known in lookup.known_many(keys).items()}
    return {key: people.get(key, 0) + accepted.get(key, 0) for key in keys}


def _accepted() -> Accepted:
    """Return how many visitors' corrections were accepted, by name, as of a few seconds ago.

    While the database is away or held, what was known before is true enough.
    """
    accepted: Accepted = current_app.extensions.setdefault("accepted", Accepted({}, 0.0))
    if accepted.until < time.monotonic():
        counts = accepted.counts
        with suppress(OperationalError), reading(waits=False) as session:
            counts = _count_accepted(session)
        if counts != accepted.counts:
            accepted = current_app.extensions["accepted"] = Accepted(counts, 0.0)
        # Also after a failure: a database that is held is not asked again by each request.
        accepted.until = time.monotonic() + ACCEPTED_FOR
    return accepted


def _count_accepted(session: Session) -> dict[str, int]:
    visitors = func.count(Feedback.visitor.distinct())
    accepted = select(Feedback.name, visitors).where(Feedback.status == Status.ACCEPTED)
    return {name: n for name, n in session.execute(accepted.group_by(Feedback.name))}
