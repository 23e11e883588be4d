"""How much the words of a name look like a surname, and which of them belong together."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from training.names.reading import Reading, Why
from training.names.scripts.countries import COUNTRIES
from training.names.tables import GIVEN_NAMES, PARTICLES, SURNAMES
from training.names.transliteration.latin import is_faithful, transliterate
from training.names.words.telling import Word

_AS_WRITTEN = SURNAMES.written | SURNAMES.apart
_LEADING = PARTICLES.small | PARTICLES.capital | PARTICLES.always
_CYRILLIC = re.compile("[\u0400-\u052f-]+")
_ENDS_SO_IN_CYRILLIC = re.compile(
    ".{2,}([оеё]ва?|[иы]на?|[сц]к(ий|ая|ой)|ая|енко|[чщ]ук|[иы]х)", re.IGNORECASE
)
_NISBA = re.compile("ال\\w{2,}ي")
_ARTICLES = ("al-", "el-", "ad-", "ar-", "as-", "ash-", "at-", "az-", "an-")
"""With which Arabic surnames begin in Latin letters."""
KNOWN, ENDING, LIKELY, NOTHING, GIVEN = 4, 2, 1, 0, -1
"""How much speaks for a surname: a known one, capitals or a particle before it; the way it ends; a known one
that is a given name too; nothing; a given name that many bear."""


@dataclass(frozen=True)
class Unit:
    """Words that belong together, as "van der Berg", and how much they look like a surname."""

    words: tuple[Word, ...]
    strength: int = 0


def latin_of(word: str) -> str:
    """Return a word as tables hold it; empty where its letters keep too little: علي is not Ly."""
    if word.isascii() and word.isalpha():
        return word.lower()  # as most words are
    return transliterate(word) if is_faithful(word) else ""


def is_particle(word: Word) -> bool:
    """Say whether a word is one that stands in surnames, in small letters: van, de."""
    return word.text in PARTICLES.small


def is_surname_alone(words: Sequence[Word]) -> bool:
    """Say whether the words are one surname with a particle before it, as "van der Berg"."""
    named = [word for word in words if not word.why]
    is_one = len(named) > 1 and is_particle(named[0]) and named[-1].text[:1].isupper()
    return is_one and len(units_of(named)) == 1


def is_surely_surname(word: Word) -> bool:
    """Say whether a word is a surname that is no frequent given name, by itself or by its end."""
    return _strength([word], are_mixed=False) >= ENDING


def strength_of(word: str) -> int:
    """Return how much a word looks like a surname by itself."""
    return _strength([Word(word)], are_mixed=False)


def units_of(words: Sequence[Word]) -> list[Unit]:
    """Return the words of a name in pieces that belong together: "van der Berg" is one."""
    pieces: list[list[Word]] = []
    held: list[Word] = []
    for at, word in enumerate(words):
        held.append(word)
        if leads_on(word) or _leads_on_in_capitals(words, at):
            continue
        if pieces and _is_devotion(held):
            pieces[-1] += held
        else:
            pieces.append(held)
        held = []
    # A word in capitals tells a surname only where others are not (DUPONT Marie).
    are_mixed = any(not word.text.isupper() for word in words if not word.joins)
    return [_unit(piece, are_mixed) for piece in [*pieces, held] if piece]


def _unit(words: list[Word], are_mixed: bool) -> Unit:
    return Unit(tuple(words), _strength(words, are_mixed))


def _strength(words: list[Word], are_mixed: bool) -> int:
    word = words[-1].text
    latin = latin_of(word)
    is_given = latin in GIVEN_NAMES or latin in SURNAMES.given
    if (are_mixed and word.isupper() and len(word) > 2) or word in _AS_WRITTEN:
        return KNOWN
    if words[0].text.casefold() in PARTICLES.opening:
        return NOTHING  # Abd al-Rahman, Abu Bakr
    if len(words) > 1 and words[0].text.casefold() in PARTICLES.middle:
        return GIVEN
    if latin.startswith(_ARTICLES) or _NISBA.fullmatch(word):
        return KNOWN
    if "-" in latin and all(part in SURNAMES.syllables for part in latin.split("-")):
        return GIVEN  # Joon-ho
    is_surname = latin in SURNAMES.first or latin in SURNAMES.last
    if is_surname and not is_given:
        return KNOWN
    if len(words) > 1 and words[0].text.casefold() in _LEADING and latin not in PARTICLES.devotion:
        return KNOWN
    if is_given:
        return LIKELY if is_surname else GIVEN
    return ENDING if _ends_so(word, latin) else NOTHING


def _ends_so(word: str, latin: str) -> bool:
    # In Latin letters -ina is rather a given name's end: Rosina.
    if _CYRILLIC.fullmatch(word):
        return bool(_ENDS_SO_IN_CYRILLIC.fullmatch(word))
    return latin[2:].endswith(SURNAMES.endings)  # behind two letters at least


def country_told(surname: str) -> str:
    """Return the token of the country that a surname tells, "Rossi" and "de Jong" alike; empty for most."""
    if surname in SURNAMES.countries:
        return SURNAMES.countries[surname]  # in letters of its own: 김
    words = [latin_of(word) for word in surname.replace("-", " ").split()]
    whole = SURNAMES.countries.get(" ".join(words), "")
    told = {whole} if whole else {_country_of(word) for word in words if word not in _LEADING}
    return told.pop() if len(told := told - {""}) == 1 else ""


def from_its_surname(reading: Reading) -> Reading:
    """Return the reading from the country that its surname tells: Andrea Rossi's Andrea is one from Italy."""
    if reading.country or reading.script:
        return reading
    surnames = [piece.text for piece in reading.left_out if piece.why == Why.SURNAME]
    told = {token: surname for surname in surnames if (token := country_told(surname))}
    if len(told) != 1:
        return reading
    ((token, surname),) = told.items()
    return replace(reading.from_country(COUNTRIES[token]), telling_surname=surname)


def _country_of(latin: str) -> str:
    if latin in SURNAMES.countries:
        return SURNAMES.countries[latin]
    # The longest ending decides; one of two letters says too little.
    by_ending = SURNAMES.countries_of_endings
    ends = (latin[-n:] for n in range(min(7, len(latin) - 2), 2, -1))
    return next((by_ending[end] for end in ends if end in by_ending), "")


def leads_on(word: Word) -> bool:
    """Say whether a word belongs to the one behind it."""
    folded = word.text.casefold()
    if word.text.rpartition("-")[1:] in {
        ("-", particle) for particle in PARTICLES.noble
    }:  # Keuls-van der Berg
        return True
    if folded in PARTICLES.opening or folded in PARTICLES.always or folded in PARTICLES.middle:
        return True
    return folded in PARTICLES.small and (word.text == folded or word.text.isupper())


def _leads_on_in_capitals(words: Sequence[Word], at: int) -> bool:
    # Fatima Al Hassan, De Luca Anna; but Al Gore.
    folded, n = words[at].text.casefold(), len(words)
    is_inside = 0 < at < n - 1
    if folded in PARTICLES.western:  # Jean-Claude Van Damme; but Nguyen Van An
        return is_inside and not any(
            latin_of(word.text) in SURNAMES.single for word in words if word is not words[at]
        )
    return folded in PARTICLES.capital and (is_inside or (at == 0 and n > 2 and folded not in GIVEN_NAMES))


def _is_devotion(words: list[Word]) -> bool:
    # María del Carmen, Juan de Dios: what follows the particle is no surname.
    return len(words) > 1 and latin_of(words[-1].text) in PARTICLES.devotion
