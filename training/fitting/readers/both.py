"""Both readers beside a network, from all lessons there are."""

from collections import Counter
from collections.abc import Generator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from training.data.corpus import NEVER_HELD_OUT, TRAIN, VALIDATION, Corpus
from training.data.minibatches import Examples
from training.data.world import arabic, characters, countries, elsewhere, hebrew, pinyin, thai
from training.data.world.hebrew_spellings import read_hebrew_spellings
from training.data.world.lessons import Lessons, joined
from training.fitting.progress import Progress
from training.fitting.readers.lessons_in_batches import texts_of
from training.fitting.readers.teaching import SCHEDULES, Schedule, shortened, teach
from training.model.inference.cpu_network import CpuNetwork
from training.model.readers.contents import ReaderContents
from training.model.readers.settings import TOKEN_LETTERS, ReaderKind, ReaderSettings
from training.names import ALPHABET, split_country

WIDTHS = {ReaderKind.SCRIPTS: 224, ReaderKind.COUNTRIES: 192}
EMBEDDINGS = {ReaderKind.SCRIPTS: 80, ReaderKind.COUNTRIES: 64}
TIMES = {
    characters.HANGUL: 5,
    hebrew.HEBREW: 8,
    arabic.ARABIC: 4,
    characters.KANJI: 2,
    characters.KANA: 4,
    thai.THAI: 8,
}
"""How often a lesson comes in one epoch, so that small lists are heard beside a large one."""
EXCEPTIONS = 5
"""The same for a country's name that is given otherwise there than the network says."""
RAREST = 2
"""Names that a letter is in at least, to be one of the alphabet."""


@dataclass(frozen=True)
class World:
    """All lessons, by the reader that learns them."""

    by_kind: Mapping[ReaderKind, Lessons]


Events = Generator[Progress, None, dict[ReaderKind, ReaderContents]]


def read_world(corpus: Corpus) -> World:
    """Return all lessons; a minute. Countries never hold out what is famous in the corpus."""
    by_country = countries.read_countries(frozenset(corpus.names[:NEVER_HELD_OUT]))
    in_characters = characters.read_characters()
    counted = hebrew.read_hebrew()
    of_hebrew = (counted, read_hebrew_spellings(corpus, frozenset(counted.names)))
    of_arabic = arabic.read_arabic(by_country)
    scripts = joined((in_characters, *of_hebrew, of_arabic, thai.read_thai()))
    frequent = frozenset(corpus.names[: elsewhere.FREQUENT])
    of_china = pinyin.read_pinyin(in_characters, frequent)
    brought = elsewhere.read_elsewhere(corpus, by_country)
    from_countries = joined((by_country, of_china, brought))
    return World({ReaderKind.SCRIPTS: scripts, ReaderKind.COUNTRIES: from_countries})


def teach_both(world: World, network: CpuNetwork, device: str = "cpu", epochs: int = 0) -> Events:
    """Teach both readers; yield Progress, return them. `epochs` shortens a training that is only tried."""
    found = {}
    for kind, lessons in world.by_kind.items():
        train, validation = lessons.only(TRAIN), lessons.only(VALIDATION)
        plan: Schedule = SCHEDULES[kind]
        examples, offsets = lessons_of(kind, train, network)
        judged, judged_offsets = validation.examples(), offsets_of(kind, validation.names, network)
        reader = yield from teach(
            settings_of(kind, train),
            examples,
            judged,
            offsets,
            judged_offsets,
            shortened(plan, epochs) if epochs else plan,
            device,
        )
        found[kind] = reader.contents()
    return found


def settings_of(kind: ReaderKind, lessons: Lessons) -> ReaderSettings:
    """Return the shape of a reader whose alphabet are the letters of its lessons."""
    if kind == ReaderKind.COUNTRIES:
        return ReaderSettings(
            kind, "".join(TOKEN_LETTERS.values()) + ALPHABET, WIDTHS[kind], EMBEDDINGS[kind]
        )
    texts = texts_of(lessons.names)
    counts = Counter(letter for text in texts for letter in set(text))
    letters = sorted(letter for letter, n in counts.items() if n >= RAREST)
    return ReaderSettings(kind, "".join(letters), WIDTHS[kind], EMBEDDINGS[kind])


def lessons_of(kind: ReaderKind, lessons: Lessons, network: CpuNetwork) -> tuple[Examples, list[float]]:
    """Return what is learned in one epoch, some lessons several times, and the offset of each."""
    offsets = np.array(offsets_of(kind, lessons.names, network))
    if kind == ReaderKind.SCRIPTS:
        times = np.array([TIMES.get(row.source, 1) for row in lessons.rows])
    else:
        # What pinyin leaves open is no exception: many such names are near one half.
        is_listed = np.array([row.source == countries.COUNTRIES for row in lessons.rows])
        is_exception = is_listed & ((lessons.shares > 0.5) != (offsets > 0))
        times = np.where(is_exception, EXCEPTIONS, 1)
    rows: NDArray[np.intp] = np.repeat(np.arange(len(lessons)), times)
    return lessons.examples().take(rows), offsets[rows].tolist()


def offsets_of(kind: ReaderKind, names: Sequence[str], network: CpuNetwork) -> list[float]:
    """Return what the network says of each name without its country, in log odds; 0 in other scripts."""
    if kind == ReaderKind.SCRIPTS:
        return [0.0] * len(names)
    shares = np.clip(network.shares([split_country(name)[1] for name in names]), 1e-6, 1 - 1e-6)
    odds: list[float] = np.log(shares / (1 - shares)).tolist()
    return odds
