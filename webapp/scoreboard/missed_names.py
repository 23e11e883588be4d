"""Lists of names that were missed, and which of them public pages may show.

Over all answers the counts of each name are kept. In any narrower view the newest answers of each cell of the
matrix are read, and the tally says beforehand how many there are: no query looks for what is not there.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Select, func, select
from sqlalchemy.orm import InstrumentedAttribute

from training.names import ANSWERS, LABELS, Label
from webapp.extensions import db
from webapp.feedback import name_tallies
from webapp.models import Feedback, NameTally, Tally
from webapp.records import lookup
from webapp.scoreboard import service as scoreboard
from webapp.scoreboard.filters import ANYWHERE, Filters

SHOWN = 20
LOOKED_AT = 2_000
"""Answers of a cell whose names are listed: the newest. A cell of a million is never read as a whole."""
Cells = Sequence[tuple[Label, Label]]
"""(guessed, answer) of each cell."""
MISSES: Cells = [(guessed, answer) for guessed in ANSWERS for answer in ANSWERS if answer != guessed]
SIDES: Cells = [(guessed, answer) for guessed in ANSWERS for answer in LABELS]


@dataclass(frozen=True)
class Named:
    """One name of a list, with what visitors said of it and, where known, what the records say."""

    name: str
    n: int
    women: int | None = None
    men: int | None = None
    both: int | None = None
    share: float | None = None


@dataclass(frozen=True)
class Names:
    """Names that may be shown, most first, and how many others there are."""

    rows: list[Named]
    others: int
    looked_at: int = 0
    """Answers that the list was made from; 0 if it was made from all."""


def most_missed(filters: Filters, limit: int = SHOWN) -> Names:
    """Return the names about which most answers of a view said that the guess was wrong."""
    if filters.is_everything:
        return _most(NameTally.missed, limit)
    found = list(_newest(filters, MISSES))
    return _listed(Counter(name for name, _ in found), limit, len(found))


def disputed(filters: Filters, limit: int = SHOWN) -> Names:
    """Return the names about which most answers of a view say the opposite of the corpus."""
    if filters.is_everything:
        return _most(NameTally.against, limit)
    found = list(_newest(filters, SIDES))
    known = lookup.known_many({name for name, _ in found})
    against = (
        name for name, answer in found if name in known and name_tallies.is_against(answer, known[name].share)
    )
    return _listed(Counter(against), limit, len(found))


def in_cell(filters: Filters, guessed: Label, answer: Label, limit: int = 5 * SHOWN) -> Names:
    """Return the names behind one cell of the matrix, from its newest LOOKED_AT answers."""
    found = list(_newest(filters, [(guessed, answer)]))
    return _listed(Counter(name for name, _ in found), limit, len(found))


def _most(column: InstrumentedAttribute[int], limit: int) -> Names:
    # Three times as many as are shown: the publishing rule may leave out some of them.
    top = select(NameTally).where(column > 0).order_by(column.desc(), NameTally.name).limit(3 * limit)
    rows = list(db.session.scalars(top))
    # The index on the column answers both queries.
    total = db.session.scalar(select(func.count()).select_from(NameTally).where(column > 0)) or 0
    shown = _shown([(row.name, getattr(row, column.key)) for row in rows], limit)
    by_name = {row.name: row for row in rows}
    full = [_with_answers(named, by_name[named.name]) for named in shown]
    return Names(full, total - len(full))


def _with_answers(named: Named, row: NameTally) -> Named:
    return Named(named.name, named.n, row.women, row.men, row.both, named.share)


def _listed(names: Counter[str], limit: int, looked_at: int) -> Names:
    # By count, then by letters: two askers see the same list, whatever order the answers came in.
    counted = sorted(names.items(), key=lambda pair: (-pair[1], pair[0]))
    shown = _shown(counted, limit)
    return Names(shown, len(counted) - len(shown), looked_at)


def _shown(counted: Sequence[tuple[str, int]], limit: int) -> list[Named]:
    # The publishing rule: strangers may put a name on a public page only if the corpus or a reviewer has it.
    # Ten times as many as are shown are looked up: enough for a list with nonsense in it, and still bounded.
    names = [name for name, _ in counted[: 10 * limit]]
    allowed, knowledge = lookup.publishable(names), lookup.known_many(names)
    shares = {name: known.share for name, known in knowledge.items()}
    return [Named(name, n, share=shares.get(name)) for name, n in counted if name in allowed][:limit]


def _newest(filters: Filters, cells: Cells) -> Iterator[tuple[str, Label]]:
    """Yield name and answer of the newest LOOKED_AT answers of each cell, newest versions first."""
    counts = _counts(filters)
    for guessed, answer in cells:
        # One query a version: the index is (version, guessed, answer), so each reads only rows that it wants.
        left = LOOKED_AT
        for version_id in sorted({key[0] for key in counts}, reverse=True):
            # The tally knows how many there are, so no query searches a million rows for what is not there.
            some = min(left, counts.get((version_id, guessed, answer), 0))
            if some:
                query = _of(filters, version_id, guessed, answer).limit(some)
                names = db.session.scalars(query).all()
                left -= len(names)
                yield from ((name, answer) for name in names)


def _counts(filters: Filters) -> Mapping[tuple[int, Label, Label], int]:
    kinds = (Tally.version_id, Tally.guessed, Tally.answer)
    counted = (*scoreboard.conditions(filters), Tally.taught.is_(False))
    rows = db.session.execute(select(*kinds, func.sum(Tally.n)).where(*counted).group_by(*kinds))
    return {(version_id, guessed, answer): n for version_id, guessed, answer, n in rows}


def _of(filters: Filters, version_id: int, guessed: Label, answer: Label) -> Select[str]:
    query = select(Feedback.name).where(
        Feedback.version_id == version_id,
        Feedback.guessed == guessed,
        Feedback.answer == answer,
        Feedback.taught.is_(False),
        Feedback.status.in_(filters.statuses),
    )
    if filters.since:
        query = query.where(Feedback.day >= filters.since)
    if filters.source != ANYWHERE:
        query = query.where(Feedback.source == filters.source)
    # The index ends with the id: the newest come first without a sort.
    return query.order_by(Feedback.id.desc())


def as_dict(names: Names) -> dict[str, object]:
    """Return a list of names as JSON shows it."""
    rows = [{key: value for key, value in vars(row).items() if value is not None} for row in names.rows]
    return {"names": rows, "others": names.others}
