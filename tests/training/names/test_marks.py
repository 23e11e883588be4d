"""Letters that stand on others: shown alone, each is on a dotted circle."""

import pytest

from training.names.scripts.letters import on_its_own


@pytest.mark.parametrize(
    ("letter", "shown"), [("ิ", "◌ิ"), ("์", "◌์"), ("ส", "ส"), ("า", "า"), ("a", "a"), ("花", "花")], ids=ascii
)
def test_a_sign_of_a_vowel_is_shown_on_a_dotted_circle(letter: str, shown: str) -> None:
    assert on_its_own(letter) == shown
