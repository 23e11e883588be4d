"""Names in Arabic letters, spelled from what they are in Hebrew and in Latin letters: no open list has them.

Hebrew letters stand for nearly the same consonants. Latin ones say more vowels than are written, and do not
tell all consonants apart: a name gets several spellings, of which some are right.
"""

import random
import re
from collections.abc import Iterator
from math import log10

from training.data.corpus import HOLDOUT, TRAIN, VALIDATION, part_of
from training.data.world import hebrew
from training.data.world.lessons import Lesson, Lessons
from training.names import own_letters

ARABIC = "Arabic letters"
ARAB_WORLD = "SA"
"""The country list counts it, with Iran, as one country."""
SPELLINGS = 10
FAMOUS = 600
_FROM_HEBREW = {
    "א": "ا", "ב": "ب", "ג": "جغ", "ג'": "ج", "ד": "دذض", "ד'": "ذ", "ה": "ه", "ו": "و", "ז": "زظ", "ח": "ح",
    "ח'": "خ", "ט": "ط", "ט'": "ظ", "י": "ي", "כ": "كخ", "ך": "ك", "ל": "ل", "מ": "م", "ם": "م", "נ": "ن",
    "ן": "ن", "ס": "س", "ע": "ع", "ע'": "غ", "פ": "ف", "ף": "ف", "צ": "ص", "צ'": "ض", "ץ": "ص", "ק": "ق",
    "ר": "ر", "ש": "ش", "ת": "ت", "ת'": "ث",
}  # fmt: skip
_CONSONANTS = {
    "sh": "ش", "kh": "خ", "gh": "غ", "th": "ثت", "dh": "ذض", "ch": "شچ", "ph": "ف", "zh": "ژ",
    "b": "ب", "c": "ك", "d": "ددض", "f": "ف", "g": "جغگ", "h": "هح", "j": "ج", "k": "ككق", "l": "ل", "m": "م",
    "n": "ن", "p": "بپ", "q": "ق", "r": "ر", "s": "سسص", "t": "تتط", "v": "فو", "w": "و", "x": "ك", "y": "ي",
    "z": "ززظ",
}  # fmt: skip
_VOWELS = {
    "ai": "ي", "ay": "ي", "ei": "ي", "ey": "ي", "ee": "ي", "ou": "و", "oo": "و", "au": "و", "aw": "و",
    "aa": "ا",
    "a": "ا", "e": "", "i": "ي", "o": "و", "u": "و",
}  # fmt: skip
_HEBREW_PIECES = re.compile(".'?")
_LATIN_PIECES = re.compile("|".join(sorted([*_CONSONANTS, *_VOWELS], key=len, reverse=True)) + "| ")
_DOUBLED = re.compile(r"([b-df-hj-np-tv-xz])\1")
_WRITTEN = {"a": 0.5, "i": 0.5, "o": 0.6, "u": 0.6}
"""How often a short vowel inside a name is written all the same; others are nearly always."""
_ENDS = ("ة", "ة", "ة", "ا", "اء", "ى", "ه")
"""How a name ends that ends in a in Latin letters."""


def read_arabic(by_country: Lessons) -> Lessons:
    """Return names in Arabic letters, from Hebrew ones and from a country list's names of the Arab world."""
    random_ = random.Random(0)  # nosec B311 # spellings, not secrets
    return Lessons((*_from_hebrew(random_), *_from_latin(by_country, random_)))


def _from_hebrew(random_: random.Random) -> Iterator[Lesson]:
    counts = hebrew.counted(without=hebrew.JEWISH)
    ranked = sorted(counts, key=lambda name: -sum(counts[name]))
    for rank, name in enumerate(ranked):
        women, men = counts[name]
        weight = 1 + log10(1 + women + men)
        spellings = {spelled_from_hebrew(name, random_) for _ in range(SPELLINGS // 2)}
        part = TRAIN if rank < FAMOUS else part_of(name)
        if part != TRAIN:
            spellings = set(sorted(spellings)[:1])
        for spelling in sorted(filter(None, spellings)):
            share = women / (women + men)
            yield Lesson(spelling, share, weight / len(spellings) ** 0.5, part, ARABIC, women + men)


def _from_latin(by_country: Lessons, random_: random.Random) -> Iterator[Lesson]:
    for row in by_country.rows:
        token, _, name = row.name.partition(":")
        if token != ARAB_WORLD or row.part in (HOLDOUT, VALIDATION):
            continue
        spellings = {spelled_from_latin(name, random_) for _ in range(SPELLINGS)}
        for spelling in sorted(spelling for spelling in spellings if len(spelling) > 1):
            yield Lesson(spelling, row.share, (1 + row.weight) / len(spellings) ** 0.5, TRAIN, ARABIC)


def spelled_from_hebrew(name: str, random_: random.Random) -> str:
    """Return one spelling in Arabic letters of a name in Hebrew ones."""
    pieces = (piece.group() for piece in _HEBREW_PIECES.finditer(name.replace("-", " ")))
    spelling = "".join(_piece(piece, random_) for piece in pieces)
    if spelling.endswith("ه") and random_.random() < 0.8:
        spelling = spelling[:-1] + "ة"
    if spelling.endswith("ا"):
        spelling = spelling[:-1] + random_.choice(("ا", "اء", "ى"))
    return own_letters(spelling)


def _piece(piece: str, random_: random.Random) -> str:
    choices = _FROM_HEBREW.get(piece) or _FROM_HEBREW.get(piece[0], "")
    return random_.choice(choices) if choices else " " if piece == " " else ""


def spelled_from_latin(name: str, random_: random.Random) -> str:
    """Return one spelling in Arabic letters of a name in Latin ones."""
    plain = _DOUBLED.sub(r"\1", name.replace("-", " ").replace("'", ""))
    return own_letters(" ".join(_word(word, random_) for word in plain.split()))


def _word(word: str, random_: random.Random) -> str:
    spelled, place = [], 0
    for found in _LATIN_PIECES.finditer(word):
        piece, is_last = found.group(), found.end() == len(word)
        spelled.append(_letter(piece, found.start() == place == 0, is_last, random_))
    return "".join(spelled)


def _letter(piece: str, is_first: bool, is_last: bool, random_: random.Random) -> str:
    if piece in _CONSONANTS:
        return random_.choice(_CONSONANTS[piece])
    if is_first:
        first = random_.choice("ااع")
        return first + (_VOWELS[piece] if len(piece) > 1 or piece in "iu" and random_.random() < 0.3 else "")
    if is_last and piece in "ae":
        return random_.choice(_ENDS)
    is_written = is_last or random_.random() < _WRITTEN.get(piece, 1.0)
    return _VOWELS[piece] if is_written else ""
