"""Before any reading: text that a program spoilt is mended where certain, what is no name is refused."""

import html
import re
import unicodedata

from ftfy import fix_encoding
from ftfy.badness import is_bad

from training.names.alphabet import UnreadableName
from training.names.tables import FILE_ENDINGS, Placeholders

LONGEST_TYPED = 160
"""Characters of a text with titles and surnames around its given name."""

MISSING = "This stands where a name is missing."
_TAG = re.compile(r"</?(b|i|u|em|strong|span|p|a|br|td|tr|th|div|font|small|big|li|name)(\s[^<>]*)?/?>", re.I)
_IN_ANGLES = re.compile(r"<([^<>/=!]+)>")
_MARKUP = re.compile(r"<[\w/!?]|\w=\S*>")
_ADDRESS = re.compile(r"@|://|\bwww\.|\bmailto:", re.IGNORECASE)
_FILE_OR_SITE = re.compile(rf"\w\.({'|'.join(map(re.escape, FILE_ENDINGS))})(/.*)?$", re.IGNORECASE)
_LOST = re.compile(r"\ufffd|[^\W\d_][?¿¡]+[^\W\d_]")
_WRONG_LETTERS = re.compile(r"[ÃÂÐ][^\w\s\x00-\x7f’]|[A-Za-z][ŸŽŠŒ][a-z]|[a-z][ŸŽŠŒƒ](?!\w)")
"""What UTF-8 and the letters of old Macs look like when they are read as those of Windows."""
_SPOILT = frozenset("¸¨^~¬±§¶¦¯‡†‰\x7f")
_WRAPPED = re.compile(r"^[(\[<{]+\s*(.*?)\s*[)\]>}]+$")


def mend(text: str) -> str:
    """Return a text without what a program left in it; raise UnreadableName where that is not certain."""
    if found := _IN_ANGLES.fullmatch(text):
        return mend(found[1])
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
    mended = fix_encoding(text)
    spoilt = "\ufffd" in mended or is_bad(mended)
    looks_wrong = _LOST.search(mended) or _WRONG_LETTERS.search(mended) or _has_stray_control(text, mended)
    if spoilt or looks_wrong or any(map(_is_spoilt, mended)):
        raise UnreadableName("Letters of this name were lost on the way: it was read in the wrong encoding.")
    return mended


def _has_stray_control(text: str, mended: str) -> bool:
    # A control sign of the upper half was a letter in some encoding, and is none of what it was mended to.
    is_there = any("\x80" <= character < "\xa0" for character in text)
    return is_there and not all(c in " -'.," or unicodedata.category(c)[0] in "LM" for c in mended)


def _is_spoilt(character: str) -> bool:
    return character in _SPOILT or unicodedata.category(character) in ("Sc", "No")


def check(text: str, placeholders: Placeholders) -> None:
    """Raise UnreadableName for what stands for no name: a placeholder, an address, a file."""
    bare = _WRAPPED.sub(r"\1", text)  # "(unknown)", "<none>"
    if placeholders.holds(text) or placeholders.holds(bare):
        raise UnreadableName(MISSING)
    if text.startswith("#") and not any(character.isspace() for character in text):
        raise UnreadableName("This is an error of a spreadsheet, not a name.")
    if _ADDRESS.search(text) or _FILE_OR_SITE.search(text):
        raise UnreadableName("This is an address, not a name.")
    if "\\" in text:
        raise UnreadableName("This is a mark of a program, not a name.")
    if _LOST.search(text):
        raise UnreadableName("A letter of this name was lost on the way: a question mark stands for it.")
