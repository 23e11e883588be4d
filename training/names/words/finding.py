"""The given name among the words of a text, or why there is none."""

import re

from training.names.alphabet import UnreadableName
from training.names.order import TWO_PEOPLE, Ordered, put_in_order, without_particles
from training.names.reading import Doubt, Form, LeftOut, Why
from training.names.surnames import is_particle, is_surely_surname, is_surname_alone
from training.names.tables import COMPANIES, FAMILIES, GIVEN_NAMES, PARTICLES, SURNAMES, TITLES, fold
from training.names.transliteration.latin import NO_LETTER, transliterate
from training.names.words.telling import Word

ONLY_INITIALS = "Beside the surname there are only initials: no name that could be read."
SURNAMES_ALONE = (SURNAMES.first | SURNAMES.last) - GIVEN_NAMES


def find_given(segments: list[list[Word]], form: Form, is_eastern: bool) -> Ordered:
    """Return the given name among the words between commas, in a form; raises UnreadableName.

    `is_eastern` says that the name is from where the surname comes first.
    """
    named = [at for at, words in enumerate(segments) if any(word.is_name for word in words)]
    if not named and (title := _only_title(segments)):
        return Ordered((title,))
    if not named:
        raise UnreadableName(_why_nothing(segments))
    if len(named) > 2:
        raise UnreadableName(TWO_PEOPLE)
    if named[0] < len(segments) - 1 and _is_initials(segments[named[0] + 1]):
        raise UnreadableName(ONLY_INITIALS)
    # "Smith, Anna": a comma between two names puts the surname first, in whatever form.
    if len(named) == 2:
        given, particles = without_particles(segments[named[1]])
        family = (*particles, *(word for word in segments[named[0]] if not word.why))
        surname = LeftOut(" ".join(word.text for word in family), Why.SURNAME)
        found = _given_of(given, Form.GIVEN)
        doubts = tuple(doubt for doubt in found.doubts if doubt != Doubt.FULL_NAME)
        return Ordered(found.given, (surname, *found.left_out), doubts)
    return _given_of(segments[named[0]], form, is_eastern)


def _only_title(segments: list[list[Word]]) -> Word | None:
    # Shri and Doctor are given to children, too; a title is one beside a name alone.
    words = [word for segment in segments for word in segment]
    is_one = len(words) == 1 and (fold(words[0].text) in TITLES.alone or words[0].text in TITLES.exact)
    return words[0] if is_one else None


def _why_nothing(segments: list[list[Word]]) -> str:
    whys = {word.why for words in segments for word in words}
    if Why.SURNAME in whys:
        return "This is how a woman is called by her husband's name: her own given name is not in it."
    if Why.INITIAL in whys:
        return "Initials alone are no name that could be read."
    if Why.TITLE in whys:
        return "This is a title, without a name."
    return NO_LETTER


def _is_initials(words: list[Word]) -> bool:
    are_told = all(w.why in (Why.INITIAL, Why.TITLE) or is_particle(w) for w in words)
    return are_told and any(w.why == Why.INITIAL for w in words)


def _given_of(words: list[Word], form: Form, is_eastern: bool = False) -> Ordered:
    if _are_family(words):
        raise UnreadableName("This is a family: ask for one person.")
    if any(fold(word.text) in COMPANIES.always for word in words):
        raise UnreadableName("This is a company, not a person.")
    if next(word for word in words if not word.why).joins:  # M. et Mme Durand
        raise UnreadableName(TWO_PEOPLE)
    if _is_surname_by_its_place(words, form) or _are_initials_and_surname(words, form):
        raise UnreadableName(ONLY_INITIALS)
    named = [word for word in words if word.why is None]
    title = _title_that_is_a_name(named, form)
    found = put_in_order(named[1:] if title else named, form, is_eastern)
    if is_surname_alone(words):
        return Ordered(found.given, found.left_out, (Doubt.SURNAME,))
    if len(named) < len(words) and _is_surname_with_initials(words, form):
        return Ordered(found.given, found.left_out, (*found.doubts, Doubt.FULL_NAME))
    if not title:
        return found
    return Ordered(found.given, (title, *found.left_out), (*found.doubts, Doubt.TITLE))


def _are_family(words: list[Word]) -> bool:
    folded = [(fold(word.text), word.text.casefold()) for word in words]
    if any(word in FAMILIES.always or small in FAMILIES.small for word, small in folded):
        return True
    if len(words) == 1:
        return _is_family(folded[0][1])
    # The is no name where a plural follows, nor Los where a surname does; Les Dupont may be one.
    first, last = words[0].text, words[-1]
    is_plural = first in FAMILIES.plural_articles and last.text.endswith("s")
    return len(words) == 2 and (is_plural or (first in FAMILIES.articles and last.why is None))


def _is_family(word: str) -> bool:
    """Say whether a word is a surname and what makes a family of it: Kovácsék, Novákovi, Ивановы."""
    stems = [word.removesuffix(end) for end in FAMILIES.endings if word.endswith(end)]
    return any(is_surely_surname(Word(stem + a)) for stem in stems for a in ("", "a"))  # Svobod(a)-ovi


def _is_surname_by_its_place(words: list[Word], form: Form) -> bool:
    """Say whether a full name in a known order has nothing but initials where its given name would be."""
    told = [word.why for word in words if word.why in (None, Why.INITIAL)]
    if form not in (Form.GIVEN_FIRST, Form.SURNAME_FIRST) or told.count(None) != 1 or len(told) < 2:
        return False
    return told[-1 if form == Form.GIVEN_FIRST else 0] is None


def _are_initials_and_surname(words: list[Word], form: Form) -> bool:
    # J. van Dyk in any form; Петров И. where the text may be a full name.
    named = [word for word in words if word.is_name]
    if all(word.why != Why.INITIAL for word in words):
        # H. Schmidt, where a letter may stand for a title, too.
        letters = any(word.why == Why.TITLE and re.fullmatch(r"\w\.", word.text) for word in words)
        return letters and form == Form.AUTO and len(named) == 1 and is_surely_surname(named[0])
    if is_surname_alone(words):
        return True
    return form == Form.AUTO and len(named) == 1 and is_surely_surname(named[0])


def _is_surname_with_initials(words: list[Word], form: Form) -> bool:
    named = [transliterate(word.text) for word in words if word.is_name]
    if len(named) != 1 or all(word.why != Why.INITIAL for word in words):
        return False
    return named[0] in SURNAMES_ALONE or (form == Form.AUTO and named[0] not in GIVEN_NAMES)


def _title_that_is_a_name(words: list[Word], form: Form) -> LeftOut | None:
    # Prince Harry is Harry, Prince is Prince, and Dean Smith has a surname behind his name.
    fewest = 2 if form in (Form.GIVEN, Form.AUTO) else 3
    if fold(words[0].text) not in TITLES.perhaps or len(words) < fewest:
        return None
    if words[1].text.casefold() in PARTICLES.relation:  # Sultan bin Fahd
        return None
    if len(words) == 2 and _is_behind_a_name(words[1], words[0]):
        return None
    return LeftOut(words[0].text, Why.TITLE)


def _is_behind_a_name(word: Word, first: Word) -> bool:
    # Dean Smith, Dean Winters; but Prince Harry, Lord Varys.
    last = transliterate(word.text)
    return last in SURNAMES.last or (transliterate(first.text) in GIVEN_NAMES and last not in GIVEN_NAMES)
