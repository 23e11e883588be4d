"""The order of a full name: which of its words are the given name, which the surname."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from training.names.alphabet import UnreadableName
from training.names.reading import Doubt, Form, LeftOut, Why
from training.names.tables import AND, GIVEN_NAMES, PARTICLES, SURNAMES
from training.names.transliteration.latin import transliterate
from training.names.words.telling import Word

TWO_PEOPLE = "These are the names of two people: ask for one at a time."

_PATRONYMIC = re.compile(
    r".+(ович|евич|овна|евна|ична|инична|івна|ївна|ovich|evich|ovna|evna|ichna)|(иль|кузьм|лук|фом|никит|савв)ич",
    re.IGNORECASE,
)
_NO_BLANK = re.compile("[\u3400-\u9fff\uf900-\ufaff\uac00-\ud7a3々]{2,}")
"""Two letters or more of the scripts that write surname and given name in one word."""
_LEADING = PARTICLES.small | PARTICLES.capital | PARTICLES.always
_MOST_GIVEN_NAMES = 3
"""Names that one person is given; more of them are rather a full name."""
_KNOWN, _PARTICLE, _ENDING, _LIKELY, _NOTHING, _GIVEN = 4, 3, 2, 1, 0, -1
"""How much speaks for a surname: a known one or capitals; a particle before it; the way it ends; a known one
that is a given name too; nothing; a given name that many bear."""


@dataclass(frozen=True)
class Ordered:
    """The words of the given name, what was left out beside it, and what is doubtful."""

    given: tuple[Word, ...]
    left_out: tuple[LeftOut, ...] = ()
    doubts: tuple[Doubt, ...] = ()


@dataclass(frozen=True)
class Unit:
    """Words that belong together, as "van der Berg", and how much they look like a surname."""

    words: tuple[Word, ...]
    strength: int = 0


def put_in_order(words: Sequence[Word], form: Form) -> Ordered:
    """Return the given name among the words of a name, in a form; raise UnreadableName for two people."""
    # 王芳: surname and given name in one word.
    _refuse_two_people(words, form)
    if len(words) == 1 and _NO_BLANK.fullmatch(words[0].text):
        return _written_together(words[0], form)
    words, patronymics = _without_patronymic(words)
    found = _ordered(_units(words), form, bool(patronymics))
    return Ordered(found.given, (*patronymics, *found.left_out), found.doubts)


def _refuse_two_people(words: Sequence[Word], form: Form) -> None:
    # Of the words between two people y, e, i and the like may also stand within a surname, and "von und zu".
    for before, word in pairwise(words):
        is_strong = form == Form.GIVEN or word.text in AND.signs or word.text.casefold() in AND.always
        if word.joins and is_strong and not _leads_on(before):
            raise UnreadableName(TWO_PEOPLE)
    if words[0].joins:
        raise UnreadableName(TWO_PEOPLE)


def _written_together(word: Word, form: Form) -> Ordered:
    text = word.text
    # The longest known surname that leaves at least one letter for the given name.
    length = next((n for n in (3, 2, 1) if n < len(text) and text[:n] in SURNAMES.written), 0)
    is_given = len(text) == 2 and "\uac00" <= text[0] <= "\ud7a3"  # in Korean a full name has three letters
    if is_given and form in (Form.GIVEN, Form.AUTO):
        return Ordered((word,))
    if form == Form.GIVEN:
        is_full = length and (len(text) > 2 or text[:1] in SURNAMES.frequent)
        return Ordered((word,), doubts=(Doubt.FULL_NAME,) if is_full else ())
    if form == Form.AUTO and not length:
        return Ordered((word,))
    # Unknown: of four letters or more the first two, as most Japanese surnames have, else one.
    cut = length or (2 if len(text) > 3 else 1)
    surname = LeftOut(text[:cut], Why.SURNAME)
    return Ordered((Word(text[cut:]),), (surname,), () if length else (Doubt.ORDER,))


def _without_patronymic(words: Sequence[Word]) -> tuple[list[Word], tuple[LeftOut, ...]]:
    # Not where it stands first: there it is rather a surname.
    found = [word for word in words[1:] if _PATRONYMIC.fullmatch(word.text)]
    left_out = tuple(LeftOut(word.text, Why.PATRONYMIC) for word in found)
    return [word for word in words if word not in found], left_out


def _units(words: Sequence[Word]) -> list[Unit]:
    pieces: list[list[Word]] = []
    held: list[Word] = []
    for at, word in enumerate(words):
        held.append(word)
        if _leads_on(word) or _leads_on_in_capitals(word, at, len(words)):
            continue
        if pieces and _is_devotion(held):
            pieces[-1] += held
        else:
            pieces.append(held)
        held = []
    # A word in capitals tells a surname only where others are not (DUPONT Marie).
    are_mixed = any(not word.text.isupper() for word in words if not word.joins)
    return [_unit(piece, are_mixed) for piece in [*pieces, held] if piece]


def without_particles(words: Sequence[Word]) -> tuple[list[Word], list[Word]]:
    """Return the words of a given name, and particles behind it: "Beethoven, Ludwig van"."""
    n = len(words)
    while n > 1 and words[n - 1].text in PARTICLES.small and any(word.is_name for word in words[: n - 1]):
        n -= 1
    return list(words[:n]), list(words[n:])


def _unit(words: list[Word], are_mixed: bool) -> Unit:
    return Unit(tuple(words), _strength(words, are_mixed))


def _leads_on(word: Word) -> bool:
    folded = word.text.casefold()
    if folded in PARTICLES.opening or folded in PARTICLES.always:
        return True
    return folded in PARTICLES.small and (word.text == folded or word.text.isupper())


def _leads_on_in_capitals(word: Word, at: int, n: int) -> bool:
    # Fatima Al Hassan, De Luca Anna; but Al Gore.
    folded = word.text.casefold()
    is_inside = 0 < at < n - 1
    return folded in PARTICLES.capital and (is_inside or (at == 0 and n > 2 and folded not in GIVEN_NAMES))


def _is_devotion(words: list[Word]) -> bool:
    # María del Carmen, Juan de Dios: what follows the particle is no surname.
    return len(words) > 1 and transliterate(words[-1].text) in PARTICLES.devotion


def _strength(words: list[Word], are_mixed: bool) -> int:
    word = words[-1].text
    latin = transliterate(word)
    is_given = latin in GIVEN_NAMES
    if (are_mixed and word.isupper() and len(word) > 2) or word in SURNAMES.written:
        return _KNOWN
    is_surname = latin in SURNAMES.first or latin in SURNAMES.last
    if is_surname and not is_given:
        return _KNOWN
    if len(words) > 1 and words[0].text.casefold() in _LEADING and latin not in PARTICLES.devotion:
        return _PARTICLE
    if is_given:
        return _LIKELY if is_surname else _GIVEN
    ends_so = any(latin.endswith(end) and len(latin) > len(end) + 1 for end in SURNAMES.endings)
    return _ENDING if ends_so else _NOTHING


def _ordered(units: list[Unit], form: Form, is_russian: bool) -> Ordered:
    if form == Form.GIVEN or len(units) < 2:
        given = _one_person(_flat(units))
        if form == Form.AUTO and units[0].strength == _KNOWN:  # Me Dupont, Frau Müller
            return Ordered(given, doubts=(Doubt.SURNAME,))
        return Ordered(given, doubts=(Doubt.FULL_NAME,) if _may_be_full(units) else ())
    return _decided(units, is_russian) if form == Form.AUTO else _split(units, form)


def _may_be_full(units: list[Unit]) -> bool:
    if len(units) < 2:
        return False
    ends = {units[0].strength, units[-1].strength}
    return len(units) > _MOST_GIVEN_NAMES or max(ends) > _NOTHING or ends == {_GIVEN, _NOTHING}


def _split(units: list[Unit], form: Form) -> Ordered:
    n = _surname_length(units, form)
    given, surname = (units[:-n], units[-n:]) if form == Form.GIVEN_FIRST else (units[n:], units[:n])
    text = " ".join(word.text for word in _flat(surname))
    if surname[0].words[0].joins:
        raise UnreadableName(TWO_PEOPLE)
    return Ordered(_one_person(_flat(given)), (LeftOut(text, Why.SURNAME),))


def _surname_length(units: list[Unit], form: Form) -> int:
    """Return how many units belong to the surname of a full name; one given name is left at least."""
    from_surname = units[::-1] if form == Form.GIVEN_FIRST else units
    # Kim Jung Hee: of Korean names the surname has one word, whatever the others are, too.
    if len(units) > 2 and all(map(_is_syllable, from_surname[1:])):
        return 1
    if form == Form.SURNAME_FIRST and transliterate(units[0].words[-1].text) in SURNAMES.single:
        return 1
    n = 1
    # Stops one short of all units: somebody must be called something.
    while n < len(units) - 1 and _goes_on(from_surname[n - 1], from_surname[n], form):
        n += 1
    return n


def _goes_on(unit: Unit, following: Unit, form: Form) -> bool:
    # Ramón y Cajal: the word between stands at the head of the later one. García Márquez: both are known.
    later = unit if form == Form.GIVEN_FIRST else following
    if form == Form.GIVEN_FIRST and following.strength == _KNOWN:
        return True  # José Rodríguez Zapatero: whoever comes behind a surname bears another one
    return later.words[0].joins or min(unit.strength, following.strength) >= _LIKELY


def _decided(units: list[Unit], is_russian: bool) -> Ordered:
    if all(unit.strength == _GIVEN for unit in units):
        return Ordered(_one_person(_flat(units)), doubts=(Doubt.ORDER,))
    if korean := _in_syllables(units):
        return korean
    first, last = units[0].strength, units[-1].strength
    is_eastern = transliterate(units[0].words[-1].text) in SURNAMES.first
    # Where both ends look alike, a surname of an eastern language decides; a patronymic speaks against it.
    begins = first > last or (first == last and is_eastern and not is_russian)
    found = _split(units, Form.SURNAME_FIRST if begins else Form.GIVEN_FIRST)
    surname, given = (first, last) if begins else (last, first)
    is_certain = surname != given and (surname > _ENDING or (surname == _ENDING and given == _GIVEN))
    # As likely one way as the other: the order that was chosen is told as a doubt.
    return found if is_certain else Ordered(found.given, found.left_out, (Doubt.ORDER,))


def _in_syllables(units: list[Unit]) -> Ordered | None:
    """Return what is read of a Korean name in two or three words: two syllables are a given name."""
    are = [_is_syllable(unit) for unit in units]
    if len(units) == 2 and all(are):
        return Ordered(_one_person(_flat(units)), doubts=(Doubt.ORDER,))  # Jung Hee: rather no surname
    if len(units) != 3 or not are[1] or not (are[0] or are[2]):
        return None
    surname = units[0] if are[2] else units[2]
    if surname.strength == _GIVEN:  # Anna Sun Young
        return None
    found = _split(units, Form.SURNAME_FIRST if are[2] else Form.GIVEN_FIRST)
    return Ordered(found.given, found.left_out, (Doubt.ORDER,)) if all(are) else found


def _is_syllable(unit: Unit) -> bool:
    return len(unit.words) == 1 and transliterate(unit.words[0].text) in SURNAMES.syllables


def _one_person(words: tuple[Word, ...]) -> tuple[Word, ...]:
    if any(word.joins for word in words):
        raise UnreadableName(TWO_PEOPLE)
    return words


def _flat(units: Sequence[Unit]) -> tuple[Word, ...]:
    return tuple(word for unit in units for word in unit.words)
