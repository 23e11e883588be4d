"""A language that marks every text of the catalogues, so that a page shows what is in none of them."""

import re
from collections.abc import Iterator
from html.parser import HTMLParser

from babel.messages.pofile import read_po
from babel.support import Translations

from webapp.languages.upkeep.extraction import TEMPLATE

OPEN, CLOSE = "⟦", "⟧"
READ_OUT = ("aria-label", "title", "placeholder", "alt", "data-head", "data-answers")
"""Attributes that people read or hear."""
NO_PROSE = ("script", "style", "code", "pre", "kbd", "var", "bdi", "textarea")
"""Elements that hold no sentence of the site's: code, signs, and what people typed."""
VOID = ("meta", "link", "input", "br", "img", "hr", "rect", "path", "circle", "use", "polyline")
_WORD = re.compile(r"[^\W\d_]{2,}")


class Pseudo(Translations):
    """Every text of the template between marks, with its places still in it; what is not there stays bare."""

    def __init__(self) -> None:
        super().__init__()
        with TEMPLATE.open("rb") as file:
            found = [message.id for message in read_po(file) if message.id]
        texts = [text for id in found for text in ([id] if isinstance(id, str) else id)]
        self._catalog = {text: f"{OPEN}{text}{CLOSE}" for text in texts}

    def gettext(self, message: str) -> str:
        """Return a text between marks."""
        return str(self._catalog.get(message, message))

    def ngettext(self, singular: str, plural: str, n: int) -> str:
        """Return the English form of a number between marks."""
        return self.gettext(singular if n == 1 else plural)

    def upgettext(self, context: str, message: str) -> str:
        """Return a text between marks, wherever it stands."""
        return self.gettext(message)

    ugettext, ungettext, pgettext = gettext, ngettext, upgettext  # type: ignore[assignment]


class Unmarked(HTMLParser):
    """Collects the words of a page that stand outside of all marks."""

    def __init__(self) -> None:
        super().__init__()
        self.depth = 0
        self.inside: list[str] = []
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Look at what its attributes say."""
        own = dict(attrs)
        if tag not in VOID:
            self.inside.append(tag)
        for name in READ_OUT:
            self.found += outside(own.get(name) or "")
        if tag == "meta" and own.get("name") == "description":
            self.found += outside(own.get("content") or "")
        if tag == "nav" and own.get("class") == "languages":  # each language by its own name
            self.inside.append("code")

    def handle_endtag(self, tag: str) -> None:
        """Leave an element, and those that were never ended."""
        while self.inside and self.inside.pop() != tag:
            pass

    def handle_data(self, data: str) -> None:
        """Look at a text between tags; marks may be open over several of them."""
        if not set(self.inside) & set(NO_PROSE):
            text = OPEN * self.depth + data
            self.found += outside(text)
        self.depth += data.count(OPEN) - data.count(CLOSE)


def outside(text: str) -> Iterator[str]:
    """Yield the words of a text that stand outside of its marks."""
    depth, bare = 0, ""
    for sign in text:
        depth += (sign == OPEN) - (sign == CLOSE)
        bare += " " if depth or sign == CLOSE else sign
    yield from _WORD.findall(bare)


def unmarked(page: str) -> list[str]:
    """Return the words of a page that no catalogue knows."""
    parser = Unmarked()
    parser.feed(page)
    return parser.found
