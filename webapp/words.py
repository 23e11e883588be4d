"""What the site says of an answer, in words that pages and JSON share."""

from webapp.models import Feedback

GIVEN = {"female": "mostly given to women", "male": "mostly given to men", "both": "given to both"}
VOTERS = {"female": "women", "male": "men", "both": "both"}


def thanks(row: Feedback) -> str:
    """Return what was understood."""
    if row.status == "right":
        return "Thank you. Good to know that it was right."
    return f"Thank you. You say this name is {GIVEN[row.answer]}."


def prospect(row: Feedback) -> str:
    """Return what will happen to an answer now."""
    if row.status == "right":
        return "Your answer counts on the scoreboard from this moment."
    if row.status == "pending":
        return (
            "It counts on the scoreboard from this moment. A reviewer reads it next; "
            "if they agree, the next network learns it."
        )
    return f"{status(row)[0].upper()}{status(row)[1:]}."


def status(row: Feedback) -> str:
    """Return how far an answer has come, as it stands in a list."""
    if row.learned_id and row.status == "accepted":
        return f"learned in v{row.learned_id}"
    return {
        "right": "counted as right",
        "pending": "waits for review",
        "accepted": "accepted, not learned yet",
        "rejected": "declined",
    }[row.status]
