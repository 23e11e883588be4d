"""How a sentence speaks of a letter: "the final *a*", "from the second *n* on", "with the hyphen"."""

from collections.abc import Mapping
from enum import StrEnum

from training.names import Label
from training.names.scripts.letters import on_its_own
from webapp.languages.texts import gettext, pgettext
from webapp.languages.words import N_, Words


class Role(StrEnum):
    """What a letter does in a sentence."""

    SUBJECT = "subject"  # "the final *a* settled it"
    FROM = "from"  # "from the second *n* on"
    THEN = "then"  # "then to men from the second *n*"
    WITH = "with"
    AT = "at"


class Place(StrEnum):
    """How a letter is told from others of its kind in the name."""

    FINAL = "final"
    ONLY = "only"
    NTH = "nth"
    FAR = "far"  # beyond the ordinals that there are words for


LETTERS: Mapping[tuple[Role, Place], str] = Words(
    {
        (Role.SUBJECT, Place.FINAL): N_("the final *%(sign)s*"),
        (Role.SUBJECT, Place.ONLY): N_("the *%(sign)s*"),
        (Role.SUBJECT, Place.NTH): N_("the %(nth)s *%(sign)s*"),
        (Role.SUBJECT, Place.FAR): N_("the *%(sign)s* at place %(place)s"),
        (Role.FROM, Place.FINAL): N_("from the final *%(sign)s* on"),
        (Role.FROM, Place.ONLY): N_("from the *%(sign)s* on"),
        (Role.FROM, Place.NTH): N_("from the %(nth)s *%(sign)s* on"),
        (Role.FROM, Place.FAR): N_("from the *%(sign)s* at place %(place)s on"),
        (Role.THEN, Place.FINAL): N_("from the final *%(sign)s*"),
        (Role.THEN, Place.ONLY): N_("from the *%(sign)s*"),
        (Role.THEN, Place.NTH): N_("from the %(nth)s *%(sign)s*"),
        (Role.THEN, Place.FAR): N_("from the *%(sign)s* at place %(place)s"),
        (Role.WITH, Place.FINAL): N_("with the final *%(sign)s*"),
        (Role.WITH, Place.ONLY): N_("with the *%(sign)s*"),
        (Role.WITH, Place.NTH): N_("with the %(nth)s *%(sign)s*"),
        (Role.WITH, Place.FAR): N_("with the *%(sign)s* at place %(place)s"),
        (Role.AT, Place.FINAL): N_("at the final *%(sign)s*"),
        (Role.AT, Place.ONLY): N_("at the *%(sign)s*"),
        (Role.AT, Place.NTH): N_("at the %(nth)s *%(sign)s*"),
        (Role.AT, Place.FAR): N_("at the *%(sign)s* at place %(place)s"),
    }
)
SIGNS: Mapping[tuple[Role, str], str] = Words(
    {
        (Role.SUBJECT, "'"): N_("the apostrophe"),
        (Role.SUBJECT, "-"): N_("the hyphen"),
        (Role.SUBJECT, " "): N_("the blank"),
        (Role.FROM, "'"): N_("from the apostrophe on"),
        (Role.FROM, "-"): N_("from the hyphen on"),
        (Role.FROM, " "): N_("from the blank on"),
        (Role.THEN, "'"): N_("from the apostrophe"),
        (Role.THEN, "-"): N_("from the hyphen"),
        (Role.THEN, " "): N_("from the blank"),
        (Role.WITH, "'"): N_("with the apostrophe"),
        (Role.WITH, "-"): N_("with the hyphen"),
        (Role.WITH, " "): N_("with the blank"),
        (Role.AT, "'"): N_("at the apostrophe"),
        (Role.AT, "-"): N_("at the hyphen"),
        (Role.AT, " "): N_("at the blank"),
    }
)
"""Signs that are no letters, each the only one of its kind in a name."""
FAR_SIGNS: Mapping[tuple[Role, str], str] = Words(
    {
        (Role.SUBJECT, "'"): N_("the apostrophe at place %(place)s"),
        (Role.SUBJECT, "-"): N_("the hyphen at place %(place)s"),
        (Role.SUBJECT, " "): N_("the blank at place %(place)s"),
        (Role.FROM, "'"): N_("from the apostrophe at place %(place)s on"),
        (Role.FROM, "-"): N_("from the hyphen at place %(place)s on"),
        (Role.FROM, " "): N_("from the blank at place %(place)s on"),
        (Role.THEN, "'"): N_("from the apostrophe at place %(place)s"),
        (Role.THEN, "-"): N_("from the hyphen at place %(place)s"),
        (Role.THEN, " "): N_("from the blank at place %(place)s"),
        (Role.WITH, "'"): N_("with the apostrophe at place %(place)s"),
        (Role.WITH, "-"): N_("with the hyphen at place %(place)s"),
        (Role.WITH, " "): N_("with the blank at place %(place)s"),
        (Role.AT, "'"): N_("at the apostrophe at place %(place)s"),
        (Role.AT, "-"): N_("at the hyphen at place %(place)s"),
        (Role.AT, " "): N_("at the blank at place %(place)s"),
    }
)


