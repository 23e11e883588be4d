"""Words that every room shares: what enumerations are called, and names in a sentence."""

from collections.abc import Mapping, Sequence

from training.names import Label, label_of
from webapp.models.enums import Origin, RunKind, Source, Status

LABEL_WORDS: Mapping[str, str] = {Label.FEMALE: "women", Label.MALE: "men", Label.BOTH: "both"}
"""Whom a name is given to, in one word; who answered so, too."""
GIVEN: Mapping[str, str] = {
    Label.FEMALE: f"mostly given to {LABEL_WORDS[Label.FEMALE]}",
    Label.MALE: f"mostly given to {LABEL_WORDS[Label.MALE]}",
    Label.BOTH: "given to both",
}
STATUS_WORDS: Mapping[str, str] = {
    Status.RIGHT: "right",
    Status.PENDING: "waiting",
    Status.ACCEPTED: "accepted",
    Status.REJECTED: "rejected",
}
"""How far answers are, as staff call it; a visitor reads `feedback.wording`."""
SOURCE_WORDS: Mapping[str, str] = {Source.GUESS: "the guess page", Source.API: "the API"}
GIVEN_AT: Mapping[str, str] = {Source.GUESS: "on the page", Source.API: "by the API"}
"""The same in a sentence: where an answer was given."""
ORIGIN_WORDS: Mapping[str, str] = {
    Origin.SHIPPED: "came with Nomen",
    Origin.IMPORT: "imported",
    Origin.RUN: "retrained",
}
RUN_KIND_WORDS: Mapping[str, str] = {RunKind.FINE_TUNE: "fine-tune", RunKind.SCRATCH: "from scratch"}
NAMED = 5  # names that a sentence lists before it counts the rest


EVEN = 5
"""Hundredths: a guess this near to one half is told, stored and judged as one of women and men alike."""


def told_as(p_female: float) -> Label:
    """Return what a guess is told as: a label, or both where it is about even."""
    return Label.BOTH if abs(round(p_female * 100) - 50) <= EVEN else label_of(p_female)


def share_in_words(p: float) -> str:
    """Return a share as people say it: "about 99 in 100", and never all of them."""
    return "more than 99 in 100" if p >= 0.995 else f"about {round(p * 100)} in 100"


def guess_in_words(p_female: float) -> str:
    """Return a guess in a few words: "women, about 93 in 100"."""
    if told_as(p_female) == Label.BOTH:
        return "women and men alike"
    return f"{LABEL_WORDS[told_as(p_female)]}, {share_in_words(max(p_female, 1 - p_female))}"


def mostly(p_female: float) -> str:
    """Return whom a share of women speaks for, in one word."""
    # By `label_of` even at one half exactly: a page must not call a guess of "men" one of women.
    return LABEL_WORDS[label_of(p_female)]


def listed_names(listed: Sequence[str]) -> str:
    """Return normalised names as a sentence lists them, the first few in full."""
    shown = [name.title() for name in listed[:NAMED]]
    if len(listed) > NAMED:
        shown.append(f"{len(listed) - NAMED:,} more")
    # The last one follows "and", the others are joined by commas; one alone stands without either.
    return " and ".join(filter(None, (", ".join(shown[:-1]), *shown[-1:])))


def waits(n: int) -> str:
    """Return the verb for `n` names."""
    return "waits" if n == 1 else "wait"


def counted(n: int, noun: str) -> str:
    """Return a number with its noun: "1 API key", "2,000 API keys"."""
    return f"{n:,} {noun}{'' if n == 1 else 's'}"
