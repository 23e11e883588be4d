"""Where a name is from, as its surname tells: read with that country, unless another one is asked for."""

import pytest

from training.names import COUNTRIES, Form, read
from training.names.scripts.written import country_asked
from training.names.surnames import country_told

TELLING = {
    "Rossi": "IT",
    "Bianchini": "IT",
    "Schmidt": "DE",
    "Dupont": "FR",
    "de Jong": "NL",
    "Kowalski": "PL",
    "Novák": "CZ",
    "Kuznetsov": "RU",
    "Popescu": "RO",
    "Papadopoulos": "GR",
    "Petrosyan": "AM",
    "Jovanović": "RS",
    "Kim": "KR",
    "Wang": "CN",
    "Tanaka": "JP",
    "Sharma": "IN",
    "García Rossi": "IT",
}
SILENT = ("Smith", "García", "Silva", "Müller", "Bianchi-Schmidt", "Costa", "Ivanova", "Jung", "Bach", "")
FULL = [
    ("Andrea Rossi", Form.GIVEN_FIRST, "IT:andrea"),
    ("Rossi, Andrea", Form.GIVEN, "IT:andrea"),
    ("Dr. Andrea Rossi, PhD", Form.AUTO, "IT:andrea"),
    ("Jean Dupont", Form.AUTO, "FR:jean"),
    ("Kim Min-ji", Form.SURNAME_FIRST, "KR:min-ji"),
    ("Jing Wang", Form.GIVEN_FIRST, "CN:jing"),
    ("Andrea Smith", Form.AUTO, "andrea"),
    ("Andrea Rossi", Form.GIVEN, "andrea rossi"),
    ("Ольга Петрова", Form.GIVEN_FIRST, "RU:olga"),
    ("王芳", Form.SURNAME_FIRST, "芳"),
]


@pytest.mark.parametrize(("surname", "token"), TELLING.items(), ids=ascii)
def test_a_surname_tells_a_country(surname: str, token: str) -> None:
    assert country_told(surname) == token


@pytest.mark.parametrize("surname", SILENT, ids=ascii)
def test_a_surname_of_several_countries_or_of_none_tells_nothing(surname: str) -> None:
    assert country_told(surname) == ""


@pytest.mark.parametrize(("typed", "form", "key"), FULL, ids=ascii)
def test_a_full_name_is_read_with_the_country_of_its_surname(typed: str, form: Form, key: str) -> None:
    assert read(typed, form).key == key


def test_what_is_asked_for_comes_before_what_a_surname_tells() -> None:
    told = read("Andrea Rossi", Form.AUTO)
    asked = read("Andrea Rossi", Form.AUTO, country=COUNTRIES["US"])
    assert (told.telling_surname, told.anywhere.telling_surname) == ("Rossi", "")
    assert (asked.key, asked.telling_surname) == ("US:andrea", "")


def test_a_country_that_a_surname_told_was_not_asked_for() -> None:
    assert country_asked("IT:andrea", "Rossi, Andrea") == "" == country_asked("RU:olga", "Ольга")
    assert country_asked("US:andrea", "Andrea Rossi") == "US"
