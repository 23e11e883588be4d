"""Names in Hebrew letters, spelled from what they are in Latin ones, beside those that were counted.

Hebrew writes few vowels, and some of its letters sound alike: a name gets several spellings, of which some
are right. So names are heard of that are rare in Israel. None of them is what a network is scored by.
"""

import random
import re
from collections import defaultdict
from collections.abc import Container, Iterator
from math import log10

from training.data.corpus import TRAIN, Corpus
from training.data.world.lessons import Lesson, Lessons, part_of
from training.names import own_letters

SPELLED = "Hebrew letters, spelled from Latin ones"
SPELLINGS = 3
LEAST_PEOPLE = 30
"""Bearers of a name that is spelled: of rarer ones the share says too little."""
_CONSONANTS = {
    "sch": "ש", "sh": "ש", "kh": "ח", "th": "ת", "ph": "פ", "tz": "צ", "ts": "צ", "zh": "ז", "gh": "ג",
    "dh": "ד", "ck": "ק", "qu": "ק", "b": "ב", "c": "ק", "d": "ד", "f": "פ", "g": "ג", "h": "הח", "k": "קקכ",
    "l": "ל", "m": "מ", "n": "נ", "p": "פ", "q": "ק", "r": "ר", "s": "ססש", "t": "טטת", "v": "ב", "w": "ו",
    "y": "י", "z": "ז",
}  # fmt: skip
_LONGER = {"ch": ("ח", "כ", "צ'", "ש"), "j": ("ג'", "ג'", "י"), "x": ("קס",)}
"""Consonants that may be spelled by two letters."""
_SOFT = {"c": ("ס",), "g": ("ג", "ג'")}
"""Before e, i and y."""
_INSIDE = {"v": ("ב", "ב", "ו"), "w": ("ו", "וו")}
_VOWELS = {
    "ai": "י", "ay": "י", "ei": "י", "ey": "י", "ee": "י", "ie": "י", "ou": "ו", "oo": "ו", "au": "או",
    "aw": "או", "ae": "א", "ia": "י", "ea": "י", "oa": "ו", "io": "יו", "aa": "א",
    "a": "", "e": "", "i": "י", "o": "ו", "u": "ו",
}  # fmt: skip
_LAST = {
    "a": ("ה", "ה", "ה", "א"), "aa": ("ה", "ה", "א"), "e": ("ה", "י", ""), "ia": ("יה", "יה", "יא"),
    "ea": ("יה", "אה"), "oa": ("ועה", "ואה"),
}  # fmt: skip
_WRITTEN = {"a": ("א", 0.2), "e": ("י", 0.08), "i": ("י", 0.8)}
"""What a vowel inside a name is written as, and how often."""
_PIECES = re.compile("|".join(sorted([*_CONSONANTS, *_LONGER, *_VOWELS], key=len, reverse=True)) + "|.")
_DOUBLED = re.compile(r"([b-df-hj-np-tv-xz])\1")
_FINAL = str.maketrans("כמנפצ", "ךםןףץ")


def read_hebrew_spellings(corpus: Corpus, counted: Container[str]) -> Lessons:
    """Return spellings of a corpus's names, less those `counted` in Hebrew and those that are put aside."""
    random_ = random.Random(0)  # nosec B311 # spellings, not secrets
    counts: dict[str, list[float]] = defaultdict(lambda: [0.0, 0.0])
    for name, people, share in zip(corpus.names, corpus.people, corpus.share, strict=True):
        if people < LEAST_PEOPLE:
            break  # the rest is rarer
        for spelling in {spelled_from_latin(name, random_) for _ in range(SPELLINGS)}:
            counts[spelling][0] += share * people
            counts[spelling][1] += people
    return Lessons(tuple(row for row in _lessons(counts) if row.name not in counted))


def _lessons(counts: dict[str, list[float]]) -> Iterator[Lesson]:
    for spelling, (women, people) in sorted(counts.items()):
        if len(spelling) > 1 and part_of(spelling) == TRAIN:
            yield Lesson(spelling, women / people, 1 + log10(1 + people), TRAIN, SPELLED, round(people))


def spelled_from_latin(name: str, random_: random.Random) -> str:
    """Return one spelling in Hebrew letters of a name in Latin ones."""
    plain = _DOUBLED.sub(r"\1", name.replace("-", " ").replace("'", ""))
    return own_letters(" ".join(_word(word, random_) for word in plain.split()))


def _word(word: str, random_: random.Random) -> str:
    spelling = "".join(_piece(found, word, random_) for found in _PIECES.finditer(word))
    # Behind a vowel nothing is a last letter, and a sound of p keeps פ there.
    has_no_last_form = word[-1] in "aeiouyp"
    return spelling if has_no_last_form else spelling[:-1] + spelling[-1:].translate(_FINAL)


def _piece(found: re.Match[str], word: str, random_: random.Random) -> str:
    piece, is_first, is_last = found.group(), found.start() == 0, found.end() == len(word)
    if piece in _VOWELS:
        if is_first:
            return _first_vowel(piece, random_)
        return random_.choice(_LAST.get(piece, (_VOWELS[piece],))) if is_last else _vowel(piece, random_)
    if piece == "h" and is_last:
        return "ה" if word[-2:-1] in "aeo" else ""
    if word[found.end() : found.end() + 1] in tuple("eiy") and piece in _SOFT:
        return random_.choice(_SOFT[piece])
    if not is_first and piece in _INSIDE:
        return random_.choice(_INSIDE[piece])
    return random_.choice(_LONGER.get(piece) or _CONSONANTS[piece])


def _first_vowel(piece: str, random_: random.Random) -> str:
    carrier = "א" if random_.random() < 0.85 else "ע"
    if piece in ("i", "ee", "ei", "ey"):
        return carrier + ("י" if random_.random() < 0.6 else "")
    return carrier + _VOWELS[piece].removeprefix("א")


def _vowel(piece: str, random_: random.Random) -> str:
    letter, often = _WRITTEN.get(piece, (_VOWELS[piece], 1.0))
    return letter if random_.random() < often else ""
