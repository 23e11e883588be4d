"""Letters of a shared picture: drawn by a font that has them, or spelled in Latin."""

import pytest

from webapp.guessing import share_image


def test_a_letter_that_no_font_here_has_is_spelled_in_latin(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(share_image, "OF_OTHER_SCRIPTS", ())
    share_image.lettering.cache_clear()
    assert [share_image.lettering(letter, 60)[0] for letter in "aЖ花"] == ["a", "Ж", "hua"]
    share_image.lettering.cache_clear()


def test_a_letter_is_drawn_by_a_font_that_has_it() -> None:
    for letter in "aé花שع민":
        text, font = share_image.lettering(letter, 60)
        assert bytes(font.getmask(text)) != bytes(font.getmask(share_image.MISSING))


def test_a_vowels_sign_is_drawn_by_a_font_that_has_it_and_its_circle(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(share_image, "OF_OTHER_SCRIPTS", ())
    share_image.lettering.cache_clear()
    # DejaVu and most others have the circle and no letter of Thai.
    drawn, font = share_image.lettering("◌ิ", 60)
    assert drawn == "i" or share_image._has(font, "ิ")
    share_image.lettering.cache_clear()
