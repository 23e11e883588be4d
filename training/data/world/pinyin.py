"""Chinese names in Latin letters: what their characters are in pinyin, with the share of women among them.

The list of countries has such names, too, and says of each that both bear it: pinyin tells no tones, and many
names are written alike. How many of the spellings in characters are women's is what can be said of one.
"""

import re
from collections import defaultdict
from collections.abc import Container, Iterator, Mapping
from functools import lru_cache
from math import log10

from anyascii import anyascii

from training.data.world.characters import CHINESE
from training.data.world.lessons import Lesson, Lessons, part_of
from training.names import split_country, with_country
from training.names.alphabet import letters_only

PINYIN = "Chinese names in pinyin"
CHINA = "CN"
_SYLLABLES = re.compile("[A-Z][a-z]+")
_MOST_SYLLABLES = 3
_FEWEST = 2
"""Spellings in characters; of one alone the list is wrong too often."""
_SIGNS = ("-", " ")
"""What may stand between two syllables."""


def read_pinyin(characters: Lessons, frequent: Container[str] = ()) -> Lessons:
    """Return the names in pinyin, each with its country, from the lessons of Chinese characters.

    Less those that are `frequent` elsewhere: whoever is called Karen or Julie is not 卡仁 or 菊列.
    """
    return Lessons(tuple(_lessons(_spelled(characters), frequent)))


def _spelled(characters: Lessons) -> Mapping[tuple[str, ...], tuple[float, float, int]]:
    """Return syllables -> the weight of women's names among those written so, of all, and their number."""
    found: dict[tuple[str, ...], list[float]] = defaultdict(lambda: [0.0, 0.0, 0])
    for row in characters.rows:
        if row.source == CHINESE and (syllables := _syllables(split_country(row.name)[1])):
            counts = found[syllables]
            counts[0] += row.share * row.weight
            counts[1] += row.weight
            counts[2] += 1
    return {way: (women, all_, int(n)) for way, (women, all_, n) in found.items() if n >= _FEWEST}


def _syllables(name: str) -> tuple[str, ...]:
    found = tuple(_of_character(character) for character in name)
    return found if all(found) and len(found) <= _MOST_SYLLABLES else ()


@lru_cache(None)
def _of_character(character: str) -> str:
    spelled = anyascii(character)
    return spelled.lower() if _SYLLABLES.fullmatch(spelled) else ""


def _lessons(
    spelled: Mapping[tuple[str, ...], tuple[float, float, int]], frequent: Container[str]
) -> Iterator[Lesson]:
    for at, (syllables, (women, all_, n)) in enumerate(spelled.items()):
        together = "".join(syllables)
        if together in frequent:
            continue
        apart = _SIGNS[at % len(_SIGNS)].join(syllables)
        for name in dict.fromkeys((together, apart)):
            part = part_of(letters_only(name))
            yield Lesson(with_country(CHINA, name), women / all_, 1 + log10(1 + n), part, PINYIN)
