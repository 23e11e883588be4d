"""Before any reading: text that a program spoilt is mended where certain, what is no name is refused."""

import html
import re
import unicodedata
from urllib.parse import unquote

from ftfy import fix_encoding
from ftfy.badness import is_bad

from training.names.alphabet import UnreadableName
from training.names.tables import FILE_ENDINGS, HOST_ENDINGS, SHORT, Placeholders, fold

LONGEST_TYPED = 160
"""Characters of a text with titles and surnames around its given name."""

MISSING = "This stands where a name is missing."
_TAG = re.compile(r"</?(b|i|u|em|strong|span|p|a|br|td|tr|th|div|font|small|big|li|name)(\s[^<>]*)?/?>", re.I)
_IN_ANGLES = re.compile(r"<([^<>/=!]+)>")
_MARKUP = re.compile(r"<[\w/!?]|\w=\S*>")
_ADDRESS = re.compile(
    r"(?<!\s)@|@(?!\s)|@.*\.\w|://|\bwww\.|\b(mailto|tel|sms|javascript):|[\[(]at[\])]|(?-i:\sat\s.*\sdot\s)",
    re.IGNORECASE,
)
"""With blanks around it and no host behind it, @ stands before a nickname, too: Kiran @ Kinnu."""
_FILE_OR_SITE = re.compile(rf"\w\.({'|'.join(map(re.escape, FILE_ENDINGS))})(/.*)?$", re.IGNORECASE)
_HOST = re.compile(rf"\S*\w\.({'|'.join(HOST_ENDINGS)})(/\S*)?")
_LOST = re.compile(r"\ufffd|[^\W\d_]\?+[^\W\d_]")
_LOST_SIGN = re.compile(r"[^\W\d_][¿¡]+[^\W\d_]")
"""Of mended text alone: "Ã¡" is á."""
_DEAD = re.compile(r"(?<![^\W\d_])†(?![^\W\d_])")
_YEARS = "years|years old|yrs?|y/?o|jahre|ans|años|anos|anni|jaar|lat|let|år|éves|yaşında|лет|года?"
_AGE = re.compile(rf",?\s*\b(\d{{1,3}}\s*(?:{_YEARS})\b\.?)", re.IGNORECASE)
"""Behind a name: how old somebody is."""
_WRONG_LETTERS = re.compile(
    r"[ÃÂÐ][^\w\s\x00-\x7f’]|Ð[а-я]|[A-Za-z][ŸŽŠŒ][a-z]|[a-z][ŸŽŠŒƒ](?!\w)"
    r"|[a-zà-ÿ]Ã|Å[³º]|\w[‚º]\B|(?<!\w)[À-ÿ]{4,}(?!\w)"
)
"""What UTF-8, Cyrillic and the letters of old Macs look like when they are read as those of Windows."""
_SPOILT = frozenset("¸¨^~¬±§¶¦¯‡†‰\x7f")
_WRAPPED = re.compile(r"^[(\[<{*|$%«]+\s*(.*?)\s*[)\]>}*|%»]+$")
_ESCAPE = re.compile(r"\\(?:u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2}))")
_PERCENT = re.compile("%[0-9a-fA-F]{2}")
_FORMULA = re.compile(r"=\s*(\$?[A-Z]{1,3}\$?\d|.*[(!])")
_NEWBORN = re.compile(r"(baby (boy|girl|of)|b/o)\s", re.IGNORECASE)
"""Behind it stands the name of a parent."""


def unescape(text: str) -> str:
    """Return a text in whose place a program wrote its codes: "Ren%C3%A9", "Ren\\u00e9"."""
    if _PERCENT.search(text):
        try:
            text = unquote(text, errors="strict")
        except UnicodeDecodeError:
            return text  # of another encoding: its digits are refused later
    return _ESCAPE.sub(lambda found: chr(int(found[1] or found[2], 16)), text)


def mend(text: str) -> str:
    """Return a text without what a program left in it; raise UnreadableName where that is not certain."""
    if found := _IN_ANGLES.fullmatch(text):
        return mend(found[1])
    text = _AGE.sub(r" (\1)", text)
    if "&" in text:
        # Twice: "&amp;eacute;" was escaped by two programs, one after the other.
        text = html.unescape(html.unescape(text))
    if "<" in text or ">" in text:
        text = _TAG.sub(" ", text)
        # Tags that only give text a look are gone by now; what is left may mean anything.
        if _MARKUP.search(text):
            raise UnreadableName("This is markup, and no name can be told from it with certainty.")
    # Plain ASCII is the same in every encoding that could have been mixed up.
    return text if text.isascii() else _decoded(text)


def _decoded(text: str) -> str:
    mended = fix_encoding(_decoded_cyrillic(_DEAD.sub(" ", text)))
    spoilt = "\ufffd" in mended or is_bad(mended)
    looks_wrong = (
        _LOST_SIGN.search(mended) or _WRONG_LETTERS.search(mended) or _has_stray_control(text, mended)
    )
    if spoilt or looks_wrong or any(map(_is_spoilt, mended)):
        raise UnreadableName("Letters of this name were lost on the way: it was read in the wrong encoding.")
    return mended


def _decoded_cyrillic(text: str) -> str:
    """Return a text that was UTF-8 and read as the Cyrillic letters of Windows (РђРЅРЅР°) as it was."""
    try:
        again = text.encode("cp1251").decode("utf-8")
    except UnicodeError:
        return text
    # One such pair of letters may be there by chance, two of them and nothing else are not.
    return again if len(text) - len(again) > 1 else text


def _has_stray_control(text: str, mended: str) -> bool:
    # A control sign of the upper half was a letter in some encoding, and is none of what it was mended to.
    is_there = any("\x80" <= character < "\xa0" for character in text)
    return is_there and not all(c in " -'.," or unicodedata.category(c)[0] in "LM" for c in mended)


def _is_spoilt(character: str) -> bool:
    return character in _SPOILT or unicodedata.category(character) in ("Sc", "No")


def check(text: str, placeholders: Placeholders) -> None:
    """Raise UnreadableName for what stands for no name: a placeholder, an address, a file."""
    bare = _WRAPPED.sub(r"\1", text)  # "(unknown)", "<none>"
    twice = text.split()
    is_repeated = len(twice) > 1 and len({*twice}) == 1 and placeholders.holds(twice[0])
    if placeholders.holds(text) or placeholders.holds(bare) or is_repeated or _NEWBORN.match(text):
        raise UnreadableName(MISSING)
    if text.startswith("#") and not any(character.isspace() for character in text):
        raise UnreadableName("This is an error of a spreadsheet, not a name.")
    is_host = _HOST.fullmatch(text) and fold(text) not in SHORT
    if _ADDRESS.search(text) or _FILE_OR_SITE.search(text) or is_host:
        raise UnreadableName("This is an address, not a name.")
    if "\\" in text or _FORMULA.match(text):
        raise UnreadableName("This is code of a program, not a name.")
    if _LOST.search(text):
        raise UnreadableName("A letter of this name was lost on the way: a question mark stands for it.")
