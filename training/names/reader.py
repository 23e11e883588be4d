"""From a text to a reading: mend, refuse, take off what stands around the name, find it, spell it."""

import re
import unicodedata
from collections.abc import Sequence

from training.names.alphabet import LONGEST, UnreadableName
from training.names.doubts import is_hit_by_chance, is_like_few
from training.names.mending import LONGEST_TYPED, MISSING, check, mend, unescape
from training.names.order import TWO_PEOPLE, Ordered, put_in_order, without_particles
from training.names.reading import Doubt, Form, LeftOut, Reading, Why
from training.names.scripts.countries import COUNTRIES, SURNAME_FIRST, Country, split_country
from training.names.surnames import from_its_surname, is_particle, is_surely_surname, is_surname_alone
from training.names.tables import (
    ALIASES,
    COMPANIES,
    FAMILIES,
    GIVEN_NAMES,
    PARENT,
    PARTICLES,
    PLACEHOLDERS,
    SPECIAL,
    SUFFIXES,
    SURNAMES,
    TITLES,
    Placeholders,
    fold,
)
from training.names.transliteration.latin import (
    NO_LETTER,
    SAME_SIGN,
    is_faithful,
    key_of,
    normalise,
    transliterate,
)
from training.names.words.telling import Word, tell_words

_ASIDE = re.compile(
    r"""[(\[{（【]([^()\[\]{}（）【】]*)[)\]}）】]|["“”„«»‹›「」『』]([^"“”„«»‹›「」『』]+)["“”„«»‹›「」『』]"""
    r"""|(?<!\S)[‘‚']([^\s'’‘][^'’‘]*)['’‘](?!\S)"""
)
_GERSHAYIM = re.compile("(?<=[א-ת])[\"\u05f4\u05f3'](?=[א-ת])")
"""What stands in Hebrew abbreviations looks like a quote, and is none."""
_COMMA = re.compile("[,，،、]")
_PEOPLE = re.compile(r"\s*([&/＆／＋]|\+(?!\d))\s*")
_LOST_AT_END = re.compile(r"[^\W\d_]\?|\?[^\W\d_]")
_WITH_SLASH = [word for word in SUFFIXES.always | PARENT.always | ALIASES.always if "/" in word]
_SLASHED = re.compile(rf"(?<!\S)({'|'.join(_WITH_SLASH)})(?!\S)", re.IGNORECASE)
ONLY_INITIALS = "Beside the surname there are only initials: no name that could be read."
_SURNAMES_ALONE = (SURNAMES.first | SURNAMES.last) - GIVEN_NAMES
_KEPT = frozenset(".'-&+ªº°/@")


def read(
    text: str,
    form: Form = Form.GIVEN,
    placeholders: Placeholders = PLACEHOLDERS,
    country: Country | None = None,
) -> Reading:
    """Return what is read of a text; one without a name comes back with its refusal, nothing is raised.

    Where the name is from also tells which word of it is the surname, if the words do not.
    """
    typed = unicodedata.normalize("NFC", text).strip()
    name = typed.lower()
    may_be_surname = form == Form.AUTO and name in _SURNAMES_ALONE
    if _is_plain(typed) and not may_be_surname and not placeholders.holds(typed):
        plain = Reading(typed, form, typed, name, name, (name,), doubts=_doubts(name))
        return plain.from_country(country)
    begins_with_surname = country is not None and country.token in SURNAME_FIRST
    try:
        reading = _read(typed, form, placeholders, begins_with_surname)
    except UnreadableName as refusal:
        return Reading(typed, form, refusal=str(refusal))
    return reading.from_country(country) if country else from_its_surname(reading)


def _is_plain(typed: str) -> bool:
    # Most of what a file holds; it is read fifteen times as fast.
    is_word = typed.isascii() and typed.isalpha() and 1 < len(typed) <= LONGEST
    return is_word and typed.casefold() not in SPECIAL


def of_key(key: str) -> Reading:
    """Return the reading of a name that is known by its key already: nothing is left out or doubtful."""
    token, name = split_country(key)
    read_as = normalise(name)
    reading = Reading(name, spelling=name, read_as=read_as, key=name, parts=tuple(read_as.split(" ")))
    return reading.from_country(COUNTRIES[token]) if token else reading


def _read(typed: str, form: Form, placeholders: Placeholders, is_eastern: bool) -> Reading:
    if not typed:
        raise UnreadableName("There is no name here.")
    if len(typed) > LONGEST_TYPED:
        raise UnreadableName(f"A name may have up to {LONGEST} characters; this one has {len(typed):,}.")
    plain = unescape(typed)
    check(plain, placeholders)
    mended = mend(plain)
    check(mended.strip(), placeholders)
    body, asides = _take_asides(_GERSHAYIM.sub("", mended))
    segments = _segments(body)
    words = [word for segment in segments for word in segment]
    found = _find_given(segments, form, is_eastern)
    # In the order of the text, what stood aside last.
    left_out = [*(word.left_out for word in words if word.why and word not in found.given), *asides]
    spelling = " ".join(word.text for word in found.given)
    if placeholders.holds(spelling):
        raise UnreadableName(MISSING)
    return _spelled(typed, form, spelling, found, left_out)


