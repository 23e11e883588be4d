"""Words that every page shares."""

from datetime import UTC, datetime, timedelta

import pytest

from training.names import label_of
from webapp.presentation.confusion import Metric, census, ratio
from webapp.presentation.template_filters import ago, digits_between, interval, percent, rate, share_of
from webapp.presentation.wording import LABEL_WORDS, mostly


@pytest.mark.parametrize("p_female", [0.0, 0.49, 0.5, 0.51, 1.0])
def test_a_share_is_told_as_the_label_of_such_a_guess(p_female: float) -> None:
    assert mostly(p_female) == LABEL_WORDS[label_of(p_female)]


@pytest.mark.parametrize(
    ("back", "told"),
    [
        (-5, "just now"),
        (0, "just now"),
        (1, "1 second ago"),
        (7200, "2 hours ago"),
        (400 * 86400, "400 days ago"),
    ],
)
def test_a_moment_is_told_by_its_distance(back: int, told: str) -> None:
    assert ago(datetime.now(UTC) - timedelta(seconds=back + 0.2)) == told


@pytest.mark.parametrize(
    ("metric", "told", "between"),
    [
        (ratio(6, 8), "6 of 8", "41 to 93%"),
        (ratio(75, 100), "75%", "66 to 82"),
        (ratio(905, 1000), "90.5%", "88.5 to 92.2"),
        (census(1990, 2000), "99.5%", "all counted"),
        (ratio(0, 0), "–", "nothing to count yet"),
        (Metric(0.75, 0.4, 0.9, 9), "75%", "40 to 90"),  # a figure such as F1 is no plain proportion
    ],
)
def test_a_figure_has_no_more_digits_than_its_count_can_carry(
    metric: Metric, told: str, between: str
) -> None:
    assert (rate(metric), interval(metric)) == (told, between)


def test_a_share_of_nine_people_is_told_by_counting_them() -> None:
    assert [share_of(0.7778, 9), share_of(0.75, 40), share_of(0.9712, 27715)] == ["7 of 9", "75%", "97.1%"]


@pytest.mark.parametrize(
    ("before", "after", "digits"),
    [(0.84, 0.45, 1), (0.5004, 0.4996, 2), (0.49996, 0.50004, 3), (0.0001, 0.0004, 2), (0.5, 0.5, 4)],
)
def test_two_shares_that_differ_are_written_apart(before: float, after: float, digits: int) -> None:
    assert digits_between(before, after) == digits
    assert (percent(before, digits) != percent(after, digits)) == (before != after)
