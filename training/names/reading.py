"""What is read of a text: a name, what was left out and why, what is doubtful; or why there is none."""

from dataclasses import dataclass, replace
from enum import StrEnum

from training.names.alphabet import UnreadableName
from training.names.scripts.countries import (
    MARK,
    Country,
    is_told_apart,
    mark_of,
    split_country,
    with_country,
)
from training.names.scripts.letters import Script, script_of
from training.names.several import first_of


class Form(StrEnum):
    """What a text is said to hold. With a comma in it, it is "Last, First" in every form."""

    GIVEN = "given"  # one or more given names
    GIVEN_FIRST = "given-first"  # a full name, as Emily Johnson
    SURNAME_FIRST = "surname-first"  # a full name, as Kovács Éva or 王芳
    AUTO = "auto"  # a full name in either order, or a given name: the reader decides


class Why(StrEnum):
    """Why a piece of a text is not part of the given name."""

    TITLE = "title"
    SUFFIX = "suffix"
    INITIAL = "initial"
    NICKNAME = "nickname"
    MAIDEN_NAME = "maiden name"
    SURNAME = "surname"
    PATRONYMIC = "patronymic"
    SIGN = "sign"
    LABEL = "label"


class Doubt(StrEnum):
    """Why a reading may not be what was meant."""

    FULL_NAME = "full name"
    ORDER = "order"
    TITLE = "title"
    KEYS = "keys"
    LETTERS = "letters"
    NEW = "new"
    LOST = "lost"
    SURNAME = "surname"


DOUBT_SENTENCES = {
    Doubt.FULL_NAME: "This may be a full name. Say which part is the given name.",
    Doubt.ORDER: "Which part is the surname is not certain.",
    Doubt.TITLE: "What was taken for a title is a name, too.",
    Doubt.LETTERS: "It is read in Latin letters, which keep less than its own.",
    Doubt.SURNAME: "This is rather a surname than a given name.",
    Doubt.LOST: "The question mark may stand for a letter that was lost.",
    Doubt.NEW: "It has seen few names like this.",
    Doubt.KEYS: "This looks like keys of a keyboard rather than a name in any language.",
}


@dataclass(frozen=True)
class LeftOut:
    """A piece of the text that is not read."""

    text: str
    why: Why


@dataclass(frozen=True)
class Reading:
    """What is made of one text. Where `refusal` says something, nothing was read and the rest is empty."""

    typed: str
    """The text, without blanks around it."""
    form: Form = Form.GIVEN
    """As it was asked for."""
    spelling: str = ""
    """The given name as it was typed, its short forms spelled out: "Jürgen", "María José"."""
    read_as: str = ""
    """The same as the network reads it, in the letters of its script or in Latin ones: "jurgen", "花子"."""
    key: str = ""
    """Under which it is stored and looked up: `read_as`, or a spelling that Latin letters cannot keep; with a
    country before it where one is read: "IT:andrea"."""
    parts: tuple[str, ...] = ()
    """Each given name as the network reads it: ("jean-pierre", "marie")."""
    left_out: tuple[LeftOut, ...] = ()
    doubts: tuple[Doubt, ...] = ()
    refusal: str = ""
    """Why there is no name here, in a sentence."""
    country: Country | None = None
    """Where the name is from, if that was told and makes a difference to how it is read."""
    telling_surname: str = ""
    """The surname that tells the country, where nothing else did."""

    @property
    def script(self) -> Script | None:
        """The script that it is read in; None for Latin letters."""
        return script_of(self.read_as)

    @property
    def is_marked(self) -> bool:
        """Whether its country is told by its letters alone."""
        return self.country is not None and self.country.token == mark_of(self.spelling)

    @property
    def asked(self) -> str:
        """What a network is asked: the letters, behind its country where one is read."""
        return with_country(self.country.token, self.read_as) if self.country else self.read_as

    @property
    def first(self) -> str:
        """The first of several given names as a network is asked for it alone; empty for a single name."""
        first = first_of(self.read_as) or ""
        return with_country(self.country.token, first) if self.country and first else first

    @property
    def anywhere(self) -> "Reading":
        """The reading of the same name without its country."""
        return replace(self, country=None, telling_surname="", key=split_country(self.key)[1])

    def from_country(self, country: Country | None) -> "Reading":
        """Return the reading of the same name from a country, or as it is where that is not read with it."""
        if country is None or self.refusal or not is_told_apart(country, self.script):
            return self
        key = with_country(country.token, self.anywhere.key)
        return replace(self.anywhere, country=country if MARK in key else None, key=key)

    @property
    def is_refused(self) -> bool:
        """Whether there is no name to read."""
        return bool(self.refusal)

    @property
    def is_doubtful(self) -> bool:
        """Whether it may have been meant otherwise."""
        return bool(self.doubts)

    @property
    def doubt(self) -> str:
        """Why it may have been meant otherwise, in sentences; empty where nothing speaks for it."""
        return " ".join(DOUBT_SENTENCES[doubt] for doubt in self.doubts)

    @property
    def title(self) -> str:
        """The given name as headings show it: as typed, with capitals where none were typed."""
        return titled(self.spelling)

    @property
    def is_as_typed(self) -> bool:
        """Whether the network reads just what was typed, capitals aside."""
        return self.typed.lower() == self.read_as

    def or_refuse(self) -> "Reading":
        """Return the reading itself, or raise UnreadableName with its refusal."""
        if self.refusal:
            raise UnreadableName(self.refusal)
        return self


def titled(spelling: str) -> str:
    """Return a name with capitals, if it was written without any."""
    if spelling != spelling.lower():
        return spelling
    # Cut behind each hyphen and blank, which stay; str.title() would cut at apostrophes, too.
    words = spelling.replace("-", "-\0").replace(" ", " \0").split("\0")
    return "".join(word[:1].upper() + word[1:] for word in words)
