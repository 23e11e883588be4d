"""What accepted corrections will do to their names, once they are counted beside what the records know."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from training.data.evidence import HALVED, OUTWEIGHED, Count
from webapp.records import lookup
from webapp.review.service import Correction

_SHARES = {"female": 1.0, "both": 0.5, "male": 0.0}


@dataclass(frozen=True)
class Weighed(Count):
    """A corrected name; `known` is one half for one that the records have never met."""

    name: str = ""


@dataclass(frozen=True)
class Balance:
    """Corrected names by what becomes of them; those neither halved nor outweighed are learned as said."""

    names: int
    halved: Sequence[Weighed]
    outweighed: Sequence[Weighed]


def weigh(corrections: Sequence[Correction]) -> Balance:
    """Return what the corrections will do; raise Unavailable if the records are not there."""
    votes: dict[str, list[Correction]] = defaultdict(list)
    for row in corrections:
        votes[row.name].append(row)
    known = lookup.known_many(votes)
    weighed = [_weighed(name, rows, known.get(name)) for name, rows in votes.items()]
    by = {effect: [row for row in weighed if row.effect == effect] for effect in (HALVED, OUTWEIGHED)}
    return Balance(len(weighed), by[HALVED], by[OUTWEIGHED])


def _weighed(name: str, rows: Sequence[Correction], known: lookup.Known | None) -> Weighed:
    visitors = sum(row.visitors for row in rows)
    women = sum(_SHARES[row.answer] * row.visitors for row in rows)
    people, share = (known.people, known.share) if known else (0, 0.5)
    return Weighed(people, share, visitors, women / visitors, name)
