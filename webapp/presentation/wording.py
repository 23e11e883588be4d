"""Words that every room shares: what enumerations are called, and names in a sentence."""

from collections.abc import Mapping, Sequence

from training.names import Label, label_of
from webapp.languages import numbers
from webapp.languages.texts import gettext
from webapp.languages.words import N_, Words
from webapp.models.enums import Origin, RoleName, RunKind, RunState, Source, Status

LABEL_WORDS = Words({Label.FEMALE: N_("women"), Label.MALE: N_("men"), Label.BOTH: N_("both")})
"""Whom a name is given to, in one word; who answered so, too."""
LABEL_CLASSES: Mapping[str, str] = {Label.FEMALE: "women", Label.MALE: "men", Label.BOTH: "both"}
"""The same as a class of the style sheets."""
GUESSED_WORDS: Mapping[str, str] = Words(
    {Label.FEMALE: N_("guessed women"), Label.MALE: N_("guessed men"), Label.BOTH: N_("guessed both")}
)
GIVEN: Mapping[str, str] = Words(
    {
        Label.FEMALE: N_("mostly given to women"),
        Label.MALE: N_("mostly given to men"),
        Label.BOTH: N_("given to both"),
    }
)
STATUS_WORDS: Mapping[str, str] = Words(
    {
        Status.RIGHT: N_("right"),
        Status.PENDING: N_("waiting"),
        Status.ACCEPTED: N_("accepted"),
        Status.REJECTED: N_("rejected"),
    }
)
"""How far answers are, as staff call it; a visitor reads `feedback.wording`."""
SOURCE_WORDS = Words({Source.GUESS: N_("the guess page"), Source.API: N_("the API")})
GIVEN_AT: Mapping[str, str] = Words({Source.GUESS: N_("on the page"), Source.API: N_("by the API")})
"""The same in a sentence: where an answer was given."""
ORIGIN_WORDS: Mapping[str, str] = Words(
    {
        Origin.SHIPPED: N_("came with Nomen"),
        Origin.IMPORT: N_("imported"),
        Origin.RUN: N_("retrained"),
    }
)
RUN_KIND_WORDS: Mapping[str, str] = Words(
    {RunKind.FINE_TUNE: N_("fine-tune"), RunKind.SCRATCH: N_("from scratch")}
)
STATE_WORDS: Mapping[str, str] = Words(
    {
        RunState.QUEUED: N_("queued"),
        RunState.RUNNING: N_("running"),
        RunState.FINISHED: N_("finished"),
        RunState.FAILED: N_("failed"),
        RunState.CANCELLED: N_("cancelled"),
    }
)
ROLE_WORDS: Mapping[str, str] = Words({RoleName.ADMIN: N_("admin"), RoleName.REVIEWER: N_("reviewer")})
STEP_WORDS: Mapping[str, str] = Words(
    {"now": N_("now"), "to come": N_("to come"), "right": N_("right"), "wrong": N_("wrong")}
)
"""How far the turn of a game is."""
NAMED = 5  # names that a sentence lists before it counts the rest


EVEN = 5
"""Hundredths: a guess this near to one half is told, stored and judged as one of women and men alike."""


_TOLD = tuple(Label.BOTH if abs(n - 50) <= EVEN else label_of(n / 100) for n in range(101))
"""By hundredths: a page asks for each letter, several times."""


def told_as(p_female: float) -> Label:
    """Return what a guess is told as: a label, or both where it is about even."""
    return _TOLD[round(p_female * 100)]


def share_in_words(p: float) -> str:
    """Return a share as people say it: "about 99 in 100", and never all of them."""
    if p >= 0.995:
        return gettext("more than 99 in 100")
    return gettext("about %(n)s in 100", n=round(p * 100))


def guess_in_words(p_female: float) -> str:
    """Return a guess in a few words: "women, about 93 in 100"."""
    if told_as(p_female) == Label.BOTH:
        return gettext("women and men alike")
    share = share_in_words(max(p_female, 1 - p_female))
    if told_as(p_female) == Label.FEMALE:
        return gettext("women, %(share)s", share=share)
    return gettext("men, %(share)s", share=share)


def mostly(p_female: float) -> str:
    """Return whom a share of women speaks for, in one word."""
    # By `label_of` even at one half exactly: a page must not call a guess of "men" one of women.
    return LABEL_WORDS[label_of(p_female)]


def said(share: float, digits: int = 1) -> str:
    """Return what answers mean that are kept as a share of women: "women", "both", "75.0% women"."""
    whole = {1.0: Label.FEMALE, 0.0: Label.MALE, 0.5: Label.BOTH}.get(share)
    if whole:
        return LABEL_WORDS[whole]
    return gettext("%(share)s women", share=numbers.percent(share, digits))


def listed_names(listed: Sequence[str]) -> str:
    """Return normalised names as a sentence lists them, the first few in full."""
    shown = [name.title() for name in listed[:NAMED]]
    if len(listed) > NAMED:
        shown.append(gettext("%(n)s more", n=numbers.count(len(listed) - NAMED)))
    return numbers.join(shown)
