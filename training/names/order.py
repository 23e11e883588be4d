"""The order of a full name: which of its words are the given name, which the surname."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from training.names.alphabet import UnreadableName
from training.names.reading import Doubt, Form, LeftOut, Why
from training.names.surnames import ENDING, GIVEN, KNOWN, LIKELY, NOTHING, Unit, latin_of, leads_on, units_of
from training.names.tables import AND, GIVEN_NAMES, PARTICLES, SURNAMES
from training.names.words.telling import Word

TWO_PEOPLE = "These are the names of two people: ask for one at a time."

_PATRONYMIC = re.compile(
    r".+(ович|евич|овна|евна|ична|инична|івна|ївна|ovich|evich|ovna|evna|ichna)|(иль|кузьм|лук|фом|никит|савв)ич",
    re.IGNORECASE,
)
_NO_BLANK = re.compile("[\u3400-\u9fff\uf900-\ufaff\uac00-\ud7a3々]{2,}")
"""Two letters or more of the scripts that write surname and given name in one word."""
_THEN_KANA = re.compile("([\u3400-\u9fff々]+)[\u3041-\u3096\u30a1-\u30fc]{2,}")
"""佐藤さくら: a surname in kanji before a given name in kana."""
_MOST_GIVEN_NAMES = 3
"""Names that one person is given; more of them are rather a full name."""


@dataclass(frozen=True)
class Ordered:
    """The words of the given name, what was left out beside it, and what is doubtful."""

    given: tuple[Word, ...]
    left_out: tuple[LeftOut, ...] = ()
    doubts: tuple[Doubt, ...] = ()


def put_in_order(words: Sequence[Word], form: Form, is_eastern: bool = False) -> Ordered:
    """Return the given name among the words of a name, in a form; raise UnreadableName for two people.

    `is_eastern` says that the name is from where the surname comes first.
    """
    # 王芳: surname and given name in one word.
    _refuse_two_people(words, form)
    if len(words) == 1 and _is_written_together(words[0].text):
        return _written_together(words[0], form)
    begins = _by_patronymic(words)
    words, patronymics = _without_patronymic(words)
    found = _ordered(units_of(words), form, begins, is_eastern)
    return Ordered(found.given, (*patronymics, *found.left_out), found.doubts)


def _refuse_two_people(words: Sequence[Word], form: Form) -> None:
    # Of the words between two people y, e, i and the like may also stand within a surname, and "von und zu".
    for before, word in pairwise(words):
        is_strong = form == Form.GIVEN or word.text in AND.signs or word.text.casefold() in AND.always
        if word.joins and is_strong and not leads_on(before):
            raise UnreadableName(TWO_PEOPLE)
    if words[0].joins:
        raise UnreadableName(TWO_PEOPLE)


def _is_written_together(text: str) -> bool:
    return bool(_NO_BLANK.fullmatch(text) or _THEN_KANA.fullmatch(text))


def _written_together(word: Word, form: Form) -> Ordered:
    text = word.text
    if found := _THEN_KANA.fullmatch(text):
        return _before_kana(word, found[1], form)
    if form == Form.AUTO and len(text) > 1 and text in SURNAMES.written:
        return Ordered((word,), doubts=(Doubt.SURNAME,))
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


def _before_kana(word: Word, kanji: str, form: Form) -> Ordered:
    is_surname = kanji in SURNAMES.written
    if form == Form.GIVEN:
        return Ordered((word,), doubts=(Doubt.FULL_NAME,) if is_surname else ())
    if form == Form.AUTO and not is_surname and len(kanji) == 1:
        return Ordered((word,))
    given = Word(word.text[len(kanji) :])
    return Ordered((given,), (LeftOut(kanji, Why.SURNAME),), () if is_surname else (Doubt.ORDER,))


def is_patronymic(text: str) -> bool:
    """Say whether a word is made of a father's name."""
    return _PATRONYMIC.fullmatch(text) is not None


def _by_patronymic(words: Sequence[Word]) -> bool | None:
    """Return whether the place of a patronymic puts the surname first; None where it says nothing."""
    if len(words) < 3 or not any(_PATRONYMIC.fullmatch(word.text) for word in words[1:]):
        return None
    return bool(_PATRONYMIC.fullmatch(words[-1].text))


def _without_patronymic(words: Sequence[Word]) -> tuple[list[Word], tuple[LeftOut, ...]]:
    # Not where it stands first: there it is rather a surname.
    ends = {at for at, word in enumerate(words) if word.text.casefold() in PARTICLES.child and at > 1}
    child = {words[at - n] for at in ends for n in (0, 1)}  # Ахмед кызы
    found = [word for word in words[1:] if word in child or _PATRONYMIC.fullmatch(word.text)]
    left_out = tuple(LeftOut(word.text, Why.PATRONYMIC) for word in found)
    return [word for word in words if word not in found], left_out


