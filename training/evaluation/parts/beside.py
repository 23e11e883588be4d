"""What the readers answer, by script and by country: names of other lists, which no training saw."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from training.data.name_groups import SliceKind
from training.data.world import arabic, characters, hebrew, thai
from training.data.world.countries import COUNTRIES
from training.data.world.lessons import Lesson, Lessons
from training.data.world.pinyin import PINYIN
from training.evaluation.metrics import Floats, Mask, score
from training.evaluation.parts.scores import Scores, Slice
from training.model.predict import Answers
from training.model.readers.settings import ReaderKind
from training.names import split_country

LATIN = "latin"
_SCRIPTS = {
    characters.CHINESE: "chinese",
    characters.KANJI: "kanji",
    characters.KANA: "kana",
    characters.HANGUL: "hangul",
    hebrew.HEBREW: "hebrew",
    arabic.ARABIC: "arabic",
    thai.THAI: "thai",
}
"""What the names of each list are written in, as cards call it."""


@dataclass(frozen=True)
class Beside:
    """Names of other lists: each with its share of women, and its slice of a kind."""

    kind: SliceKind
    names: tuple[str, ...]
    share: Floats
    slices: tuple[str, ...]

    @property
    def rows(self) -> list[tuple[str, Mask]]:
        """The rows of each slice (names,)."""
        found = np.array(self.slices)
        order = list(_SCRIPTS.values()) if self.kind == SliceKind.SCRIPT else sorted(set(self.slices))
        return [(name, found == name) for name in order if name in set(self.slices)]


def beside_of(held_out: Mapping[ReaderKind, Lessons], without: Collection[str] = ()) -> list[Beside]:
    """Return the held-out names by script and by country, less those that visitors taught."""
    rows = [row for lessons in held_out.values() for row in lessons.rows if row.name not in without]
    by_script = [(row, slice_) for row in rows if (slice_ := _script_of(row))]
    by_country = [(row, split_country(row.name)[0]) for row in rows if row.source in (COUNTRIES, PINYIN)]
    return [_beside(SliceKind.SCRIPT, by_script), _beside(SliceKind.COUNTRY, by_country)]


def scores_beside(
    answers: Answers, beside: Iterable[Beside], latin: Scores
) -> dict[SliceKind, tuple[Slice, ...]]:
    """Return the scores by script, with `latin` as those of Latin letters, and by country."""
    found = {}
    for one in beside:
        predicted = answers.of(one.names)
        first = (Slice(LATIN, latin),) if one.kind == SliceKind.SCRIPT else ()
        slices = (Slice(name, score(predicted[rows], one.share[rows])) for name, rows in one.rows)
        found[one.kind] = (*first, *slices)
    return found


def _beside(kind: SliceKind, rows: list[tuple[Lesson, str]]) -> Beside:
    shares = [row.share if row.told is None else row.told for row, _ in rows]
    names = tuple(row.name for row, _ in rows)
    return Beside(kind, names, np.array(shares, np.float64), tuple(slice_ for _, slice_ in rows))


def _script_of(row: Lesson) -> str:
    # Japanese names come a second time with their country.
    is_again = row.name.startswith("JP:") and row.source in (characters.KANJI, characters.KANA)
    return "" if is_again else _SCRIPTS.get(row.source, "")
