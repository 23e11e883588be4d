"""What the site says of an answer, in words that pages and JSON share."""

from collections.abc import Sequence

from webapp.feedback import service as feedback
from webapp.guessing.predictor import Guess
from webapp.models import Feedback
from webapp.review.service import Outcome

GIVEN = {"female": "mostly given to women", "male": "mostly given to men", "both": "given to both"}
NAMED = 5  # names that a sentence lists before it counts the rest
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


def status(row: Feedback, guess: Guess | None = None) -> str:
    """Return how far an answer has come; `guess` is what the network says of the name by now."""
    if row.learned_id and row.status == "accepted":
        agrees = guess is None or feedback.agrees(guess, row.answer)
        return f"{'learned' if agrees else 'counted'} in v{row.learned_id}"
    return {
        "right": "counted as right",
        "pending": "waits for review",
        "accepted": "accepted, not learned yet",
        "rejected": "declined",
    }[row.status]


def names(listed: Sequence[str]) -> str:
    """Return normalised names as a sentence lists them, the first few in full."""
    shown = [name.title() for name in listed[:NAMED]]
    if len(listed) > NAMED:
        shown.append(f"{len(listed) - NAMED:,} more")
    return " and ".join(filter(None, (", ".join(shown[:-1]), *shown[-1:])))


def weighed(names: int, halved: int, outweighed: int) -> str:
    """Return what becomes of so many corrected names, those that end at one half or stay told apart."""
    learned = names - halved - outweighed
    if learned == names:
        return f"{'It is' if names == 1 else 'All are'} to be learned as visitors say."
    if names == 1:
        return (
            "It ends at one half: the records weigh as much."
            if halved
            else "It stays as the records have it."
        )
    said = [f"{learned:,} of {names:,} {'is' if learned == 1 else 'are'} to be learned as visitors say."]
    if halved:
        said.append(f"{halved:,} {_ends(halved)} at one half: the records weigh as much.")
    if outweighed:
        said.append(f"{outweighed:,} {'stays' if outweighed == 1 else 'stay'} as the records have it.")
    return " ".join(said)


def _ends(n: int) -> str:
    return "ends" if n == 1 else "end"


def waits(n: int) -> str:
    """Return the verb for `n` names."""
    return "waits" if n == 1 else "wait"


def outcome(done: Outcome) -> str:
    """Return what a decision did, in one or two sentences."""
    if done.n:
        said = f"Decided: {names(done.names)} ({done.n:,} {'answer' if done.n == 1 else 'answers'})."
    else:
        said = "Nothing was decided."
    if done.contested:
        are = "is" if len(done.contested) == 1 else "are"
        said += f" {names(done.contested)} {are} contested: decide one by one."
    return said