def letter(name: str, index: int, role: Role = Role.SUBJECT) -> str:
    """Return how to speak of one letter of a name; the letter stands between asterisks."""
    sign, shown = name[index], on_its_own(name[index])
    is_only = name.count(sign) == 1
    if (role, sign) in SIGNS:
        return SIGNS[role, sign] if is_only else FAR_SIGNS[role, sign] % {"place": index + 1}
    if index == len(name) - 1:
        return LETTERS[role, Place.FINAL] % {"sign": shown}
    if is_only:
        return LETTERS[role, Place.ONLY] % {"sign": shown}
    nth = _ordinal(name[: index + 1].count(sign), role)
    if nth:
        return LETTERS[role, Place.NTH] % {"sign": shown, "nth": nth}
    return LETTERS[role, Place.FAR] % {"sign": shown, "place": index + 1}


def _ordinal(n: int, role: Role) -> str:
    """Return "second" as it stands before a letter; empty beyond the tenth."""
    # In the role of a subject, and behind a preposition: many languages decline it.
    words = _ordinals_of_a_subject() if role == Role.SUBJECT else _ordinals_behind_a_preposition()
    return words[n - 1] if n <= len(words) else ""


def _ordinals_of_a_subject() -> tuple[str, ...]:
    return (
        pgettext("subject", "first"),
        pgettext("subject", "second"),
        pgettext("subject", "third"),
        pgettext("subject", "fourth"),
        pgettext("subject", "fifth"),
        pgettext("subject", "sixth"),
        pgettext("subject", "seventh"),
        pgettext("subject", "eighth"),
        pgettext("subject", "ninth"),
        pgettext("subject", "tenth"),
    )


def _ordinals_behind_a_preposition() -> tuple[str, ...]:
    return (
        pgettext("behind a preposition", "first"),
        pgettext("behind a preposition", "second"),
        pgettext("behind a preposition", "third"),
        pgettext("behind a preposition", "fourth"),
        pgettext("behind a preposition", "fifth"),
        pgettext("behind a preposition", "sixth"),
        pgettext("behind a preposition", "seventh"),
        pgettext("behind a preposition", "eighth"),
        pgettext("behind a preposition", "ninth"),
        pgettext("behind a preposition", "tenth"),
    )


def leaning(side: Label) -> str:
    """Return whom a guess leans to, as it stands behind "It leaned to"."""
    return pgettext("leaned to", "women") if side == Label.FEMALE else pgettext("leaned to", "men")


TIMES = Words(
    dict(
        enumerate(
            (
                N_("once"),
                N_("twice"),
                N_("three times"),
                N_("four times"),
                N_("five times"),
                N_("six times"),
                N_("seven times"),
                N_("eight times"),
                N_("nine times"),
                N_("ten times"),
                N_("eleven times"),
                N_("twelve times"),
            ),
            start=1,
        )
    )
)


def times(n: int) -> str:
    """Return how often: "once", "twice", "13 times"."""
    return TIMES[n] if n in TIMES else gettext("%(n)s times", n=n)


_BARE: Mapping[str, str] = Words({"'": N_("apostrophe"), "-": N_("hyphen"), " ": N_("blank")})


def bare(sign: str) -> str:
    """Return a letter as it is, and what a sign is called that is none."""
    return _BARE.get(sign) or sign
