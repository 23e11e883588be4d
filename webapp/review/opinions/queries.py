"""What reviewers are asked, what they think of a name, and how often two of them agree."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Subquery, and_, case, exists, func, select
from sqlalchemy.orm import aliased

from training.names import ANSWERS, Label
from webapp.extensions import db
from webapp.models import Feedback, SecondOpinion, User, Verdict
from webapp.models.enums import DECIDED, Status

MOST = 100
"""Questions, and corrections that two see differently, that a page lists."""


@dataclass(frozen=True)
class Word:
    """What one reviewer thinks of a name, by what visitors say of it; decided, or as an opinion."""

    by: str
    at: datetime
    is_opinion: bool
    accepts: tuple[Label, ...]
    rejects: tuple[Label, ...]


@dataclass(frozen=True)
class Pair:
    """Two reviewers, at how many corrections both looked, and on how many they agree."""

    one: str
    other: str
    n: int
    agreed: int


@dataclass(frozen=True)
class Difference:
    """A correction that reviewers see differently."""

    name: str
    answer: Label
    accept: tuple[str, ...]
    reject: tuple[str, ...]


@dataclass(frozen=True)
class Agreement:
    """At how many corrections two reviewers or more looked, and on how many they are of one mind.

    `accepted` is the share of all they said of these that accepts.
    """

    n: int
    agreed: int
    accepted: float | None

    @property
    def share(self) -> float | None:
        """The share on which they agree; None where no two looked."""
        return self.agreed / self.n if self.n else None

    @property
    def by_chance(self) -> float | None:
        """The share on which two would agree who accept as often and do not read the name."""
        return None if self.accepted is None else self.accepted**2 + (1 - self.accepted) ** 2


def asked_of(user: str) -> list[SecondOpinion]:
    """Return what a reviewer is asked and has not answered, the oldest first."""
    mine = select(SecondOpinion).where(SecondOpinion.asked_of == user, SecondOpinion.given_at.is_(None))
    return list(db.session.scalars(mine.order_by(SecondOpinion.asked_at, SecondOpinion.id)))


def latest() -> list[SecondOpinion]:
    """Return the newest questions of all reviewers."""
    newest = select(SecondOpinion).order_by(SecondOpinion.id.desc())
    return list(db.session.scalars(newest.limit(MOST)))


def of_name(name: str) -> list[SecondOpinion]:
    """Return who was asked about a name, the oldest first."""
    asked = select(SecondOpinion).where(SecondOpinion.name == name)
    return list(db.session.scalars(asked.order_by(SecondOpinion.id)))


def said_of(name: str) -> list[Label]:
    """Return what visitors say of a name who do not agree with the guess, whatever was decided on it."""
    # One answer of each kind is enough: a name may have thousands.
    corrections = select(Feedback.id).where(Feedback.name == name, Feedback.status != Status.RIGHT)
    return [
        answer
        for answer in sorted(ANSWERS)
        if db.session.scalar(corrections.where(Feedback.answer == answer).limit(1)) is not None
    ]


def open_by_name(names: Collection[str]) -> dict[str, list[str]]:
    """Return who is asked and has not answered, of some names."""
    asked = select(SecondOpinion.name, SecondOpinion.asked_of).where(SecondOpinion.name.in_(names))
    found: dict[str, list[str]] = defaultdict(list)
    for name, of in db.session.execute(asked.where(SecondOpinion.given_at.is_(None))):
        found[name].append(of)
    return found


def words(names: Collection[str]) -> dict[str, list[Word]]:
    """Return what reviewers think of some names, the oldest first."""
    rows: dict[tuple[str, str], list[Verdict]] = defaultdict(list)
    for row in db.session.scalars(select(Verdict).where(Verdict.name.in_(names)).order_by(Verdict.at)):
        rows[row.name, row.by].append(row)
    found: dict[str, list[Word]] = defaultdict(list)
    for (name, by), judged in rows.items():
        accepts, rejects = (_said(judged, status) for status in DECIDED)
        found[name].append(Word(by, judged[-1].at, judged[-1].is_opinion, accepts, rejects))
    return found


def agreement() -> Agreement:
    """Return how often reviewers agree where two or more looked at a correction."""
    twice = _looked_at_twice()
    agrees = case((twice.c.accepted.in_((0, twice.c.n)), 1), else_=0)
    sums = select(func.count(), func.sum(agrees), func.sum(twice.c.accepted), func.sum(twice.c.n))
    n, agreed, accepted, looks = db.session.execute(sums.select_from(twice)).one()
    return Agreement(n, agreed or 0, accepted / looks if looks else None)


def pairs() -> list[Pair]:
    """Return how often each two reviewers agree, those who looked at most together first."""
    other = aliased(Verdict)
    same = and_(other.name == Verdict.name, other.answer == Verdict.answer, other.by > Verdict.by)
    agrees = func.sum(case((Verdict.status == other.status, 1), else_=0))
    query = select(Verdict.by, other.by, func.count(), agrees).join(other, same)
    query = query.where(_is_person(Verdict.by), _is_person(other.by)).group_by(Verdict.by, other.by)
    return [
        Pair(*row) for row in db.session.execute(query.order_by(func.count().desc(), Verdict.by, other.by))
    ]


def differences() -> list[Difference]:
    """Return the corrections that reviewers see differently, the newest first."""
    twice = _looked_at_twice()
    differing = select(twice).where(twice.c.accepted.not_in((0, twice.c.n)))
    found = []
    for name, answer, *_ in db.session.execute(differing.order_by(twice.c.at.desc()).limit(MOST)):
        by = select(Verdict.by, Verdict.status).where(Verdict.name == name, Verdict.answer == answer)
        said = list(db.session.execute(by.where(_is_person(Verdict.by)).order_by(Verdict.by)))
        sides = (
            tuple(who for who, s in said if s == status) for status in (Status.ACCEPTED, Status.REJECTED)
        )
        found.append(Difference(name, answer, *sides))
    return found


def _looked_at_twice() -> Subquery:
    accepted = func.sum(case((Verdict.status == Status.ACCEPTED, 1), else_=0))
    looks = select(
        Verdict.name,
        Verdict.answer,
        func.count().label("n"),
        accepted.label("accepted"),
        func.max(Verdict.at).label("at"),
    )
    looks = looks.where(_is_person(Verdict.by)).group_by(Verdict.name, Verdict.answer)
    return looks.having(func.count() > 1).subquery()


def _is_person(by: object) -> ColumnElement[bool]:
    # The command line decides too, and is nobody's second look.
    return exists().where(User.email == by)


def _said(rows: Collection[Verdict], status: Status) -> tuple[Label, ...]:
    return tuple(row.answer for row in rows if row.status == status)
