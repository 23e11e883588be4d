"""The corpus: names, how many people bear them, and which share of those is female.

The base corpus is the data of the package nomquamgender (MIT; Van Buskirk, Clauset and Larremore, ICWSM
2023), cleaned here. What a person brings is read by `name_lists`, what visitors taught is merged by
`corrections`. A name is held out by a hash of its letters alone, so every run anywhere holds out the same.
"""

import hashlib
import json
import sqlite3
from collections.abc import Container, Iterable, Mapping
from contextlib import closing
from dataclasses import dataclass
from functools import cached_property
from importlib.metadata import distribution
from pathlib import Path

import numpy as np
from anyascii import anyascii
from numpy.typing import NDArray

from training.names import ALPHABET, bucket, join_separators, letters_only
from training.runtime.atomic_write import whole

PARTS = ("train", "validation", "holdout")
TRAIN, VALIDATION, HOLDOUT = range(3)
SHORTEST, LONGEST = 2, 30
"""Characters: what is shorter is an initial, what is longer mostly a whole name."""
NEVER_HELD_OUT = 2000
"""The most borne names are to be known by heart, so they are never held out."""

_SOURCE = "nomquamgender"
_SCHEMA = """
CREATE TABLE names (
    name TEXT PRIMARY KEY, people INTEGER NOT NULL, share REAL NOT NULL, part TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE origins (
    name TEXT NOT NULL, country TEXT NOT NULL, year INTEGER NOT NULL, women REAL NOT NULL,
    people INTEGER NOT NULL, is_estimate INTEGER NOT NULL, PRIMARY KEY (name, country, year)
) WITHOUT ROWID;
"""
_ADD_UP = """
INSERT INTO origins VALUES (?, ?, ?, ?, ?, {is_estimate:d}) ON CONFLICT DO UPDATE
SET women = women + excluded.women, people = people + excluded.people
"""


@dataclass(frozen=True, eq=False)
class Corpus:
    """Names from the most borne to the least, with one row of each array a name."""

    names: tuple[str, ...]
    people: NDArray[np.int64]
    """Bearers of each name, at least 1."""
    share: NDArray[np.float64]
    """Share of the bearers who are female, 0 to 1."""
    part: NDArray[np.int8]
    """TRAIN, VALIDATION or HOLDOUT."""
    source: str
    """What it was made from, in words."""

    def __len__(self) -> int:
        return len(self.names)

    @cached_property
    def index(self) -> dict[str, int]:
        """The row of each name."""
        return {name: row for row, name in enumerate(self.names)}

    @cached_property
    def fingerprint(self) -> str:
        """SHA-256 of all rows, in hexadecimal: equal for equal data, and only then."""
        digest = hashlib.sha256("\n".join(self.names).encode())
        # Byte orders and widths are named, so that every machine has the same fingerprint of the same data.
        for column, kind in ((self.people, "<i8"), (self.share, "<f8"), (self.part, "i1")):
            digest.update(column.astype(kind).tobytes())
        return digest.hexdigest()

    def take(self, rows: NDArray[np.bool_] | NDArray[np.intp]) -> "Corpus":
        """Return the corpus of `rows` alone: indices, or a mask over all rows."""
        picked = np.flatnonzero(rows) if rows.dtype == np.bool_ else rows
        names = tuple(self.names[row] for row in picked)
        return Corpus(names, self.people[picked], self.share[picked], self.part[picked], self.source)

    def only(self, part: int) -> "Corpus":
        """Return the names of one part."""
        return self.take(self.part == part)

    def mask(self, names: Container[str]) -> NDArray[np.bool_]:
        """Return which rows hold one of `names`."""
        return np.fromiter((name in names for name in self.names), bool, len(self))

    def without(self, names: Iterable[str]) -> "Corpus":
        """Return the corpus less the normalised `names`, and less those with the same letters."""
        excluded = {letters_only(name) for name in names}
        return self.take(np.array([letters_only(name) not in excluded for name in self.names], dtype=bool))

    def counts(self) -> dict[str, int]:
        """Return how many names each part holds."""
        return {part: int((self.part == code).sum()) for code, part in enumerate(PARTS)}


def read_base_corpus() -> Corpus:
    """Return the cleaned base corpus: 554,367 names; about 5 s and 700 MB while it is read."""
    package = distribution(_SOURCE)  # the package itself is never imported: it would load pandas
    path = Path(str(package.locate_file(f"{_SOURCE}/name_data.json")))
    raw = json.loads(path.read_text(encoding="utf-8"))
    # Different spellings of the source may become one name: their people are added up.
    women: dict[str, float] = {}
    people: dict[str, int] = {}
    for written, (_, bearers, share, *_) in raw.items():
        if name := _clean(written):
            people[name] = people.get(name, 0) + bearers
            women[name] = women.get(name, 0.0) + bearers * share
    counted = {n: (women[n], people[n]) for n in people if people[n] >= 1 and SHORTEST <= len(n) <= LONGEST}
    return from_counts(counted, f"{_SOURCE} {package.version}", famous=NEVER_HELD_OUT)


