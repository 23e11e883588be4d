"""Words that every page shares."""

from datetime import UTC, datetime, timedelta

import pytest

from training.names import label_of
from webapp.presentation.template_filters import ago
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
