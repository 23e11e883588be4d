"""How much a correction weighs beside what the records know, and what becomes of the name."""

import pytest

from training.data.evidence import Count, evidence


def test_what_the_records_know_weighs_twenty_people_for_each_tenfold() -> None:
    assert [round(evidence(people)) for people in (0, 9, 99, 999)] == [0, 20, 40, 60]


@pytest.mark.parametrize(
    ("people", "known", "visitors", "said", "effect"),
    [
        (8, 0.0, 1, 1.0, "learned"),
        (9, 0.0, 1, 1.0, "halved"),
        (10, 0.0, 1, 1.0, "outweighed"),
        (380_000, 0.99, 5, 0.0, "outweighed"),
        (380_000, 0.99, 6, 0.0, "learned"),
        (500, 0.98, 1, 1.0, "learned"),
        (0, 0.5, 1, 0.0, "learned"),
        (1, 1.0, 1, 0.5, "learned"),
        (120, 0.0, 1, 0.5, "outweighed"),
        (120, 0.0, 9, 0.5, "learned"),
    ],
)
def test_a_corrected_name_ends_where_both_together_have_it(
    people: int, known: float, visitors: int, said: float, effect: str
) -> None:
    assert Count(people, known, visitors, said).effect == effect
