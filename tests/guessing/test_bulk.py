"""Many names at once, as the API and files guess them."""

from collections.abc import Iterator

import pytest
from flask import Flask

from training.names import Form, Reading
from webapp.guessing import bulk, predictor
from webapp.guessing.bulk import Bulk, Finding
from webapp.guessing.guess import Guess
from webapp.guessing.predictor import Champion


@pytest.fixture
def champion(app: Flask) -> Iterator[Champion]:
    with app.app_context():
        yield predictor.get().current()


def test_guesses_together_equal_guesses_one_by_one(champion: Champion) -> None:
    typed = ["Anna", "José", "anna", "Mary-Ann"]
    shortly, traced = (bulk.guess_many(champion, bulk.request_of(typed, traced)) for traced in (False, True))
    for short, together, name in zip(shortly, traced, typed, strict=True):
        alone = champion.guess(name, traced=True)
        assert isinstance(together, Guess) and isinstance(short, Guess)
        assert together.trace == pytest.approx(alone.trace, abs=1e-6)
        assert short.p_female == pytest.approx(together.p_female, abs=1e-6) and not short.trace
        assert (together.typed, together.name, together.version_id) == (name, alone.name, 1)


@pytest.mark.usefixtures("champion")
def test_the_cost_is_letters_that_are_read_once_for_each_name() -> None:
    typed = ["Anna", "anna", "José", "123"]
    assert bulk.request_of(typed).letters == 4 + 4 + 4 + 4
    assert bulk.request_of(typed, traced=True).letters == 2 * (4 + 1 + 2 + 3 + 4)


def test_an_unreadable_name_keeps_its_place(champion: Champion) -> None:
    first, second, third = bulk.guess_many(champion, bulk.request_of(["Anna", "123", "Kim"]))
    assert isinstance(second, Reading)
    assert isinstance(first, Guess) and isinstance(third, Guess)


def test_a_cell_is_found_with_how_it_was_read(champion: Champion) -> None:
    (finding,) = Bulk(champion).find(["  ÉLODIE "])
    assert finding.read_as == "elodie"
    assert finding.p_female == pytest.approx(champion.guess("elodie").p_female, abs=1e-6)


def test_a_cell_without_a_name_has_a_reason(champion: Champion) -> None:
    digits, blank = Bulk(champion).find(["123", " "])
    assert digits.reason == "There is no letter in this that the network could read."
    assert blank.reason == "There is no name here."
    assert digits.label == blank.label == ""


def test_a_spelling_is_remembered_from_block_to_block(champion: Champion) -> None:
    reader = Bulk(champion)
    first = reader.find(["Anna", "Anna"])
    assert first[0] is first[1] is reader.find(["Anna"])[0]


def test_what_is_remembered_is_bounded(champion: Champion) -> None:
    reader = Bulk(champion, remembered=1)
    for cells in (["Anna", "Maria"], ["Kim", "Anna"], ["Tom"]):
        assert all(isinstance(found, Finding) and found.read_as for found in reader.find(cells))
    assert len(reader._known) == 1


def test_a_cell_that_is_too_long_for_a_name_is_told_and_not_remembered(champion: Champion) -> None:
    reader = Bulk(champion)
    anna, long = reader.find(["Anna", "x" * 100_000])
    assert anna.read_as == "anna" and "100,000" in long.reason
    assert [cell for cell, _ in reader._known] == ["Anna"]


def test_a_cell_says_what_was_left_out(champion: Champion) -> None:
    titled, full = Bulk(champion, Form.GIVEN_FIRST).find(["Dr. Anna Müller", "Kim"])
    assert (titled.read_as, titled.left_out) == ("anna", "Dr. (title), Müller (surname)")
    assert (full.read_as, full.left_out) == ("kim", "")


def test_a_file_is_read_as_the_settings_say(app: Flask) -> None:
    app.config["PLACEHOLDERS"] = app.config["PLACEHOLDERS"].changed(["leer", "!test"])
    with app.app_context():
        empty, test = bulk.for_file().find(["Leer", "Test"])
    assert (empty.reason, test.read_as) == ("This stands where a name is missing.", "test")