def _clean(written: str) -> str:
    name = anyascii(written).lower()
    # What holds a digit or another sign is no name here; the source's spellings are not mended.
    return "" if set(name) - _LETTERS else join_separators(name)


_LETTERS = frozenset(ALPHABET)


def from_counts(counts: Mapping[str, tuple[float, int]], source: str, famous: int = 0) -> Corpus:
    """Return the corpus of normalised name → (women, people); its `famous` most borne are never held out."""
    # By bearers, then by letters: the order is part of the fingerprint.
    names = sorted(counts, key=lambda name: (-counts[name][1], name))
    known_by_heart = {letters_only(name) for name in names[:famous]}
    people = np.array([counts[name][1] for name in names], dtype=np.int64)
    women = np.array([counts[name][0] for name in names], dtype=np.float64)
    part = np.array(
        # By letters alone, so that no spelling of a famous name is held out.
        [TRAIN if letters_only(n) in known_by_heart else part_of(n) for n in names],
        dtype=np.int8,
    )
    return Corpus(tuple(names), people, women / people, part, source)


def part_of(name: str) -> int:
    """Return the part that the hash of a normalised name's letters puts it in."""
    # 5% and 5% of all letters; the hash knows nothing of how often a name is borne.
    number = bucket(name)
    if number < 5:
        return HOLDOUT
    return VALIDATION if number < 10 else TRAIN


def combine_corpora(first: Corpus, second: Corpus) -> Corpus:
    """Return both corpora counted together; a name stays in the part that `first` has it in."""
    counts: dict[str, tuple[float, int]] = {}
    for corpus in (first, second):
        for name, people, share in zip(
            corpus.names, corpus.people.tolist(), corpus.share.tolist(), strict=True
        ):
            women, bearers = counts.get(name, (0.0, 0))
            counts[name] = (women + people * share, bearers + people)
    both = from_counts(counts, f"{first.source} + {second.source}")
    # A name that is new to `first` but has the letters of one of its names goes where that one is.
    settled = {letters_only(name): part for name, part in zip(first.names, first.part.tolist(), strict=True)}
    for row, name in enumerate(both.names):
        both.part[row] = settled.get(letters_only(name), both.part[row])
    return both


Origin = tuple[str, str, int, float, int]
"""A name, its country or "", its year or 0, women and people."""


def write_corpus(
    corpus: Corpus, path: Path, origins: Iterable[Origin] = (), is_estimate: bool = False
) -> None:
    """Write `corpus` as the read-only SQLite file `path`, whole or not at all.

    Tables: names(name, people, share, part), meta(key, value) with fingerprint, made_by and names, and
    origins(name, country, year, women, people, is_estimate): what a list tells of where and when, and whether
    it was counted or estimated. Raises OSError where the folder cannot be written.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with whole(path) as beside:
        _fill(corpus, beside, origins, is_estimate)
        # Nobody writes into it: whoever wants another corpus writes a new file.
        beside.chmod(0o444)


def read_corpus(path: Path) -> Corpus:
    """Return the corpus that `write_corpus` wrote to `path`, in a second; raises OSError and ValueError."""
    if not path.is_file():
        raise OSError(
            f"There is no corpus at {path}: write it with `python -m training corpus --write {path}`."
        )
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as database:
            # The order of `from_counts`, or the fingerprint would differ.
            rows = database.execute("SELECT name, people, share, part FROM names ORDER BY people DESC, name")
            names, people, share, part = zip(*rows, strict=True)
            meta = dict(database.execute("SELECT key, value FROM meta"))
    except (sqlite3.DatabaseError, ValueError) as error:
        raise ValueError(f"{path} is not a corpus: {error}.") from error
    corpus = Corpus(
        names,
        np.array(people, np.int64),
        np.array(share, np.float64),
        np.array([PARTS.index(word) for word in part], np.int8),
        meta["made_by"],
    )
    if corpus.fingerprint != meta["fingerprint"]:
        raise ValueError(f"{path} is damaged: its names do not match its fingerprint. Write it again.")
    return corpus


def _fill(corpus: Corpus, path: Path, origins: Iterable[Origin], is_estimate: bool) -> None:
    order = np.argsort(np.array(corpus.names), kind="stable").tolist()  # a B-tree grows fastest in its order
    people, share, part = corpus.people.tolist(), corpus.share.tolist(), corpus.part.tolist()
    path.unlink(missing_ok=True)
    try:
        with closing(sqlite3.connect(path)) as database, database:
            # No journal: if this breaks off, the whole file is thrown away.
            database.executescript("PRAGMA journal_mode = OFF;" + _SCHEMA)
            rows = ((corpus.names[i], people[i], share[i], PARTS[part[i]]) for i in order)
            database.executemany("INSERT INTO names VALUES (?, ?, ?, ?)", rows)
            meta = {"fingerprint": corpus.fingerprint, "made_by": corpus.source, "names": str(len(corpus))}
            database.executemany("INSERT INTO meta VALUES (?, ?)", meta.items())
            # One after the other, not held in memory: the SSA's lists by state have six million rows.
            database.executemany(_ADD_UP.format(is_estimate=is_estimate), origins)
    except sqlite3.OperationalError as error:
        raise OSError(f"The corpus could not be written to {path}: {error}.") from error
