"""The answers of the endpoint that speaks like genderize.io."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import func, select

from training.names import UnreadableName
from webapp import bulk, lookup, predictor
from webapp.extensions import db
from webapp.models import Feedback
from webapp.predictor import Champion, Guess

FEW = 4
"""Up to so many names are guessed one by one: those that were asked for lately are remembered."""


def answers(typed: Sequence[str], country: str | None) -> list[dict[str, Any]]:
    """Return the answer for each name, in order; names that cannot be read get no gender."""
    champion = predictor.get().current()
    guesses = _few(champion, typed) if len(typed) <= FEW else bulk.guess_many(champion, typed)
    counts = _counts({guess.name for guess in guesses if isinstance(guess, Guess)})
    found = [_answer(name, guess, counts) for name, guess in zip(typed, guesses, strict=True)]
    return [answer | {"country_id": country} for answer in found] if country else found


def _few(champion: Champion, typed: Sequence[str]) -> list[Guess | UnreadableName]:
    found: list[Guess | UnreadableName] = []
    for name in typed:
        try:
            found.append(champion.guess(name))
        except UnreadableName as error:
            found.append(error)
    return found


def _answer(typed: str, guess: Guess | UnreadableName, counts: dict[str, int]) -> dict[str, Any]:
    if isinstance(guess, UnreadableName):
        return {"name": typed, "gender": None, "probability": 0.0, "count": 0}
    return {
        "name": typed,
        "gender": guess.label,
        "probability": round(guess.certainty, 4),
        "count": counts.get(guess.name, 0),
    }


def _counts(names: set[str]) -> dict[str, int]:
    """Return the bearers in the corpus and the accepted corrections of each name, one a visitor."""
    visitors = func.count(Feedback.visitor.distinct())
    accepted = select(Feedback.name, visitors).where(Feedback.name.in_(names), Feedback.status == "accepted")
    counts = {name: known.people for name, known in lookup.known_many(names).items()}
    for name, n in db.session.execute(accepted.group_by(Feedback.name)) if names else ():
        counts[name] = counts.get(name, 0) + n
    return counts
