"""What a visitor is told of their answer, on pages and in JSON."""

from training.names import is_learnable
from webapp.feedback.news import News
from webapp.models import Feedback
from webapp.models.enums import Status
from webapp.presentation.wording import GIVEN, listed_names
from webapp.versions.receipts import NEWS, Receipt

STATUS_WORDS = {
    Status.RIGHT: "counted as right",
    Status.PENDING: "waits for review",
    Status.ACCEPTED: "accepted, not learned yet",
    Status.REJECTED: "declined",
}
"""How far an answer is, as its visitor is told."""


def thanks(row: Feedback) -> str:
    """Return what was understood."""
    if row.status == Status.RIGHT:
        return "Thank you. Good to know that it was right."
    return f"Thank you. You say this name is {GIVEN[row.answer]}."


WAITS_FOR_LETTERS = "It is learned when a network reads the letters of this name."


def prospect(row: Feedback) -> str:
    """Return what will happen to an answer now."""
    if row.status == Status.RIGHT:
        return "Your answer counts on the scoreboard from this moment."
    if row.status == Status.PENDING and not is_learnable(row.name):
        return "It counts on the scoreboard from this moment. A reviewer reads it next. " + WAITS_FOR_LETTERS
    if row.status == Status.PENDING:
        return (
            "It counts on the scoreboard from this moment. A reviewer reads it next; "
            "if they agree, the next network learns it."
        )
    return f"{status(row)[0].upper()}{status(row)[1:]}."


def status(row: Feedback, receipt: Receipt | None = None) -> str:
    """Return how far an answer has come; `receipt` is what became of its name in the network that serves."""
    if row.learned_id and row.status == Status.ACCEPTED:
        return receipt.status if receipt else f"counted in v{row.learned_id}"
    return STATUS_WORDS[row.status]


def news_in_words(news: News) -> list[str]:
    """Return the beginnings of sentences on what networks made of a visitor's corrections."""
    return [NEWS[outcome].format(names=listed_names(sorted(names))) for outcome, names in news.taught.items()]
