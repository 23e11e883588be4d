"""What a visitor is told of their answer, on pages and in JSON."""

from collections.abc import Mapping

from training.names import is_learnable
from webapp.feedback.news import News
from webapp.feedback.service import visitor_mark
from webapp.languages.texts import gettext
from webapp.languages.words import N_, Words
from webapp.models import Feedback
from webapp.models.enums import Status
from webapp.presentation.wording import GIVEN, listed_names
from webapp.versions.receipts import NEWS, Receipt

STATUS_WORDS: Mapping[Status, str] = Words(
    {
        Status.RIGHT: N_("counted as right"),
        Status.PENDING: N_("waits for review"),
        Status.ACCEPTED: N_("accepted, not learned yet"),
        Status.REJECTED: N_("declined"),
    }
)
"""How far an answer is, as its visitor is told."""


def thanks(row: Feedback) -> str:
    """Return what was understood."""
    if row.status == Status.RIGHT:
        return gettext("Thank you. Good to know that it was right.")
    return gettext("Thank you. You say this name is %(given)s.", given=GIVEN[row.answer])


def waits_for_letters() -> str:
    """Return when a name is learned whose letters no network reads yet."""
    return gettext("It is learned when a network reads the letters of this name.")


def prospect(row: Feedback) -> str:
    """Return what will happen to an answer now."""
    if row.status == Status.RIGHT:
        return gettext("Your answer counts on the scoreboard from this moment.")
    if row.status == Status.PENDING and not is_learnable(row.name):
        now = gettext("It counts on the scoreboard from this moment. A reviewer reads it next.")
        return f"{now} {waits_for_letters()}"
    if row.status == Status.PENDING:
        return gettext(
            "It counts on the scoreboard from this moment. A reviewer reads it next; "
            "if they agree, the next network learns it."
        )
    return f"{status(row)[0].upper()}{status(row)[1:]}."


def visitor(id: str) -> str:
    """Return what staff call a visitor."""
    return gettext("visitor %(mark)s", mark=visitor_mark(id))


def status(row: Feedback, receipt: Receipt | None = None) -> str:
    """Return how far an answer has come; `receipt` is what became of its name in the network that serves."""
    if row.learned_id and row.status == Status.ACCEPTED:
        return receipt.status if receipt else gettext("counted in v%(version)s", version=row.learned_id)
    return STATUS_WORDS[row.status]


def news_in_words(news: News) -> list[str]:
    """Return sentences on what networks made of a visitor's corrections."""
    return [NEWS[outcome] % {"names": listed_names(sorted(names))} for outcome, names in news.taught.items()]
