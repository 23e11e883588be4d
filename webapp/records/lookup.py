"""What the corpus knows of a name. The corpus is a read-only file; nothing here writes."""

import hashlib
import random
from collections.abc import Collection
from dataclasses import dataclass
from functools import cached_property, lru_cache

from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from training.names import read, split_country
from webapp.errors import Unavailable
from webapp.extensions import db
from webapp.languages.texts import gettext
from webapp.models import Feedback
from webapp.models.enums import Status
from webapp.records import corpus_file
from webapp.storage.database import reading

SURPRISING = 100
"""Bearers that a name has at least, to be offered as a surprise: rarer ones are often misspelt."""
_AT_ONCE = 500  # names a query


@dataclass(frozen=True, eq=False)
class HeldOut:
    """Every name that no training sees, from the most borne to the least."""

    names: tuple[str, ...]
    people: tuple[int, ...]
    share: tuple[float, ...]
    """Of women among the bearers."""

    @cached_property
    def fingerprint(self) -> str:
        """SHA-256 of the names in their order, in hexadecimal."""
        return hashlib.sha256("\n".join(self.names).encode()).hexdigest()


@dataclass(frozen=True)
class Known:
    """What the records hold of one name: its bearers, the share of women among them, and its part."""

    people: int
    share: float
    part: str


@dataclass(frozen=True)
class Borne:
    """How many people of a country bear a name."""

    people: int
    is_estimate: bool
    """Whether that is what a frequency comes to, and not a count."""

    @property
    def roughly(self) -> int:
        """Their number in two digits, all that an estimate is worth."""
        return round(self.people, 2 - len(str(self.people)))


def known(name: str) -> Known | None:
    """Return what the corpus knows of a normalised name, or None if it has never met it."""
    return known_many([name]).get(name)


def known_many(names: Collection[str]) -> dict[str, Known]:
    """Return what the corpus knows of each of the normalised `names` that it has met, in all countries."""
    if not names:
        return {}
    bare = {name: split_country(name)[1] for name in names}
    listed = list(set(bare.values()))
    found: dict[str, Known] = {}
    with corpus_file.connected() as corpus:
        for start in range(0, len(listed), _AT_ONCE):
            # SQLite takes a limited number of values in one statement.
            some = listed[start : start + _AT_ONCE]
            places = ",".join("?" * len(some))
            query = f"SELECT name, people, share, part FROM names WHERE name IN ({places})"  # nosec B608
            found |= {row[0]: Known(*row[1:]) for row in corpus.execute(query, some)}
    return {name: found[letters] for name, letters in bare.items() if letters in found}


def borne_by_country(name: str) -> dict[str, Borne]:
    """Return how many people bear a normalised name in each country that the corpus knows of."""
    with corpus_file.connected() as corpus:
        columns = {column[1] for column in corpus.execute("PRAGMA table_info(origins)")}
        if not columns:
            return {}  # release 1.0.0 wrote it
        # Before they were marked, all of them were estimates.
        is_estimate = "max(is_estimate)" if "is_estimate" in columns else "1"
        query = (
            f"SELECT country, SUM(people), {is_estimate} FROM origins "  # nosec B608
            "WHERE name = ? AND country != '' GROUP BY country"
        )
        return {country: Borne(people, bool(est)) for country, people, est in corpus.execute(query, [name])}


def people_in(country: str, names: Collection[str]) -> dict[str, int]:
    """Return how many people of a country bear each of the normalised `names`; 0 is left out."""
    listed = list(names)
    found: dict[str, int] = {}
    with corpus_file.connected() as corpus:
        if not corpus.execute("SELECT 1 FROM sqlite_master WHERE name = 'origins'").fetchone():
            return {}  # release 1.0.0 wrote it
        for start in range(0, len(listed), _AT_ONCE):
            some = listed[start : start + _AT_ONCE]
            places = ",".join("?" * len(some))
            query = (
                "SELECT name, SUM(people) FROM origins "  # nosec B608
                f"WHERE country = ? AND name IN ({places}) GROUP BY name"
            )
            found |= dict(corpus.execute(query, [country, *some]).fetchall())
    return found


def most_borne(n: int) -> tuple[str, ...]:
    """Return the names that most people bear, the most borne first; raise Unavailable without a corpus."""
    with corpus_file.connected() as corpus:
        rows = corpus.execute("SELECT name FROM names ORDER BY people DESC LIMIT ?", [n])
        return tuple(name for (name,) in rows)


def require() -> None:
    """Raise Unavailable if this machine has no corpus."""
    with corpus_file.connected() as corpus:
        corpus.execute("SELECT 1 FROM names LIMIT 1")


def holdout_name() -> str:
    """Return a random name that no training ever saw; raise Unavailable if the corpus holds none."""
    names = holdout_names()
    if not names:
        raise Unavailable(gettext("There is no name here that the network has not seen."))
    return random.choice(names)  # nosec B311 # a surprise, not a secret


def holdout_names() -> tuple[str, ...]:
    """Return all names with SURPRISING bearers or more that no training saw and that are read as they are."""
    return _holdout(corpus_file.key())


def held_out() -> HeldOut:
    """Return all names that no training sees; raise Unavailable if the corpus is not here."""
    return _held_out(corpus_file.key())


def sample(part: str, people: int, n: int) -> list[tuple[str, float]]:
    """Return `n` names of a part that so many bear, each with its share of women; always the same ones."""
    query = "SELECT name, share FROM names WHERE part = ? AND people >= ? ORDER BY name"
    with corpus_file.connected() as corpus:
        rows = corpus.execute(query, [part, people]).fetchall()
    # The seed is fixed: what is learned from them can be compared.
    return random.Random(part).sample(rows, min(n, len(rows)))  # nosec B311 # a sample, not a secret


def is_publishable(name: str) -> bool:
    """Return whether public lists may show a name: the corpus knows it, or a reviewer accepted it.

    Guesses ask this, so none is shown that cannot be looked up at once.
    """
    try:
        # A guess must not wait for a busy database; not to list a name is the careful answer.
        with reading(waits=False):
            return name in publishable([name])
    except OperationalError:
        return False


def publishable(names: Collection[str]) -> set[str]:
    """Return those of the normalised `names` that public lists may show."""
    shown = set(known_many(names))
    unknown = sorted(set(names) - shown)
    accepted = select(Feedback.name).where(Feedback.name.in_(unknown), Feedback.status == Status.ACCEPTED)
    return shown.union(db.session.scalars(accepted)) if unknown else shown


# Kept by the file's identity: a corpus that was written anew is read anew.
@lru_cache(4)
def _holdout(_key: corpus_file.Key) -> tuple[str, ...]:
    query = "SELECT name FROM names WHERE part = 'holdout' AND people >= ?"
    with corpus_file.connected() as corpus:
        found = corpus.execute(query, [SURPRISING]).fetchall()
    return tuple(name for (name,) in found if read(name.title()).key == name)


@lru_cache(2)
def _held_out(_key: corpus_file.Key) -> HeldOut:
    query = "SELECT name, people, share FROM names WHERE part = 'holdout' ORDER BY people DESC, name"
    with corpus_file.connected() as corpus:
        rows = corpus.execute(query).fetchall()
    return HeldOut(*(tuple(column) for column in zip(*rows, strict=True))) if rows else HeldOut((), (), ())
