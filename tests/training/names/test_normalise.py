"""What is read of a text: exactly this, for training, serving and every page alike."""

import pytest
from anyascii import anyascii
from hypothesis import given
from hypothesis import strategies as st

from training.names import (
    ALPHABET,
    LABELS,
    LONGEST,
    SEPARATORS,
    UnreadableName,
    bucket,
    encode,
    join_separators,
    letters_only,
    normalise,
    script_of,
)

READINGS = {
    # as typed: as read
    "Maria": "maria",
    "  Maria  ": "maria",
    "MARIA": "maria",
    "José": "jose",
    "Jose\u0301": "jose",  # a combining accent
    "Jürgen": "jurgen",
    "Søren": "soren",
    "François": "francois",
    "Łukasz": "lukasz",
    "Weiß": "weiss",
    "D'Arcy": "d'arcy",
    "D’Arcy": "d'arcy",
    "Oʻzbek": "o'zbek",
    "Anne-Marie": "anne-marie",
    "Anne–Marie": "anne-marie",
    "Anne - Marie": "anne marie",
    "-Anne-": "anne",
    "Anne  Marie": "anne marie",
    "Anne\tMarie\n": "anne marie",
    "Anne\u00a0Marie": "anne marie",
    "Anna Maria Schmidt": "anna maria schmidt",
    "J": "j",
    "a" * 30: "a" * 30,
    "a" * 31: "a" * 31,
    "a" * 64: "a" * 64,
    "Σοφία": "sofia",
    "Наталья": "natalya",
    "محمد": "محمد",
    "שרה": "שרה",
    "さくら": "さくら",
    "민준": "민준",
    "王芳": "王芳",
    "आरव": "arav",
    "Anna 😀": "anna",
    "👩‍🚀Sally": "sally",
    "Anna2": "anna",
    "4nna": "nna",
    "Ａｎｎａ": "anna",
    "\u202eanna\u202c": "anna",  # right-to-left override
    "\u200fשרה\u200f": "שרה",  # right-to-left marks
    "an\u200bna": "anna",  # a zero-width blank
    "an\u00adna": "anna",  # a soft hyphen
    "<b>Anna</b>": "bannab",
    "<script>alert(1)</script>": "scriptalertscript",
    "Robert'); DROP TABLE": "robert'drop table",
    "J.R.": "jr",
    "\ud800Anna": "anna",  # half a surrogate pair
    "\x00Anna": "anna",
    "Anna っ\u0301": "anna",  # what doubles a consonant, before none
}


@pytest.mark.parametrize(("typed", "read"), READINGS.items(), ids=ascii)
def test_a_text_is_read_as(typed: str, read: str) -> None:
    assert normalise(typed) == read


@pytest.mark.parametrize("typed", ["", " ", "123", "😀", "---", "' -", "!?", "\u202e", "\u0301" * 5])
def test_a_text_without_letters_is_refused(typed: str) -> None:
    with pytest.raises(UnreadableName, match="no letter"):
        normalise(typed)


@pytest.mark.parametrize("typed", ["a" * 65, "a" * 1_000_000, "a" + "\u0301" * 10_000])
def test_more_than_64_characters_are_refused(typed: str) -> None:
    with pytest.raises(UnreadableName, match="up to 64 characters"):
        normalise(typed)


def test_a_name_that_grows_beyond_64_latin_letters_is_refused() -> None:
    with pytest.raises(UnreadableName, match="Latin letters"):
        normalise("щ" * 40)


@given(st.text(max_size=LONGEST))
def test_what_was_read_is_read_the_same_again(text: str) -> None:
    try:
        name = normalise(text)
    except UnreadableName:
        return
    assert normalise(name) == name
    assert set(name) <= set(ALPHABET) or script_of(name) is not None
    assert name.strip(SEPARATORS) == name
    assert join_separators(name) == name


@given(st.text("abcéüñçßА–Яσ’- ", min_size=1, max_size=20))
def test_capitals_and_outer_blanks_change_nothing(text: str) -> None:
    try:
        expected = normalise(text.lower())
    except UnreadableName:
        return
    assert normalise(f" {text.lower().capitalize()} ").replace("'", "") == expected.replace("'", "")


def test_letters_become_their_places_in_the_alphabet() -> None:
    assert encode("az' -") == [0, 25, 26, 27, 28]
    assert LABELS == ("female", "male")


def test_spellings_with_the_same_letters_share_a_bucket() -> None:
    assert letters_only("marie-anne d'arc") == "marieannedarc"
    assert bucket("marie-anne") == bucket("marie anne") == bucket("marieanne") == 82


def test_the_corpus_is_read_as_visitors_are() -> None:
    for written in ("José", "Σοφία", "anne-marie"):
        assert anyascii(written).lower() == normalise(written)
