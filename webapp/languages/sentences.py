"""Sentences that were written in English elsewhere, by the trainer, the worker or a stored run, told in the
reader's language.

What is said while a request is answered is translated where it is said; this is for all else.
"""

import re
from functools import cache

from babel.support import Translations
from flask_babel import get_translations

from webapp.languages import numbers
from webapp.languages.texts import gettext
from webapp.languages.words import N_

SAID_ELSEWHERE = (
    # What is read of a name: training/names.
    N_("A name may have up to %(most)s characters; this one has %(n)s."),
    N_("Spelled in Latin letters, this name has more than %(most)s characters."),
    # The gate: training/evaluation/gate.py.
    N_("There is no name that both networks were kept from: nothing is proven."),
    N_(
        "On %(names)s names that neither has seen, accuracy changes by %(change)s points "
        "(95%%: %(low)s points to %(high)s points); up to %(most)s points is allowed, "
        "and no doubt beyond %(worst)s points."
    ),
    N_("No name of the common holdout has 100 bearers or more."),
    N_(
        "On those with 100 bearers or more it changes by %(change)s points; up to %(most)s points is allowed."
    ),
    N_("There are no corrections to learn."),
    N_("None of the %(n)s corrected names turns: the records weigh as much as the visitors, or more."),
    N_(
        "Of %(n)s corrected names where visitors outweigh the records, %(learned)s are on the visitors’ "
        "side; at least %(least)s are expected."
    ),
    N_(
        "Of the %(n)s most common names it knows %(after)s, the champion %(before)s; "
        "up to %(most)s may be lost."
    ),
    N_("%(n)s of %(names)s corrected names contradict people who agree; up to %(most)s may."),
    N_("Its shares are off by %(after)s on average; up to %(most)s is allowed."),
    # The phases of a run, and what its log says.
    N_("starting"),
    N_("reading"),
    N_("dry run"),
    N_("linear teacher"),
    N_("teacher"),
    N_("synthetic names"),
    N_("training"),
    N_("training from the end"),
    N_("self-training"),
    N_("fine-tuning"),
    N_("reader of scripts"),
    N_("reader of countries"),
    N_("scoring"),
    N_("comparing"),
    N_("storing"),
    N_("The queue: %(error)s"),
    N_("Refused: %(reason)s"),
    N_("%(n)s names, %(corrected)s of them corrected"),
    N_("Begins anew. %(reason)s"),
    N_("Stopped early: no better for %(n)s rounds"),
    N_("Nearly all corrections answer as counted since round %(n)s"),
    N_("All corrections answer as counted since round %(n)s"),
    N_("Round %(n)s: loss %(learning)s learning, %(validation)s validating; %(right)s right"),
    N_("Round %(n)s: loss %(learning)s learning, %(validation)s on the corrections; %(right)s right"),
)
"""What is said where no catalogue is: a test holds each to what is really said there."""
_PLACE = re.compile(r"%\((\w+)\)s")
_TO_THE_END = re.compile(r": %\(\w+\)s$")
_WORD = re.compile(r"[^\W\d_]{2,}")
_FIGURE = re.compile(r"[+\-−]?\d[\d,]*(?:\.\d+)?%?")


def told(sentence: str) -> str:
    """Return a sentence in the reader's language; as it is where no catalogue knows it."""
    translations = get_translations()
    if not sentence or not isinstance(translations, Translations):
        return sentence
    if (whole := gettext(sentence)) != sentence:
        return whole
    for pattern, form in _forms(translations):
        if found := pattern.fullmatch(sentence):
            return str(form % {name: _part(text) for name, text in found.groupdict().items()})
    return sentence


@cache
def _forms(translations: Translations) -> list[tuple[re.Pattern[str], str]]:
    """Return the sentences with places for parts, the longest first, and how each is said in the language."""
    catalogue = translations._catalog
    found = [
        (_pattern(source), form)
        for source, form in catalogue.items()
        if isinstance(source, str) and form and _is_told(source)
    ]
    return sorted(found, key=lambda pair: -len(pair[0].pattern))


def _is_told(source: str) -> bool:
    """Whether a text with places is a sentence of its own, for which no words of people could be taken."""
    if "%(" not in source or "<" in source or "\x04" in source:
        return False
    is_sentence = source.endswith(".") or _TO_THE_END.search(source)
    return source in SAID_ELSEWHERE or bool(is_sentence and len(_WORD.findall(_PLACE.sub("", source))) >= 3)


def _pattern(source: str) -> re.Pattern[str]:
    seen: set[str] = set()
    pieces = []
    for index, piece in enumerate(_PLACE.split(source)):
        if index % 2 == 0:
            pieces.append(re.escape(piece.replace("%%", "%")))
        elif piece in seen:
            pieces.append(f"(?P={piece})")
        else:
            seen.add(piece)
            pieces.append(f"(?P<{piece}>.+?)")
    return re.compile("".join(pieces), re.DOTALL)


def _part(text: str) -> str:
    if not _FIGURE.fullmatch(text):
        return text
    return (
        numbers.percent(float(text[:-1].replace(",", "")) / 100)
        if text.endswith("%")
        else numbers.localised(text)
    )
