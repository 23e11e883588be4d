"""What a page says of a correction follows from what networks answer, never from its having been taught."""

import pytest

from training.names import Label
from webapp.versions.receipts import Outcome, Receipt

ANDREA = Receipt(2, "andrea", Label.MALE, 27_715, 0.842, 2, 0.0, before=0.84, after=0.87)

OUTCOMES = [
    # said, before, after
    ("male", 0.84, 0.12, Outcome.LEARNED),
    ("male", 0.84, 0.71, Outcome.MOVED),
    ("male", 0.84, 0.50, Outcome.MOVED),
    ("male", 0.84, 0.838, Outcome.OUTWEIGHED),
    ("male", 0.84, 0.87, Outcome.TURNED_BACK),
    ("male", 0.30, 0.60, Outcome.TURNED_BACK),
    ("female", 0.20, 0.81, Outcome.LEARNED),
    ("female", 0.20, 0.40, Outcome.MOVED),
    ("female", 0.20, 0.52, Outcome.MOVED),
    ("both", 0.90, 0.53, Outcome.LEARNED),
    ("both", 0.90, 0.70, Outcome.MOVED),
    ("both", 0.69, 0.59, Outcome.LEARNED),
    ("both", 0.60, 0.60, Outcome.OUTWEIGHED),
    ("both", 0.70, 0.90, Outcome.TURNED_BACK),
    ("female", None, 0.95, Outcome.LEARNED),
    ("female", None, 0.05, Outcome.OUTWEIGHED),
    ("female", None, None, None),
]


@pytest.mark.parametrize(("said", "before", "after", "outcome"), OUTCOMES)
def test_what_became_of_a_correction(
    said: str, before: float | None, after: float | None, outcome: Outcome | None
) -> None:
    assert Receipt(2, "sasha", Label(said), before=before, after=after).outcome == outcome


def test_a_share_that_went_the_other_way_is_told_with_its_reasons() -> None:
    assert ANDREA.sentence == "v2 was taught it and turned back. Its answer went from 84.0% to 87.0% women."
    assert ANDREA.basis == (
        "The records say: 84.2% women of 27,715 people. 2 visitors say: men. Together that is 58.1% women."
    )


def test_a_name_that_the_records_never_met() -> None:
    receipt = Receipt(2, "qwertina", Label.FEMALE, 0, 0.5, 1, 1.0, before=0.3, after=0.98)
    assert receipt.sentence == "v2 learned it. Its answer went from 30.0% to 98.0% women."
    assert receipt.basis == (
        "The records say nothing of this name. 1 visitor says: women. Together that is 100% women."
    )


def test_visitors_who_disagree_are_told_so() -> None:
    receipt = Receipt(2, "kim", Label.FEMALE, 0, 0.5, 4, 0.75, before=0.3, after=0.8)
    assert "4 visitors say: mostly women." in receipt.basis


def test_an_old_version_that_noted_nothing_is_judged_by_its_answer() -> None:
    receipt = Receipt(2, "kim", Label.FEMALE)
    assert receipt.answered(0.97).outcome == Outcome.LEARNED and receipt.answered(0.97).basis == ""
    assert receipt.answered(0.03).sentence == "v2 counted it, and the records still weigh more."


def test_nearly_all_is_never_told_as_all() -> None:
    receipt = Receipt(2, "anna", Label.MALE, 380_000, 0.9999, 1, 0.0, before=0.9998, after=0.0001)
    assert "from > 99.9% to < 0.1% women" in receipt.sentence
    assert receipt.basis.startswith("The records say: > 99.9% women of 380,000 people")
