"""Several words of which nothing is to be told are read as the long way reads them."""

import random

import pytest

from training.names import Form, read
from training.names.reader import _read
from training.names.tables import GIVEN_NAMES, PLACEHOLDERS, SURNAMES
from training.names.words import plain

ENDINGS = [f"{stem}{end}" for stem in ("kov", "ann") for end in SURNAMES.endings if end.isascii()]
TOLD = sorted(word for word in plain._TOLD if word.isascii())
WORDS = [
    *TOLD,
    *sorted(SURNAMES.first | SURNAMES.last),
    *sorted(GIVEN_NAMES),
    *ENDINGS,
    *("ivanovich", "janosne", "kovacsek", "zzqx", "mrs", "aaa", "kisaragi", "qwerty"),
]
CASES = (str.title, str.lower, str.capitalize, str.upper, str)


def test_both_ways_read_alike() -> None:
    chance, n = random.Random(0), 0
    for _ in range(10_000):
        words = [chance.choice(CASES)(chance.choice(WORDS)) for _ in range(chance.choice((2, 2, 3, 5)))]
        typed = words[0] + "".join(chance.choice((" ", " ", "-")) + word for word in words[1:])
        if plain.are_plain(typed, PLACEHOLDERS):
            n += 1
            assert read(typed) == _read(typed, Form.GIVEN, PLACEHOLDERS, False), typed
    assert n > 2_000


@pytest.mark.parametrize(
    "typed",
    [
        "Dr Anna",
        "Anna de Jong",
        "MARIA Anna",
        "Park Ji",
        "Nagy Janosne",
        "Olga Ivanovna",
        "Jean-P",
        "A Maria",
    ],
)
def test_what_a_rule_is_about_is_left_to_it(typed: str) -> None:
    assert not plain.are_plain(typed, PLACEHOLDERS)


@pytest.mark.parametrize("typed", ["Mary Jane", "Jean-Pierre", "Anna Maria Louise", "Marie-Claire Sophie"])
def test_most_given_names_are_plain(typed: str) -> None:
    assert plain.are_plain(typed, PLACEHOLDERS)


def test_a_site_s_own_placeholders_count() -> None:
    assert not plain.are_plain("Left Blank", PLACEHOLDERS.changed(["left blank"]))
