"""Letters of a shared picture: drawn by a font that has them, or spelled in Latin."""

import io
from collections.abc import Iterator

import pytest
from flask import Flask
from PIL import Image

from webapp.guessing import lettering, share_image


@pytest.fixture
def no_other_fonts(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A machine that has serifs alone."""
    monkeypatch.setattr(lettering, "OF_OTHER_SCRIPTS", ())
    for kept in CACHES:
        kept.cache_clear()
    yield
    for kept in CACHES:
        kept.cache_clear()


CACHES = (lettering.font_with, share_image.of_guess, share_image.of_score)


@pytest.mark.usefixtures("no_other_fonts")
def test_a_letter_that_no_font_here_has_is_spelled_in_latin() -> None:
    assert [lettering.lettering(letter, 60)[0] for letter in "aЖ花"] == ["a", "Ж", "hua"]


def test_a_letter_is_drawn_by_a_font_that_has_it() -> None:
    for letter in "aé花שع민":
        text, font = lettering.lettering(letter, 60)
        assert bytes(font.getmask(text)) != bytes(font.getmask(lettering.MISSING))


@pytest.mark.usefixtures("no_other_fonts")
def test_a_vowels_sign_is_drawn_by_a_font_that_has_it_and_its_circle() -> None:
    # DejaVu and most others have the circle and no letter of Thai.
    drawn, font = lettering.lettering("◌ิ", 60)
    assert drawn == "i" or lettering._has(font, "ิ")


def picture(app: Flask, language: str, name: str = "anna") -> bytes:
    return app.test_client().get(f"/n/{name}/picture.png?lang={language}").data


def ink(png: bytes, part: tuple[float, float, float, float]) -> bool:
    """Say whether anything is drawn in a part of a picture: left, top, right, bottom, 0 to 1."""
    image = Image.open(io.BytesIO(png))
    width, height = image.size
    left, top, right, bottom = part
    piece = image.crop((int(left * width), int(top * height), int(right * width), int(bottom * height)))
    return len(piece.getcolors(1 << 20) or ()) > 1


def test_lines_of_arabic_are_drawn_by_a_font_that_has_its_letters_and_begin_at_the_right(app: Flask) -> None:
    sentence = "لمن هذا الاسم في الغالب؟"
    if not lettering.font_with(sentence, 28):
        pytest.skip("No font of this machine has Arabic letters.")
    arabic, english = picture(app, "ar"), picture(app, "en")
    begins = (0.9, 0.73, 1.0, 0.83)  # where the second line does
    assert ink(arabic, begins) and not ink(english, begins)


@pytest.mark.usefixtures("no_other_fonts")
def test_a_machine_without_arabic_letters_draws_english_ones(app: Flask) -> None:
    assert picture(app, "ar") == picture(app, "en")


def test_tiles_run_as_the_letters_of_a_name_do(app: Flask) -> None:
    with app.test_request_context():
        shares = (0.0, 1.0)
        hebrew, latin = (share_image.of_guess(name, shares, 0.5, "en") for name in ("נו", "ab"))
    corner = (share_image.MARGIN + 75, 140)
    first = [Image.open(io.BytesIO(png)).getpixel(corner) for png in (hebrew, latin)]
    assert first == [share_image.color(1.0), share_image.color(0.0)]
