"""Several given names are one answer, and a single one is what it always was."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from training.model.predict import guess, load
from training.model.saving import to_serve
from training.names import combine, first_of
from training.names.several import FIRST_PART
from training.names.tables import GIVEN_NAMES, SPECIAL

SHARES = st.floats(0, 1)


@pytest.mark.parametrize(
    ("name", "first"),
    [("mary jane", "mary"), ("jean-luc marie", "jean-luc"), ("j marie", None), ("anna", None)],
)
def test_the_first_of_several_is_asked_alone(name: str, first: str | None) -> None:
    assert first_of(name) == first


@given(SHARES, SHARES)
def test_the_answer_lies_between_both_and_nearer_to_the_whole(whole: float, first: float) -> None:
    together = combine(whole, first)
    assert min(whole, first) - 1e-5 <= together <= max(whole, first) + 1e-5
    assert combine(whole, 0.5) == pytest.approx(1 - combine(1 - whole, 0.5)) and FIRST_PART < 0.5


def test_the_answers_of_plain_names_are_those_of_the_network() -> None:
    plain = sorted(GIVEN_NAMES - SPECIAL)[:2_500]
    answers = guess([name.title() for name in plain])
    after = {name: answer.p_female for name, answer in zip(plain, answers, strict=True) if not answer.error}
    before = to_serve(load().network).shares([*after])
    assert len(after) > 2_000 and [*after.values()] == pytest.approx(before, abs=1e-5)


def test_titles_and_initials_move_no_answer_of_the_network() -> None:
    typed = ["Andrea", "Mr. Andrea", "Andrea, PhD", "Taylor, Andrea", "Andrea B.", "Dott.ssa Andrea"]
    plain, *others = guess(typed)
    assert {other.p_female for other in others} == {plain.p_female}
