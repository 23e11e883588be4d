"""Corrections in other scripts and of countries: told apart, and each taught to its reader."""

from collections.abc import Generator, Mapping
from dataclasses import dataclass

import numpy as np

from training.data.minibatches import Examples
from training.data.world.lessons import Lessons
from training.fitting.progress import Progress
from training.fitting.readers.both import offsets_of
from training.fitting.readers.tuning import tune
from training.model.inference.cpu_network import CpuNetwork
from training.model.inference.routing import is_own
from training.model.readers.contents import ReaderContents, Readers
from training.model.readers.settings import ReaderKind
from training.names import split_country

Events = Generator[Progress, None, dict[ReaderKind, ReaderContents]]


@dataclass(frozen=True)
class ByReader:
    """Corrections, by what has to learn them."""

    latin: Examples
    by_kind: Mapping[ReaderKind, Examples]


def kind_of(name: str) -> ReaderKind | None:
    """Return which reader has to learn a name as it is asked; None for the network itself."""
    if is_own(name):
        return None
    letters = split_country(name)[1]
    return ReaderKind.COUNTRIES if letters.isascii() else ReaderKind.SCRIPTS


def split(corrections: Examples) -> ByReader:
    """Tell corrections apart."""
    kinds = [kind_of(name) for name in corrections.names]

    def of(kind: ReaderKind | None) -> Examples:
        return corrections.take(np.array([at for at, k in enumerate(kinds) if k == kind], dtype=np.intp))

    return ByReader(of(None), {kind: of(kind) for kind in ReaderKind if kind in kinds})


def teach_corrections(
    readers: Readers,
    network: CpuNetwork,
    corrections: Mapping[ReaderKind, Examples],
    replay: Mapping[ReaderKind, Lessons],
    seed: int = 0,
) -> Events:
    """Teach each reader that is there its corrections; yield Progress, return all readers.

    `replay` are lessons that each shall go on to answer as it does, less those that are corrected.
    """
    found = dict(readers)
    for kind, asked in corrections.items():
        if kind in readers:
            found[kind] = yield from _tuned(readers[kind], network, asked, replay[kind], seed)
    return found


def _tuned(
    reader: ReaderContents, network: CpuNetwork, asked: Examples, replay: Lessons, seed: int
) -> Generator[Progress, None, ReaderContents]:
    kind, corrected = reader.settings.kind, frozenset(asked.names)
    lessons = Lessons(tuple(row for row in replay.rows if row.name not in corrected))
    offsets = offsets_of(kind, asked.names, network)
    replay_offsets = offsets_of(kind, lessons.names, network)
    return (yield from tune(reader, asked, lessons.examples(), offsets, replay_offsets, seed))
