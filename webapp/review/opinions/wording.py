"""What staff read of second opinions."""

from collections.abc import Iterable

from training.names import Label
from webapp.presentation.template_filters import percent
from webapp.presentation.wording import LABEL_WORDS
from webapp.review.opinions.queries import Agreement, Word

ENOUGH = 20
"""Corrections from which on a share says something, and chance can be told from agreement."""


def word(said: Word) -> str:
    """Return what a reviewer thinks: "would accept women, reject both"."""
    accepted, rejected = ("accept", "reject") if said.is_opinion else ("accepted", "rejected")
    sides = (accepted, said.accepts), (rejected, said.rejects)
    parts = [f"{verb} {_answers(answers)}" for verb, answers in sides if answers]
    return ("would " if said.is_opinion else "") + ", ".join(parts)


def agreement(found: Agreement) -> str:
    """Return how often two reviewers agree, in one or two sentences."""
    if not found.n:
        return "No two reviewers have looked at the same correction yet."
    if found.n == 1:
        return f"Two reviewers looked at one correction, and {'agree' if found.agreed else 'do not agree'}."
    agreed = f"agree on {_of(found)}"
    sentence = f"Two reviewers or more looked at {found.n:,} corrections, and {agreed} of them"
    if found.n < ENOUGH:
        return f"{sentence}."
    share, by_chance = percent(found.share, 0), percent(found.by_chance, 0)
    return f"{sentence} ({share}). By chance alone it would be about {by_chance}."


def _of(found: Agreement) -> str:
    return "all" if found.agreed == found.n else f"{found.agreed:,}" if found.agreed else "none"


def _answers(answers: Iterable[Label]) -> str:
    return " and ".join(LABEL_WORDS[answer] for answer in answers)
