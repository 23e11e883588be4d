"""What accepted corrections will do to their names, once they are counted beside what the records know."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from training.data.evidence import (
    EVEN,
    HALVED,
    LEARNED,
    OUTWEIGHED,
    SHARES,
    Count,
    answer_meant,
    visitors_needed,
)
from training.names import Label, is_learnable
from webapp.languages import numbers
from webapp.languages.texts import gettext, ngettext
from webapp.languages.words import N_
from webapp.models import Case
from webapp.records import lookup
from webapp.review import service as review
from webapp.review.service import AcceptedCorrection
from webapp.web.caching import made_once

MOST_LISTS = 64
"""Lists of names in memory, whose accepted corrections are kept."""
WAITS = N_("No network reads these letters yet: what you accept is kept until one does.")


@dataclass(frozen=True)
class WeighedName(Count):
    """A corrected name; `known` is one half for one that the records have never met."""

    name: str = ""


@dataclass(frozen=True)
class Balance:
    """Corrected names by what becomes of them; those neither halved nor outweighed are learned as said."""

    names: int
    halved: Sequence[WeighedName]
    outweighed: Sequence[WeighedName]


def weigh(corrections: Sequence[AcceptedCorrection]) -> Balance:
    """Return what the corrections will do; raise Unavailable if the records are not there."""
    votes: dict[str, list[AcceptedCorrection]] = defaultdict(list)
    for row in corrections:
        votes[row.name].append(row)
    # One look-up for all names, however many there are.
    known = lookup.known_many(votes)
    weighed = [_weighed(name, rows, known.get(name)) for name, rows in votes.items()]
    by = {effect: [row for row in weighed if row.effect == effect] for effect in (HALVED, OUTWEIGHED)}
    return Balance(len(weighed), by[HALVED], by[OUTWEIGHED])


def _weighed(name: str, rows: Sequence[AcceptedCorrection], known: lookup.Known | None) -> WeighedName:
    visitors = sum(row.visitors for row in rows)
    women = sum(SHARES[row.answer] * row.visitors for row in rows)
    people, share = (known.people, known.share) if known else (0, 0.5)  # weighs nothing, so any share will do
    return WeighedName(people, share, visitors, women / visitors, name)


def forecasts(cases: Sequence[Case]) -> dict[str, dict[Label, str]]:
    """Return by name and answer what accepting it will not do; empty where it turns the name as it says."""
    before: dict[str, dict[Label, int]] = defaultdict(dict)
    for row in _accepted_of(tuple(case.name for case in cases)):
        before[row.name][row.answer] = row.visitors
    return {
        case.name: {
            answer: _forecast(case, answer, n, before[case.name]) for answer, n in case.by_answer.items() if n
        }
        for case in cases
    }


def _accepted_of(names: Sequence[str]) -> Sequence[AcceptedCorrection]:
    # Names that are answered most have thousands of them, and only a decision changes what they say.
    key = names, review.accepted_tag()
    return made_once("accepted", key, partial(review.accepted, names), MOST_LISTS) if names else ()


def _forecast(case: Case, answer: Label, n: int, before: Mapping[Label, int]) -> str:
    if not is_learnable(case.name):
        return gettext(WAITS)
    visitors = n + sum(before.values())
    women = SHARES[answer] * n + sum(SHARES[said] * votes for said, votes in before.items())
    people, known = case.people, 0.5 if case.share is None else case.share
    count = Count(people, known, visitors, women / visitors)
    if _is_turned(count, answer):
        return ""
    needed = visitors_needed(people, known, SHARES[answer])
    if visitors >= needed:  # so many would do, if they were of one mind
        return gettext(
            "%(n)s votes that disagree will not turn it (%(share)s women would be taught).",
            n=numbers.count(visitors),
            share=numbers.percent(count.share),
        )
    return ngettext(
        "One vote will not turn it (%(share)s women would be taught); %(needed)s would.",
        "%(n)s votes will not turn it (%(share)s women would be taught); %(needed)s would.",
        visitors,
        n=numbers.count(visitors),
        share=numbers.percent(count.share),
        needed=numbers.count(needed),
    )


def _is_turned(count: Count, answer: Label) -> bool:
    if answer == Label.BOTH:
        return abs(count.share - 0.5) <= EVEN
    return count.effect == LEARNED and answer_meant(count.said) == answer


def in_words(names: int, halved: int, outweighed: int) -> str:
    """Return what becomes of so many corrected names, those that end at one half or stay told apart."""
    learned = names - halved - outweighed
    if learned == names:
        return ngettext(
            "It is to be learned as visitors say.", "All are to be learned as visitors say.", names
        )
    if names == 1:
        if halved:
            return gettext("It ends at one half: the records weigh as much.")
        return gettext("It stays on the records’ side.")
    return " ".join(filter(None, (_learned(learned, names), _halved(halved), _outweighed(outweighed))))


def _learned(n: int, names: int) -> str:
    if not n:
        return gettext("None of %(names)s is to be learned as visitors say.", names=numbers.count(names))
    return ngettext(
        "%(n)s of %(names)s is to be learned as visitors say.",
        "%(n)s of %(names)s are to be learned as visitors say.",
        n,
        n=numbers.count(n),
        names=numbers.count(names),
    )


def _halved(n: int) -> str:
    ends = ngettext(
        "%(n)s ends at one half: the records weigh as much.",
        "%(n)s end at one half: the records weigh as much.",
        n,
        n=numbers.count(n),
    )
    return ends if n else ""


def _outweighed(n: int) -> str:
    stays = ngettext(
        "%(n)s stays on the records’ side.", "%(n)s stay on the records’ side.", n, n=numbers.count(n)
    )
    return stays if n else ""
