"""The shape of a reader: its letters, and the tensors that follow. Needs no PyTorch."""

from dataclasses import dataclass
from enum import StrEnum

from training.model.settings import NetworkSettings, shapes_of_direction
from training.names import LABELS
from training.names.scripts.countries import TOKENS
from training.names.scripts.letters import taken_apart


class ReaderKind(StrEnum):
    """What a reader is for."""

    SCRIPTS = "scripts"  # names in letters that Latin ones cannot keep
    COUNTRIES = "countries"  # what the country of a name in Latin letters changes of its log odds

    @property
    def phase(self) -> str:
        """What the teaching of it is called in a run's progress."""
        return _PHASES[self]


_PHASES = {ReaderKind.SCRIPTS: "reader of scripts", ReaderKind.COUNTRIES: "reader of countries"}
TOKEN_LETTERS = {token: chr(0xE000 + at) for at, token in enumerate(TOKENS)}
"""Each country as one letter among the others, from Unicode's private ones."""
MOST_LETTERS = 20_000


@dataclass(frozen=True)
class ReaderSettings:
    """All that is needed, besides the weights, to build a reader again. It is a GRU in both directions."""

    kind: ReaderKind
    letters: str
    """Its alphabet, in the order of its inputs. Before them stands the letter for any other, number 0."""
    width: int
    embedding: int
    """Numbers that stand for a letter. One-hot letters meet a matrix of as many columns first: with thousands
    of letters a matrix for each gate would be most of the network."""

    def __post_init__(self) -> None:
        if len(set(self.letters)) != len(self.letters) or not 1 <= len(self.letters) <= MOST_LETTERS:
            raise ValueError(f"A reader has between 1 and {MOST_LETTERS:,} letters, each once.")
        if not 1 <= self.width <= 1024 or not 1 <= self.embedding <= 1024:
            raise ValueError("Width and embedding of a reader must be between 1 and 1024.")

    @property
    def shapes(self) -> dict[str, list[int]]:
        """The shape of every tensor, by its name."""
        one = shapes_of_direction(self.direction, self.embedding)
        both = one | {f"reverse.{name}": shape for name, shape in one.items()}
        return {"letters.weight": [len(self.letters) + 1, self.embedding], **both}

    @property
    def direction(self) -> NetworkSettings:
        """The shape of one direction, letters aside."""
        return NetworkSettings("gru", self.width)


def text_of(token: str, name: str) -> str:
    """Return the letters that a reader reads of a name: its country, if it has one, and then its own."""
    letters = taken_apart(name)
    return TOKEN_LETTERS[token] + letters if token else letters


def from_end(text: str) -> str:
    """Return a text as the second direction reads it: its country first, too."""
    return text[0] + text[:0:-1] if text[:1] in _TOKENS else text[::-1]


_TOKENS = frozenset(TOKEN_LETTERS.values())
N_LABELS = len(LABELS)
