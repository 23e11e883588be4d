"""Where a name is from: one token before its letters."""

import pytest

from training.names import COUNTRIES, TOKENS, of_key, read, split_country


def test_a_country_stands_before_the_letters() -> None:
    reading = read("Andrea").from_country(COUNTRIES["IT"])
    assert (reading.read_as, reading.asked, reading.key) == ("andrea", "IT:andrea", "IT:andrea")
    assert reading.anywhere.asked == reading.anywhere.key == "andrea"


@pytest.mark.parametrize(
    ("code", "token"), [("BR", "PT"), ("AR", "ES"), ("EG", "SA"), ("TW", "CN"), ("UZ", "KZ")]
)
def test_a_country_that_was_not_learned_is_read_as_one_with_its_names(code: str, token: str) -> None:
    assert COUNTRIES[code].token == token in TOKENS


def test_a_name_is_known_by_its_key_again_with_its_country() -> None:
    reading = of_key("IT:andrea")
    assert reading.asked == reading.key == "IT:andrea" and reading.spelling == "andrea"


def test_of_several_names_the_first_has_the_country_too() -> None:
    assert read("Andrea Maria").from_country(COUNTRIES["IT"]).first == "IT:andrea"


def test_only_characters_are_told_apart_by_country() -> None:
    assert read("千").from_country(COUNTRIES["JP"]).asked == "JP:千"
    assert read("千").from_country(COUNTRIES["IT"]).asked == "千"
    assert read("שרה").from_country(COUNTRIES["IL"]).key == "שרה"


def test_what_is_refused_has_no_country() -> None:
    assert read("42").from_country(COUNTRIES["IT"]).country is None


@pytest.mark.parametrize("name", ["it:andrea", "ITandrea", "andrea", "", "XX:anna", "花子"])
def test_what_has_no_token_has_no_country(name: str) -> None:
    assert split_country(name) == ("", name)
