"""What is read of a text: a name, what was left out and why, what is doubtful; or why there is none."""

from dataclasses import dataclass
from enum import StrEnum

from training.names.alphabet import UnreadableName


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


class Doubt(StrEnum):
    """Why a reading may not be what was meant."""

    FULL_NAME = "full name"
    ORDER = "order"
    TITLE = "title"
    KEYS = "keys"
    LETTERS = "letters"
    LOST = "lost"


DOUBT_SENTENCES = {
    Doubt.FULL_NAME: "This may be a full name. Say which part is the given name.",
    Doubt.ORDER: "Which part is the surname is not certain.",
    Doubt.TITLE: "What was taken for a title is a name, too.",
    Doubt.LETTERS: "Its own letters say more than the Latin ones that the network reads.",
    Doubt.LOST: "The question mark may stand for a letter that was lost.",
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
    """The same as the network reads it, in the letters of its alphabet: "jurgen", "maria jose"."""
    key: str = ""
    """Under which it is stored and looked up: `read_as`, or a spelling that Latin letters cannot keep."""
    parts: tuple[str, ...] = ()
    """Each given name as the network reads it: ("jean-pierre", "marie")."""
    left_out: tuple[LeftOut, ...] = ()
    doubts: tuple[Doubt, ...] = ()
    refusal: str = ""
    """Why there is no name here, in a sentence."""

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
