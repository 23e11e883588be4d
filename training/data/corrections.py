"""What visitors taught, counted into the corpus.

A snapshot of accepted corrections is a file of JSON lines, one name and answer a line:

    {"name": "sasha", "answer": "male", "votes": 3}

A name is as a network is asked: in the letters of its script, behind its country if it has one ("IT:andrea").
`answer` is female, male or both; `votes` is how many visitors gave it. How they weigh against the corpus is
told in `training/data/evidence.py`.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from training.data.corpus import TRAIN, Corpus
from training.data.evidence import BEARERS_PER_VISITOR, SHARES, Count
from training.names import ANSWERS, Label, letters_only, normalise, split_country


class BadSnapshot(ValueError):
    """A line of a snapshot is no correction; the message says which and why."""


@dataclass(frozen=True)
class Correction:
    """What `votes` visitors said of a normalised name, accepted by a reviewer."""

    name: str
    answer: str
    votes: int = 1

    def __post_init__(self) -> None:
        if self.answer not in ANSWERS:
            raise ValueError(f"The answer must be female, male or both, not {self.answer!r}.")
        if type(self.votes) is not int or self.votes < 1:  # true is an int to isinstance
            raise ValueError(f"The votes must be a whole number of at least 1, not {self.votes!r}.")
        _, letters = split_country(self.name)
        if normalise(letters) != letters:
            raise ValueError(f"{self.name!r} is not a normalised name.")

    @property
    def share(self) -> float:
        """The share of women that the answer means."""
        return SHARES[Label(self.answer)]


def read_corrections(path: Path) -> list[Correction]:
    """Return the corrections of a snapshot; raises BadSnapshot and OSError."""
    corrections = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        try:
            row = json.loads(line)
            corrections.append(Correction(row["name"], row["answer"], row.get("votes", 1)))
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            raise BadSnapshot(f"{path.name}, line {number} is no correction: {error}") from error
    return corrections


def merge_corrections(corpus: Corpus, corrections: Iterable[Correction]) -> Corpus:
    """Return the corpus with the corrections counted in; corrected names are in the training part.

    So are their other spellings: what visitors taught is learned, and never what is scored.
    """
    votes_by_name = count_votes(corrections)
    # New names come last, in the order of letters: the same snapshot gives the same corpus.
    names = corpus.names + tuple(sorted(set(votes_by_name) - set(corpus.index)))
    new = len(names) - len(corpus)
    people = np.concatenate((corpus.people, np.zeros(new, np.int64)))
    share = np.concatenate((corpus.share, np.zeros(new)))
    part = np.concatenate((corpus.part, np.full(new, TRAIN, np.int8)))
    for row, name in enumerate(names):
        if name in votes_by_name:
            women, visitors = votes_by_name[name]
            # Before the bearers are counted up: `Count` wants what the records alone know.
            share[row] = Count(int(people[row]), float(share[row]), visitors, women / visitors).share
            people[row] += BEARERS_PER_VISITOR * visitors
    # "marie-anne" is corrected, so "marie anne" is no fair test any more.
    part[_spelled_like(votes_by_name, names)] = TRAIN
    return Corpus(names, people, share, part, f"{corpus.source} + {len(votes_by_name)} corrected names")


def count_votes(corrections: Iterable[Correction]) -> dict[str, tuple[float, int]]:
    """Return name → (visitors who said female, visitors); `both` is half of one."""
    votes: dict[str, tuple[float, int]] = {}
    for correction in corrections:
        women, visitors = votes.get(correction.name, (0.0, 0))
        votes[correction.name] = (
            women + correction.share * correction.votes,
            visitors + correction.votes,
        )
    return votes


def _spelled_like(votes_by_name: Iterable[str], names: Iterable[str]) -> list[int]:
    letters = {letters_only(name) for name in votes_by_name}
    return [row for row, name in enumerate(names) if letters_only(name) in letters]
