"""The encodings in which text files come: what people call them, and how bytes that mean nothing are kept."""

import codecs
from dataclasses import dataclass

from webapp.errors import Invalid
from webapp.languages import numbers
from webapp.languages.texts import gettext
from webapp.languages.words import N_

_NAMES = {
    "utf-8": "UTF-8",
    "utf-16-le": N_("UTF-16"),
    "utf-16-be": N_("UTF-16 (big-endian)"),
    "cp1252": N_("Windows-1252 (Western European)"),
    "cp1250": N_("Windows-1250 (Central European)"),
    "cp1254": N_("Windows-1254 (Turkish)"),
    "cp1257": N_("Windows-1257 (Baltic)"),
    "cp1251": N_("Windows-1251 (Cyrillic)"),
    "cp1253": N_("Windows-1253 (Greek)"),
    "cp1255": N_("Windows-1255 (Hebrew)"),
    "cp1256": N_("Windows-1256 (Arabic)"),
    "cp1258": N_("Windows-1258 (Vietnamese)"),
    "cp874": N_("Windows-874 (Thai)"),
    "iso8859-1": N_("Latin-1"),
    "iso8859-15": N_("ISO 8859-15 (Western European)"),
    "iso8859-2": N_("ISO 8859-2 (Central European)"),
    "iso8859-5": N_("ISO 8859-5 (Cyrillic)"),
    "iso8859-6": N_("ISO 8859-6 (Arabic)"),
    "iso8859-7": N_("ISO 8859-7 (Greek)"),
    "iso8859-9": N_("ISO 8859-9 (Turkish)"),
    "mac-roman": N_("Mac Roman"),
    "mac-latin2": N_("Mac (Central European)"),
    "mac-turkish": N_("Mac (Turkish)"),
    "mac-cyrillic": N_("Mac (Cyrillic)"),
    "mac-greek": N_("Mac (Greek)"),
    "koi8-r": N_("KOI8-R (Russian)"),
    "koi8-u": N_("KOI8-U (Ukrainian)"),
    "cp850": N_("DOS 850 (Western European)"),
    "cp852": N_("DOS 852 (Central European)"),
    "cp437": N_("DOS 437 (American)"),
    "cp866": N_("DOS 866 (Cyrillic)"),
    "cp932": N_("Shift-JIS (Japanese)"),
    "euc_jp": N_("EUC-JP (Japanese)"),
    "gb18030": N_("GB18030 (simplified Chinese)"),
    "cp950": N_("Big5 (traditional Chinese)"),
    "cp949": N_("EUC-KR (Korean)"),
}
# The larger table is meant by nearly all files that are said to be in the smaller one.
_LARGER = {
    "shift_jis": "cp932",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "big5": "cp950",
    "euc_kr": "cp949",
    "utf-16": "utf-16-le",
    "utf-8-sig": "utf-8",
    "ascii": "utf-8",
}
MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
"""What may stand before the first letter, and what it says."""
CODECS = tuple(_NAMES)
LATIN = "iso8859-1"
"""The one that has a letter for every byte."""


@dataclass(frozen=True)
class Encoding:
    """How bytes are letters: `mark` stands before the first."""

    codec: str
    mark: bytes = b""
    bad: int = 0
    """Bytes that mean nothing in it."""

    @property
    def in_words(self) -> str:
        """What people call it."""
        if not self.bad:
            return words_of(self.codec)
        return gettext(
            "%(encoding)s (%(n)s bytes in it are not)",
            encoding=words_of(self.codec),
            n=numbers.count(self.bad),
        )

    @property
    def errors(self) -> str:
        """How bytes that are no letters are carried through unharmed."""
        # UTF-16 has no single bad bytes, but halves of pairs. Either way gives back what was read.
        return "surrogatepass" if self.codec.startswith("utf-16") else "surrogateescape"

    def encode(self, text: str) -> bytes:
        """Return the bytes of a text that was read in this encoding, ours added."""
        return text.encode(self.codec, self.errors)

    def has(self, text: str) -> bool:
        """Say whether it has all letters of a text."""
        try:
            text.encode(self.codec)
        except UnicodeEncodeError:
            return False
        return True


def named(name: str) -> str:
    """Return the codec that a person names ("Windows-1251", "gbk"); raise Invalid for another."""
    try:
        codec = codecs.lookup(name.strip().lower().replace("windows-", "cp").replace(" ", "-")).name
    except (LookupError, ValueError):
        codec = ""
    codec = _LARGER.get(codec, codec)
    if codec not in _NAMES:
        raise Invalid(
            gettext(
                "There is no encoding %(name)s here; there are %(choices)s.",
                name=repr(name),
                choices=", ".join(CODECS),
            ),
            "encoding",
        )
    return codec


def words_of(codec: str) -> str:
    """Return what people call an encoding."""
    return gettext(_NAMES[codec])
