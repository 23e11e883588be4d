"""Pictures of a guess and of a score, for those who share a link: drawn from letters, never from markup."""

import io
import unicodedata
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from itertools import pairwise
from math import ceil

from flask_babel import force_locale
from PIL import Image, ImageDraw

from training.names import titled
from training.names.scripts.letters import on_its_own
from webapp.guessing.explanation import story
from webapp.guessing.lettering import font, font_with, lettering
from webapp.languages import choice, numbers
from webapp.languages.texts import gettext

SIZE = (1200, 630)  # pixels, as Open Graph cards are shown
MARGIN = 72
PAPER, INK, QUIET = "#faf8f4", "#1d1b18", "#6b655c"
MEN, MEN_SOFT, BETWEEN, WOMEN_SOFT, WOMEN = "#14606b", "#cfe6ea", "#ece7dd", "#fbe7c4", "#c2790a"
# Where the scale of the page's own style sheet has its stops.
STOPS = (
    (0.0, MEN),
    (0.1, MEN),
    (0.3, MEN_SOFT),
    (0.5, BETWEEN),
    (0.7, WOMEN_SOFT),
    (0.9, WOMEN),
    (1.0, WOMEN),
)
READABLE = 60  # pixels of a tile's side
CACHED_IMAGES = 256  # pictures in memory, about 20 kB each


def color(p: float) -> tuple[int, int, int]:
    """Return the colour of a tile after which P(female) is `p`."""
    for (low, start), (high, end) in pairwise(STOPS):
        if p <= high:
            part = (p - low) / (high - low)
            return _mixed(_rgb(start), _rgb(end), part)
    return _rgb(WOMEN)


def _rgb(text: str) -> tuple[int, int, int]:
    return int(text[1:3], 16), int(text[3:5], 16), int(text[5:7], 16)


def _mixed(one: tuple[int, int, int], other: tuple[int, int, int], part: float) -> tuple[int, int, int]:
    red, green, blue = (round(a + (b - a) * part) for a, b in zip(one, other, strict=True))
    return red, green, blue


@lru_cache(CACHED_IMAGES)
def of_guess(name: str, trace: tuple[float, ...], p_female: float, language: str) -> bytes:
    """Return the picture of a guess as PNG: the letters of a name as tiles, and the guess in words.

    `language` is the one of the request, by which pictures are kept apart.
    """
    with _in_words_that_can_be_drawn():
        image, draw = _blank()
        _tiles(draw, titled(name), trace)
        _line(draw, story.headline(p_female).replace("*", ""), 395, 54)
        _line(draw, gettext("As a small neural network reads it, letter by letter."), 475, 30, QUIET)
    return _png(image)


@lru_cache(CACHED_IMAGES)
def of_score(you: int, network: int, n: int, language: str) -> bytes:
    """Return the picture of a game's score as PNG."""
    with _in_words_that_can_be_drawn():
        image, draw = _blank()
        _line(draw, gettext("%(hits)s of %(n)s", hits=you, n=n), 130, 150)
        _line(draw, gettext("The network had %(network)s.", network=network), 330, 60)
        _line(draw, gettext("Ten first names, drawn by chance. You answer first."), 430, 34, QUIET)
    return _png(image)


@contextmanager
def _in_words_that_can_be_drawn() -> Iterator[None]:
    """Speak the reader's language inside, or English on a machine that has no font for its letters."""
    if font_with(_question(), 28):
        yield
    else:
        with force_locale(choice.SOURCE):
            yield


def _question() -> str:
    return gettext("Whose name is it, mostly?")


def _blank() -> tuple[Image.Image, ImageDraw.ImageDraw]:
    image = Image.new("RGB", SIZE, PAPER)
    draw = ImageDraw.Draw(image)
    _put(draw, "Nomen", SIZE[1] - 84, 36, INK)
    _put(draw, _question(), SIZE[1] - 78, 28, QUIET, at_end=True)
    return image, draw


def _line(draw: ImageDraw.ImageDraw, text: str, top: int, size: int, ink: str = INK) -> None:
    # Smaller until the line fits.
    while size > 16 and draw.textlength(text, font_with(text, size) or font(size)) > SIZE[0] - 2 * MARGIN:
        size -= 2
    _put(draw, text, top, size, ink)


def _put(draw: ImageDraw.ImageDraw, text: str, top: int, size: int, ink: str, at_end: bool = False) -> None:
    """Write a line at the side where the language's lines begin, or at the other one."""
    is_left = at_end == _runs_to_the_left()
    place = (MARGIN if is_left else SIZE[0] - MARGIN, top)
    draw.text(place, text, ink, font_with(text, size) or font(size), anchor="la" if is_left else "ra")


def _runs_to_the_left() -> bool:
    return choice.direction() == "rtl"


def _tiles(draw: ImageDraw.ImageDraw, name: str, trace: Sequence[float]) -> None:
    columns, side = _grid(len(name))
    gap = side // 10
    rows = ceil(len(name) / columns)
    top = 72 + (270 - rows * side - (rows - 1) * gap) // 2
    left = SIZE[0] - MARGIN - columns * (side + gap) + gap if _runs_to_the_left() else MARGIN
    is_backwards = unicodedata.bidirectional(name[0]) in ("R", "AL")  # whatever the language is
    for index, (letter, p) in enumerate(zip(name, trace, strict=True)):
        row, column = divmod(index, columns)
        if is_backwards:
            column = columns - 1 - column
        x, y = left + column * (side + gap), top + row * (side + gap)
        _tile(draw, x, y, side, letter, p)
        # With several rows there is no space under the tiles.
        if rows == 1:
            draw.text((x + side / 2, y + side + 10), numbers.percent(p), QUIET, font(24), anchor="ma")


def _grid(n: int) -> tuple[int, int]:
    # Columns and the side of a tile, in a field of 1056 by 270: one row if its tiles can be read, else more.
    def side(rows: int) -> int:
        return int(min(150, 1056 / (1.1 * ceil(n / rows)), 270 / (1.1 * rows)))

    rows = next((rows for rows in range(1, 5) if side(rows) >= READABLE), 4)
    return ceil(n / rows), side(rows)


def _tile(draw: ImageDraw.ImageDraw, x: int, y: int, side: int, letter: str, p: float) -> None:
    draw.rounded_rectangle((x, y, x + side, y + side), side // 7, color(p))
    # Dark ink cannot be read on the darkest tiles, which are at this end of the scale.
    ink = "#ffffff" if p <= 0.15 else INK
    text, drawn_by = lettering(on_its_own(letter), int(side * 0.5))
    draw.text((x + side / 2, y + side / 2), text, ink, drawn_by, anchor="mm")


def _png(image: Image.Image) -> bytes:
    data = io.BytesIO()
    image.save(data, "PNG")
    return data.getvalue()