def _spelled(typed: str, form: Form, spelling: str, found: Ordered, left_out: Sequence[LeftOut]) -> Reading:
    key = key_of(spelling)
    token, name = split_country(key)
    read_as = normalise(name)  # of a key alone, so that what is stored is read again as it was
    return Reading(
        typed,
        form,
        spelling,
        read_as,
        key,
        tuple(read_as.split(" ")),
        (*left_out, *found.left_out),
        (
            *found.doubts,
            *(() if _keeps(spelling, read_as) else (Doubt.LETTERS,)),
            *_doubts(read_as, typed, spelling),
        ),
        country=COUNTRIES.get(token),
    )


def _keeps(spelling: str, read_as: str) -> bool:
    return is_faithful(spelling) or not read_as.isascii()


def _doubts(read_as: str, typed: str = "", spelling: str = "") -> tuple[Doubt, ...]:
    lost = (Doubt.LOST,) if _LOST_AT_END.search(typed) else ()
    if not read_as.isascii():
        return lost
    is_cyrillic = "\u0400" <= spelling[:1] < "\u0530"
    if is_hit_by_chance(spelling.lower() if is_cyrillic else read_as):
        return (*lost, Doubt.KEYS)
    return (*lost, Doubt.NEW) if is_like_few(read_as) else lost


def _take_asides(text: str) -> tuple[str, list[LeftOut]]:
    """Return a text without what stands in brackets or quotes, and that; alone, it is the text itself."""
    asides: list[LeftOut] = []

    def take(found: re.Match[str]) -> str:
        # One group for each kind of bracket and quote; only one of them took part.
        inside = next((group for group in found.groups() if group is not None), "").strip()
        if inside:
            asides.append(LeftOut(inside, _why_aside(inside)))
        return " "

    outside = _ASIDE.sub(take, text)
    # "(Anna)": what is in brackets is all there is, so it is the name.
    if asides and not any(map(str.isalpha, outside)):
        return " ".join(aside.text for aside in asides), []
    return outside, asides


def _why_aside(inside: str) -> Why:
    if not any(map(str.isalpha, inside)):
        return Why.SIGN
    words = tell_words(inside, is_later=True)
    return words[0].why or Why.NICKNAME if words else Why.SIGN


def _segments(text: str) -> list[list[Word]]:
    """Return the words between the commas of a text; raise UnreadableName for a list of people."""
    lists = [part for part in re.split("[;；]", text) if any(map(str.isalpha, part))]
    # "Smith, Anna; Jones, Ben"
    if len(lists) > 1 and all(_COMMA.search(part) for part in lists):
        raise UnreadableName(TWO_PEOPLE)
    segments: list[list[Word]] = []
    for part in _COMMA.split(text):
        words = tell_words(_broken(part), any(w.is_name for s in segments for w in s), around=text)
        if words:
            segments.append(words)
    return segments


def _broken(text: str) -> str:
    """Return a text whose signs between letters are blanks; those that join two people stand alone."""
    text = text.replace("\u2044", "/").replace("\u2215", "/")
    # s/o and she/her hold a slash that joins nobody.
    if not _SLASHED.search(text):
        text = _PEOPLE.sub(r" \1 ", text)
    clean = (c for c in text.translate(SAME_SIGN) if unicodedata.category(c) != "Cf")
    return "".join(c if c in _KEPT or unicodedata.category(c)[0] in "LMN" else " " for c in clean)


def _find_given(segments: list[list[Word]], form: Form, is_eastern: bool) -> Ordered:
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
    # "The Smiths"; The is no name where a plural follows.
    are_named = words[0].text == "The" and words[-1].text.endswith("s") and len(words) == 2
    folded = [(fold(word.text), word.text.casefold()) for word in words]
    return are_named or any(word in FAMILIES.always or small in FAMILIES.small for word, small in folded)


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
    return named[0] in _SURNAMES_ALONE or (form == Form.AUTO and named[0] not in GIVEN_NAMES)


def _title_that_is_a_name(words: list[Word], form: Form) -> LeftOut | None:
    # Prince Harry is Harry, Prince is Prince, and Dean Smith has a surname behind his name.
    fewest = 2 if form in (Form.GIVEN, Form.AUTO) else 3
    if fold(words[0].text) not in TITLES.perhaps or len(words) < fewest:
        return None
    if words[1].text.casefold() in PARTICLES.relation:  # Sultan bin Fahd
        return None
    if len(words) == 2 and transliterate(words[1].text) in SURNAMES.last:
        return None
    return LeftOut(words[0].text, Why.TITLE)
