"""From a text to a reading: mend, refuse, take off what stands around the name, find it, spell it."""

import re
import unicodedata
from collections.abc import Sequence

from training.names.alphabet import LONGEST, UnreadableName
from training.names.doubts import is_hit_by_chance, is_like_few
from training.names.mending import LONGEST_TYPED, MISSING, check, mend, unescape
from training.names.order import TWO_PEOPLE, Ordered
from training.names.reading import Doubt, Form, LeftOut, Reading, Why
from training.names.scripts.countries import COUNTRIES, SURNAME_FIRST, Country, split_country
from training.names.surnames import from_its_surname
from training.names.tables import (
    ALIASES,
    GIVEN_NAMES,
    PARENT,
    PLACEHOLDERS,
    SPECIAL,
    SUFFIXES,
    Placeholders,
)
from training.names.transliteration.latin import (
    SAME_SIGN,
    is_faithful,
    key_of,
    normalise,
    transliterate,
)
from training.names.words.finding import SURNAMES_ALONE, find_given
from training.names.words.plain import are_plain, may_be_full
from training.names.words.telling import Word, tell_words

_ASIDE = re.compile(
    r"""[(\[{（【]([^()\[\]{}（）【】]*)[)\]}）】]|["“”„«»‹›「」『』]([^"“”„«»‹›「」『』]+)["“”„«»‹›「」『』]"""
    r"""|(?<!\S)[‘‚']([^\s'’‘][^'’‘]*)['’‘](?!\S)"""
)
_GERSHAYIM = re.compile("(?<=[א-ת])[\"\u05f4\u05f3'](?=[א-ת])")
"""What stands in Hebrew abbreviations looks like a quote, and is none."""
_COMMA = re.compile("[,，،、]")
_LABEL = re.compile(r"\s*([^\W\d_]+(?: [^\W\d_]+)?) ?(?::\s+|：\s*)(?=\w)")
"""What a field is called, before what stands in it: "Name: Anna"; in Anna:Maria the sign is a break."""
_PEOPLE = re.compile(r"\s*([&/＆／＋]|\+(?!\d))\s*")
_LOST_AT_END = re.compile(r"[^\W\d_]\?|\?[^\W\d_]")
_WITH_SLASH = [word for word in SUFFIXES.always | PARENT.always | ALIASES.always if "/" in word]
_SLASHED = re.compile(rf"(?<!\S)({'|'.join(_WITH_SLASH)})(?!\S)", re.IGNORECASE)
_KEPT = frozenset(".'-&+ªº°/@")
_BREAKS = re.compile(r"[^\w.'\-&+/@]|_")


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
    may_be_surname = form == Form.AUTO and name in SURNAMES_ALONE
    if _is_plain(typed) and not may_be_surname and not placeholders.holds(typed):
        plain = Reading(typed, form, typed, name, name, (name,), doubts=_doubts_of_letters(name, name))
        return plain.from_country(country)
    if form == Form.GIVEN and are_plain(typed, placeholders):
        return _plain_words(typed, name).from_country(country)
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


def _plain_words(typed: str, name: str) -> Reading:
    is_full = may_be_full(typed.split(" "))
    doubts = (*((Doubt.FULL_NAME,) if is_full else ()), *_doubts_of_letters(name, name))
    return Reading(typed, Form.GIVEN, typed, name, name, tuple(name.split(" ")), doubts=doubts)


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
    body, labels = _take_label(body)
    segments = _segments(body)
    words = [word for segment in segments for word in segment]
    found = find_given(segments, form, is_eastern)
    # In the order of the text, what stood aside last.
    told = (word.left_out for word in words if word.why and word not in found.given)
    left_out = [*labels, *told, *asides]
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


def _doubts(read_as: str, typed: str, spelling: str) -> tuple[Doubt, ...]:
    lost = (Doubt.LOST,) if _LOST_AT_END.search(typed) else ()
    if not read_as.isascii():
        return lost
    is_cyrillic = "\u0400" <= spelling[:1] < "\u0530"
    return (*lost, *_doubts_of_letters(read_as, spelling.lower() if is_cyrillic else read_as))


def _doubts_of_letters(name: str, keys: str) -> tuple[Doubt, ...]:
    """Return what is doubtful of a name in Latin letters, by them and by the keys that it was typed with."""
    if is_hit_by_chance(keys):
        return (Doubt.KEYS,)
    return (Doubt.NEW,) if is_like_few(name) else ()


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


def _take_label(text: str) -> tuple[str, list[LeftOut]]:
    """Return a text without the name of its field, and that; a given name before a colon is none."""
    label = _LABEL.match(text)
    if not label or transliterate(label[1]) in GIVEN_NAMES or not tell_words(label[1])[0].is_name:
        return text, []
    return text[label.end() :], [LeftOut(label[1], Why.LABEL)]


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
        text = _PEOPLE.sub(r" \1 ", text.lstrip("&/＆／＋+ "))  # before all words it joins nobody
    text = text.translate(SAME_SIGN)
    if text.isascii():
        return _BREAKS.sub(" ", text)  # the same, in a tenth of the time
    clean = (c for c in text if unicodedata.category(c) != "Cf")
    return "".join(c if c in _KEPT or unicodedata.category(c)[0] in "LMN" else " " for c in clean)
