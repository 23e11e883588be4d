"""What reviewers are told of their decisions."""

from webapp.presentation.wording import listed_names
from webapp.review.service import Outcome


def outcome(done: Outcome) -> str:
    """Return what a decision did, in one or two sentences."""
    if done.n:
        answers = "answer" if done.n == 1 else "answers"
        sentence = f"Decided: {listed_names(done.names)} ({done.n:,} {answers})."
    else:
        sentence = "Nothing was decided."
    if done.contested:
        are = "is" if len(done.contested) == 1 else "are"
        sentence += f" {listed_names(done.contested)} {are} contested: decide one by one."
    return sentence
