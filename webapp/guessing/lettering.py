"""Which font of the system draws a text, and what is drawn where none has its letters."""

from functools import lru_cache

from PIL import ImageFont
from PIL.ImageFont import FreeTypeFont

from training.names import transliterate

Font = FreeTypeFont | ImageFont.ImageFont
SERIFS = (
    "Georgia.ttf",
    "georgia.ttf",
    "DejaVuSerif.ttf",
    "LiberationSerif-Regular.ttf",
    "NotoSerif-Regular.ttf",
)
OF_OTHER_SCRIPTS = (
    *("NotoSansCJK-Regular.ttc", "NotoSerifCJK-Regular.ttc", "wqy-microhei.ttc", "DroidSansFallbackFull.ttf"),
    *("Arial Unicode.ttf", "msgothic.ttc", "malgun.ttf", "NotoSansHebrew-Regular.ttf"),
    *("NotoSansArabic-Regular.ttf", "NotoSansThai-Regular.ttf", "Loma.ttf", "tahoma.ttf"),
    *("DejaVuSans.ttf", "arial.ttf"),
)
"""Where systems keep letters that no serif has, asked in this order."""
MISSING = "\U0010ffff"
"""No font has it, so it is drawn as whatever stands for letters that are missing."""


@lru_cache(64)
def font(size: int) -> Font:
    """Return a serif of the system in `size` pixels, else the font that comes with Pillow."""
    return next((one for file in SERIFS if (one := _found(file, size))), ImageFont.load_default(size))


@lru_cache(1024)
def font_with(text: str, size: int) -> Font | None:
    """Return a font of the system that has every letter of a text, or None: `font` if that one has them."""
    others = (one for file in OF_OTHER_SCRIPTS if (one := _found(file, size)))
    return next((one for one in (font(size), *others) if _has(one, text)), None)


def lettering(letter: str, size: int) -> tuple[str, Font]:
    """Return how a letter of a name is drawn: by a font that has it, or spelled in Latin where none does."""
    if drawn_by := font_with(letter, size):
        return letter, drawn_by
    spelled = transliterate(letter) or letter[:1]  # of a silent sign its circle
    return spelled, font(max(12, round(size * 1.6 / max(len(spelled), 2))))


@lru_cache(256)
def _found(file: str, size: int) -> FreeTypeFont | None:
    # By file name: Pillow looks for it where each system keeps its fonts.
    try:
        return ImageFont.truetype(file, size)
    except OSError:
        return None


def _has(of: Font, text: str) -> bool:
    # Sign by sign, and without the layout that would put a circle below a vowel's sign by itself.
    plain = of.font_variant(layout_engine=ImageFont.Layout.BASIC) if isinstance(of, FreeTypeFont) else of
    missing = bytes(plain.getmask(MISSING))
    return all(sign.isspace() or bytes(plain.getmask(sign)) != missing for sign in set(text))