def without_particles(words: Sequence[Word]) -> tuple[list[Word], list[Word]]:
    """Return the words of a given name, and particles behind it: "Beethoven, Ludwig van"."""
    n = len(words)
    while n > 1 and words[n - 1].text in PARTICLES.small and any(word.is_name for word in words[: n - 1]):
        n -= 1
    return list(words[:n]), list(words[n:])


def _ordered(units: list[Unit], form: Form, begins: bool | None, is_eastern: bool) -> Ordered:
    if form == Form.GIVEN or len(units) < 2:
        given = _one_person(_flat(units))
        if form == Form.AUTO and units[0].strength == KNOWN:  # Me Dupont, Frau Müller
            return Ordered(given, doubts=(Doubt.SURNAME,))
        return Ordered(given, doubts=(Doubt.FULL_NAME,) if _may_be_full(units) else ())
    return _decided(units, begins, is_eastern) if form == Form.AUTO else _split(units, form)


def _may_be_full(units: list[Unit]) -> bool:
    return is_full_by([unit.strength for unit in units])


def is_full_by(strengths: Sequence[int]) -> bool:
    """Say whether names may be a full one, by how much each of them looks like a surname."""
    if len(strengths) < 2:
        return False
    ends = {strengths[0], strengths[-1]}
    return len(strengths) > _MOST_GIVEN_NAMES or max(ends) > NOTHING or ends == {GIVEN, NOTHING}


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
    if form == Form.SURNAME_FIRST and latin_of(units[0].words[-1].text) in SURNAMES.single:
        return 1
    n = 1
    # Stops one short of all units: somebody must be called something.
    while n < len(units) - 1 and _goes_on(from_surname[n - 1], from_surname[n], form):
        n += 1
    return n


def _goes_on(unit: Unit, following: Unit, form: Form) -> bool:
    # Ramón y Cajal: the word between stands at the head of the later one. García Márquez: both are known.
    later = unit if form == Form.GIVEN_FIRST else following
    if form == Form.GIVEN_FIRST and following.strength == KNOWN:
        return True  # José Rodríguez Zapatero: whoever comes behind a surname bears another one
    return later.words[0].joins or min(unit.strength, following.strength) >= LIKELY


def _decided(units: list[Unit], told: bool | None, is_eastern: bool) -> Ordered:
    if all(unit.strength == GIVEN for unit in units):
        return Ordered(_one_person(_flat(units)), doubts=(Doubt.ORDER,))
    if korean := _in_syllables(units):
        return korean
    first, last = units[0].strength, units[-1].strength
    is_eastern = is_eastern or _begins_eastern(units)
    # Where both ends look alike, a surname or a country decides that puts it first.
    begins = first > last or (first == last and is_eastern)
    if told is not None and (last if told else first) >= NOTHING and (first if told else last) == GIVEN:
        told = None  # the words say otherwise
    begins = begins if told is None else told
    found = _split(units, Form.SURNAME_FIRST if begins else Form.GIVEN_FIRST)
    surname, given = (first, last) if begins else (last, first)
    is_certain = (
        (told is not None and surname >= given)
        or surname != given
        and (surname > ENDING or (surname == ENDING and given == GIVEN))
    )
    # As likely one way as the other: the order that was chosen is told as a doubt.
    return found if is_certain else Ordered(found.given, found.left_out, (Doubt.ORDER,))


def _begins_eastern(units: list[Unit]) -> bool:
    if units[0].words[-1].text in SURNAMES.written:
        return True
    first, last = (latin_of(units[at].words[-1].text) for at in (0, -1))
    # Kim Lee: two surnames, the first of which is a given name elsewhere, and the last none there.
    is_western = first in GIVEN_NAMES and last in SURNAMES.first and last not in SURNAMES.syllables
    return first in SURNAMES.first and not is_western


def _in_syllables(units: list[Unit]) -> Ordered | None:
    """Return what is read of a Korean name in two or three words: two syllables are a given name."""
    are = [_is_syllable(unit) for unit in units]
    if len(units) == 2 and all(are):
        return Ordered(_one_person(_flat(units)), doubts=(Doubt.ORDER,))  # Jung Hee: rather no surname
    if len(units) != 3 or not are[1] or not (are[0] or are[2]):
        return None
    surname = units[0] if are[2] else units[2]
    if surname.strength == GIVEN:  # Anna Sun Young
        return None
    found = _split(units, Form.SURNAME_FIRST if are[2] else Form.GIVEN_FIRST)
    return Ordered(found.given, found.left_out, (Doubt.ORDER,)) if all(are) else found


def _is_syllable(unit: Unit) -> bool:
    return len(unit.words) == 1 and latin_of(unit.words[0].text) in SURNAMES.syllables


def _one_person(words: tuple[Word, ...]) -> tuple[Word, ...]:
    if any(word.joins for word in words):
        raise UnreadableName(TWO_PEOPLE)
    return words


def _flat(units: Sequence[Unit]) -> tuple[Word, ...]:
    return tuple(word for unit in units for word in unit.words)
