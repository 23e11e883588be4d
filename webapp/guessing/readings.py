"""How a text is read on this site, and how that is told: what was left out and why, what is doubtful."""

import re
from collections.abc import Mapping

from flask import current_app

from training import names
from training.names import Country, Form, LeftOut, Reading, Why
from webapp.errors import Invalid
from webapp.languages.texts import gettext
from webapp.languages.words import N_, Words

_CODE = re.compile("[A-Za-z]{2}")
FORM_WORDS: Mapping[Form, str] = Words(
    {
        Form.GIVEN: N_("a given name"),
        Form.GIVEN_FIRST: N_("a full name, given name first"),
        Form.SURNAME_FIRST: N_("a full name, surname first"),
        Form.AUTO: N_("either: tell by the words"),
    }
)
"""What a text may hold, as the one who gives it is asked."""
WHY_WORDS: Mapping[Why, str] = Words(
    {
        Why.TITLE: N_("a title"),
        Why.SUFFIX: N_("a suffix"),
        Why.INITIAL: N_("an initial"),
        Why.NICKNAME: N_("a nickname"),
        Why.MAIDEN_NAME: N_("a maiden name"),
        Why.SURNAME: N_("a surname"),
        Why.PATRONYMIC: N_("a patronymic"),
        Why.SIGN: N_("no letters"),
        Why.LABEL: N_("a label"),
    }
)
"""Why a piece is no part of the given name."""


def read(text: str, form: Form = Form.GIVEN, country: Country | None = None) -> Reading:
    """Return how a text is read here; what stands for no name is a setting. Nothing is raised."""
    return names.read(text, form, current_app.config["PLACEHOLDERS"], country)


def country_of(code: str) -> Country | None:
    """Return the country of a code, or None for none and for one that makes no difference to a name.

    Raises Invalid for what is no code.
    """
    if code and not _CODE.fullmatch(code):
        raise Invalid(gettext("A country is a code of two letters, as in IT."), "country")
    return names.COUNTRIES.get(code.upper())


def form_of(word: str) -> Form:
    """Return the form that a word of a request names, `given` for none; raise Invalid for another."""
    try:
        return Form(word or Form.GIVEN)
    except ValueError as error:
        raise Invalid(gettext("A form is one of: %(choices)s.", choices=", ".join(Form)), "form") from error


def left_out_words(reading: Reading) -> str:
    """Return what was left out, for a cell or a line: "Dr. (title), Müller (surname)".

    With a surname that tells where the name is from stands where: "Rossi (surname, IT)".
    """
    return ", ".join(f"{piece.text} ({_why(piece, reading)})" for piece in reading.left_out)


def _why(piece: LeftOut, reading: Reading) -> str:
    tells = reading.country and piece.why == Why.SURNAME and piece.text == reading.telling_surname
    return f"{piece.why}, {reading.country.code}" if tells and reading.country else piece.why


def find(typed: str, key: str) -> Reading:
    """Return how a stored name came from what was typed, in whatever form; else the name by itself."""
    country = names.COUNTRIES.get(names.split_country(key)[0])
    read_so = (names.read(typed, form, country=country) for form in Form)
    return next((reading for reading in read_so if reading.key == key), names.of_key(key))
