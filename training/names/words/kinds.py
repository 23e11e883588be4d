"""What one word may be by itself: initials, a title behind a name, a wife's name by her husband's."""

import re
import unicodedata
from enum import Enum, auto

from training.names.tables import GIVEN_NAMES, MARRIAGE, SURNAMES, TITLES, fold
from training.names.transliteration.latin import transliterate

VOWELS = frozenset("aeiouyаеёиоуыэюяіїє")
"""Of Latin and Cyrillic letters."""
_INITIALS = re.compile(r"(?:[^\W\d_]\.?-?)(?:[^\W\d_]\.-?)*[^\W\d_]?\.?")
_BY_MARRIAGE = frozenset((MARRIAGE.ending, transliterate(MARRIAGE.ending)))
_ONE_SYLLABLE = re.compile("[^aeiou]*[aeiou]+(n|ng|k|l|h)?")


def is_initials(token: str) -> bool:
    """Say whether a token is one initial or several: "B", "B.", "J.K.", "J.-P.", "Ph."."""
    letters = [character for character in token if character.isalpha()]
    if not letters or not all(map(_may_be_initial, letters)):
        return False
    if token.endswith(".") and len(letters) == 2 and token.count(".") == 1 and "-" not in token:
        return not VOWELS & set(token.casefold())  # "Ch." and "Ph." stand for one sound
    return bool(_INITIALS.fullmatch(token)) and (len(letters) == 1 or "." in token[:2] or token[1] == "-")


def _may_be_initial(letter: str) -> bool:
    return unicodedata.category(letter) in ("Lu", "Ll") or unicodedata.name(letter, "").startswith(
        ("ARABIC", "HEBREW", "THAI")
    )


class Marriage(Enum):
    """What stands before the ending of a woman's name by marriage."""

    HUSBAND = auto()
    FAMILY = auto()


def by_marriage(text: str) -> Marriage | None:
    """Return by what of her husband's a woman is called with this word, if by anything."""
    latin = transliterate(text) if text[-2:].casefold() in _BY_MARRIAGE else ""
    stem = latin[:-2]
    is_name = latin in GIVEN_NAMES or text.casefold() in MARRIAGE.names
    if not stem or is_name:
        return None
    if stem in MARRIAGE.husbands:
        return Marriage.HUSBAND
    return Marriage.FAMILY if stem in MARRIAGE.families else None


def is_honorific(name: str, word: str, is_last: bool) -> bool:
    """Say whether a word behind a name is a title."""
    is_korean = transliterate(name) in SURNAMES.first and fold(word) in SURNAMES.syllables  # Park Ji Sung
    if is_korean or _are_syllables(name, word):
        return False
    is_small = is_last and word == word.lower() and name != name.lower() and word in TITLES.small
    return is_small or fold(word) in TITLES.behind


def _are_syllables(name: str, word: str) -> bool:
    # One syllable behind another is rather a name: Min Ji, Hsiu-chan.
    return all(_ONE_SYLLABLE.fullmatch(transliterate(part)) for part in (name, word))


def title_at_start(token: str) -> str:
    """Return the title that is written onto a name before it; empty if none is: นางสาวสุดา is Miss Suda."""
    for title in TITLES.beginnings if token.startswith(TITLES.beginnings) else ():
        name = token.removeprefix(title)
        # A vowel's sign cannot begin a name: it belongs to the letter before it, and that is no title.
        may_begin = unicodedata.category(name[:1] or " ") == "Lo" and name[0] not in "ะาำๅ"
        if name != token and len(name) > 1 and may_begin:
            return title
    return ""


def title_at_end(token: str) -> str:
    """Return the title that is written onto a name, as it is there; empty if none is."""
    # Most end like none of them, which one look tells.
    for ending in TITLES.endings if token.casefold().endswith(TITLES.endings) else ():
        name, title = token[: -len(ending)], token[-len(ending) :]
        if name and title.casefold() == ending and not (title[0] == "-" and _are_syllables(name, title)):
            return title
    name, hyphen, title = token.rpartition("-")
    return hyphen + title if hyphen and is_honorific(name, title, is_last=True) else ""
