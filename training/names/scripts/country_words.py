"""What country a text names: by a code of ISO 3166, of two or three letters, or by words that Babel has."""

import re
import unicodedata
from functools import lru_cache

from babel import Locale
from babel.core import get_global

_ALSO = {
    "gb": "uk england scotland wales northern-ireland great-britain united-kingdom-of-great-britain",
    "us": "usa u-s u-s-a united-states-of-america america",
    "nl": "holland",
    "cz": "czech-republic",
    "tr": "turkey",
    "kr": "korea republic-of-korea korea-republic-of korea-south",
    "kp": "korea-north democratic-peoples-republic-of-korea",
    "ru": "russian-federation",
    "vn": "viet-nam",
    "ir": "iran-islamic-republic-of islamic-republic-of-iran persia",
    "sy": "syrian-arab-republic",
    "mk": "macedonia",
    "md": "republic-of-moldova moldova-republic-of",
    "hk": "hong-kong",
    "mo": "macao macau",
    "tw": "taiwan-province-of-china chinese-taipei",
    "cn": "peoples-republic-of-china mainland-china p-r-china prc",
    "ps": "palestine",
    "ci": "ivory-coast",
    "bo": "bolivia-plurinational-state-of",
    "ve": "venezuela-bolivarian-republic-of",
    "la": "lao-pdr",
    "va": "holy-see",
    "by": "byelorussia belorussia",
    "ba": "bosnia",
    "ae": "uae emirates",
    "ie": "republic-of-ireland",
}
"""English words that Babel has not: those of ISO, and what people write. A hyphen is a break."""
_BREAKS = re.compile(r"[\W_]+")


@lru_cache(20_000)
def country_code(text: str, locale: str = "en") -> str:
    """Return the code of the country that a text names in English or in another language; "" for none."""
    bare = text.strip()
    if len(bare) in (2, 3) and bare.isascii() and bare.isalpha() and (code := _of_code(bare.upper())):
        return code
    folded = _folded(bare)
    return _words("en").get(folded) or _words(locale).get(folded) or ""


def _of_code(code: str) -> str:
    if code in Locale("en").territories and len(code) == 2 and code not in _NO_COUNTRY:
        return code
    # CLDR has codes of three letters, and those that were given up, as other words for one of two.
    found: list[str] = get_global("territory_aliases").get(code, [])
    return found[0] if len(found) == 1 else ""


_NO_COUNTRY = frozenset({"EU", "EZ", "QO", "UN", "XA", "XB", "ZZ"})


@lru_cache(8)
def _words(locale: str) -> dict[str, str]:
    names = Locale(locale).territories.items()
    found = {_folded(words): code for code, words in names if len(code) == 2 and code not in _NO_COUNTRY}
    if locale == "en":
        found |= {
            words.replace("-", " "): code.upper() for code, all_ in _ALSO.items() for words in all_.split()
        }
    return found


def _folded(text: str) -> str:
    """Return words in small letters without accents, less "The" and "and", which many leave out."""
    letters = unicodedata.normalize("NFKD", text.casefold().replace("’", "'"))
    bare = "".join(letter for letter in letters if unicodedata.category(letter) != "Mn").replace("'", "")
    words = [word for word in _BREAKS.split(bare) if word]
    return " ".join(word for at, word in enumerate(words) if word != "and" and (at or word != "the"))
