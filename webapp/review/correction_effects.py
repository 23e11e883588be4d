"""What accepted corrections will do to their names, once they are counted beside what the records know."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from training.data.evidence import (
    HALVED,
    LEARNED,
    OUTWEIGHED,
    SHARES,
    Count,
    answer_meant,
    visitors_needed,
)
from training.names import Label, is_learnable
from webapp.models import Case
from webapp.records import lookup
from webapp.review import service as review
from webapp.review.service import AcceptedCorrection

WAITS = "No network reads these letters yet: what you accept is kept until one does."


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
    for row in review.accepted([case.name for case in cases]):
        before[row.name][row.answer] = row.visitors
    return {
        case.name: {
            answer: _forecast(case, answer, n, before[case.name]) for answer, n in case.by_answer.items() if n
        }
        for case in cases
    }


def _forecast(case: Case, answer: Label, n: int, before: Mapping[Label, int]) -> str:
    if not is_learnable(case.name):
        return WAITS
    visitors = n + sum(before.values())
    women = SHARES[answer] * n + sum(SHARES[said] * votes for said, votes in before.items())
    people, known = case.people, 0.5 if case.share is None else case.share
    count = Count(people, known, visitors, women / visitors)
    if count.effect == LEARNED and answer_meant(count.said) == answer:
        return ""
    needed = visitors_needed(people, known, SHARES[answer])
    votes = "One vote" if visitors == 1 else f"{visitors:,} votes"
    return f"{votes} will not turn it ({count.share * 100:.0f}% women would be taught); {needed:,} would."


def in_words(names: int, halved: int, outweighed: int) -> str:
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
    some = (
        f"{learned:,} of {names:,} {'is' if learned == 1 else 'are'}" if learned else f"None of {names:,} is"
    )
    sentences = [f"{some} to be learned as visitors say."]
    if halved:
        sentences.append(f"{halved:,} {_ends(halved)} at one half: the records weigh as much.")
    if outweighed:
        sentences.append(f"{outweighed:,} {'stays' if outweighed == 1 else 'stay'} as the records have it.")
    return " ".join(sentences)


def _ends(n: int) -> str:
    return "ends" if n == 1 else "end"
