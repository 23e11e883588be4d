"""What reviewers are told of their decisions."""

from collections.abc import Sequence

from webapp.languages.texts import gettext, ngettext
from webapp.languages.words import counted
from webapp.presentation.wording import listed_names
from webapp.review.service import Outcome


def outcome(done: Outcome) -> str:
    """Return what a decision did, in one or two sentences."""
    if done.n:
        sentence = gettext(
            "Decided: %(names)s (%(answers)s).",
            names=listed_names(done.names),
            answers=counted(done.n, "answer"),
        )
    else:
        sentence = gettext("Nothing was decided.")
    if done.contested:
        contested = ngettext(
            "%(names)s is contested: decide one by one.",
            "%(names)s are contested: decide one by one.",
            len(done.contested),
            names=listed_names(done.contested),
        )
        return f"{sentence} {contested}"
    return sentence


def reopened(names: Sequence[str]) -> str:
    """Return that a decision on names was undone."""
    return ngettext(
        "Undone: %(names)s waits for review again.",
        "Undone: %(names)s wait for review again.",
        len(names),
        names=listed_names(names),
    )
