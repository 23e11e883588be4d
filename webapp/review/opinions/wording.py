"""What staff read of second opinions."""

from collections.abc import Iterable

from training.names import Label
from webapp.languages import numbers
from webapp.languages.texts import gettext
from webapp.presentation.template_filters import percent
from webapp.presentation.wording import LABEL_WORDS
from webapp.review.opinions.queries import Agreement, Word

ENOUGH = 20
"""Corrections from which on a share says something, and chance can be told from agreement."""


def word(said: Word) -> str:
    """Return what a reviewer thinks: "would accept women, reject both"."""
    told = {"accepts": _answers(said.accepts), "rejects": _answers(said.rejects)}
    if said.accepts and said.rejects:
        if said.is_opinion:
            return gettext("would accept %(accepts)s, reject %(rejects)s", **told)
        return gettext("accepted %(accepts)s, rejected %(rejects)s", **told)
    if said.accepts:
        if said.is_opinion:
            return gettext("would accept %(answers)s", answers=told["accepts"])
        return gettext("accepted %(answers)s", answers=told["accepts"])
    if said.is_opinion:
        return gettext("would reject %(answers)s", answers=told["rejects"])
    return gettext("rejected %(answers)s", answers=told["rejects"])


def agreement(found: Agreement) -> str:
    """Return how often two reviewers agree, in one or two sentences."""
    if not found.n:
        return gettext("No two reviewers have looked at the same correction yet.")
    if found.n == 1:
        if found.agreed:
            return gettext("Two reviewers looked at one correction, and agree.")
        return gettext("Two reviewers looked at one correction, and do not agree.")
    if found.n < ENOUGH:
        return f"{_agreed(found)}."
    share, by_chance = percent(found.share, 0), percent(found.by_chance, 0)
    chance = gettext("By chance alone it would be about %(share)s.", share=by_chance)
    return f"{_agreed(found)} ({share}). {chance}"


def _agreed(found: Agreement) -> str:
    n = numbers.count(found.n)
    if found.agreed == found.n:
        return gettext("Two reviewers or more looked at %(n)s corrections, and agree on all of them", n=n)
    if not found.agreed:
        return gettext("Two reviewers or more looked at %(n)s corrections, and agree on none of them", n=n)
    agreed = numbers.count(found.agreed)
    return gettext(
        "Two reviewers or more looked at %(n)s corrections, and agree on %(agreed)s of them",
        n=n,
        agreed=agreed,
    )


def _answers(answers: Iterable[Label]) -> str:
    return numbers.join([LABEL_WORDS[answer] for answer in answers])
