"""How good the readers of scripts and countries are, each on names that no training saw."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from training.data.corpus import HOLDOUT, TRAIN
from training.data.world import characters
from training.data.world.countries import COUNTRIES
from training.data.world.lessons import Lesson, Lessons
from training.model.inference.cpu_network import CpuNetwork
from training.model.readers.settings import ReaderKind
from training.names import split_country

SOLID = 100
"""Bearers from which on a share is solid."""


@dataclass(frozen=True)
class ReaderScore:
    """How often one set of names is answered with its majority label."""

    names: str
    """Which names."""
    n: int
    accuracy: float
    balanced: float
    """The mean of the accuracy on women's and on men's names."""


def score_readers(network: CpuNetwork, world: Mapping[ReaderKind, Lessons]) -> list[ReaderScore]:
    """Return the score of every set of held-out names; of countries also of names that were learned."""
    found = []
    for lessons in world.values():
        for source in lessons.sources:
            held_out = [row for row in lessons.only(HOLDOUT, source).rows if _is_scored(row)]
            if not held_out:
                continue  # what was made up to learn from
            found.append(score(source, held_out, network))
            if source in (characters.KANJI, characters.KANA):
                of_japan = [row for row in lessons.only(HOLDOUT, source).rows if not _is_scored(row)]
                found.append(score(f"{source}, from Japan", of_japan, network))
            if solid := [row for row in held_out if row.people >= SOLID]:
                found.append(score(f"{source}, {SOLID} bearers or more", solid, network))
            if source == COUNTRIES:
                found += _exceptions(held_out, lessons.only(TRAIN, source).rows, network)
    return found


def _is_scored(row: Lesson) -> bool:
    # Japanese names come a second time with their country; those of China with it every third time.
    return not row.name.startswith("JP:") or row.source not in (characters.KANJI, characters.KANA)


def _exceptions(
    held_out: Sequence[Lesson], learned: Iterable[Lesson], network: CpuNetwork
) -> list[ReaderScore]:
    """Return the scores of the pairs that are given otherwise than the network says of their name alone."""
    differ = _differing(network)
    return [
        score(f"{COUNTRIES}, held out, otherwise than anywhere", differ(held_out), network),
        score(f"{COUNTRIES}, learned, otherwise than anywhere", differ(learned), network),
    ]


def _differing(network: CpuNetwork) -> Callable[[Iterable[Lesson]], list[Lesson]]:
    def differ(rows: Iterable[Lesson]) -> list[Lesson]:
        listed = list(rows)
        shares = network.shares([split_country(row.name)[1] for row in listed])
        pairs = zip(listed, shares, strict=True)
        return [row for row, p in pairs if row.is_female is not None and row.is_female != (p > 0.5)]

    return differ


def score(names: str, rows: Sequence[Lesson], network: CpuNetwork) -> ReaderScore:
    """Return the score of some names; even ones are left out."""
    decided = [row for row in rows if row.is_female is not None]
    shares = network.shares([row.name for row in decided])
    right: dict[bool, list[bool]] = {True: [], False: []}
    for row, p in zip(decided, shares, strict=True):
        right[bool(row.is_female)].append((p > 0.5) == row.is_female)
    both = [sum(each) / len(each) for each in right.values() if each]
    n_right = sum(map(sum, right.values()))
    balanced = sum(both) / len(both) if both else 0.0
    return ReaderScore(names, len(decided), n_right / max(len(decided), 1), balanced)


def format_scores(scores: Iterable[ReaderScore]) -> str:
    """Return the scores as a table for a terminal."""
    return "\n".join(f"{s.names:<52} {s.n:>7,} {s.accuracy:>7.4f} {s.balanced:>7.4f}" for s in scores)
