"""Many names at once, with one champion: each spelling is read once, and common beginnings are shared."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from training.model import trie_inference
from training.names import LONGEST, UnreadableName, label_of, normalise
from webapp.guessing.predictor import Champion, Guess

REMEMBERED = 100_000
"""Spellings that are kept from one block of a file to the next."""


@dataclass(frozen=True)
class Finding:
    """What is made of one cell: how it was read and P(female), or the reason why it cannot be read."""

    read_as: str = ""
    p_female: float | None = None
    reason: str = ""

    @property
    def label(self) -> str:
        """The likelier label, empty without a guess."""
        return "" if self.p_female is None else label_of(self.p_female)


@dataclass(frozen=True)
class Request:
    """Names as they were typed, each as it is read or with the reason why it cannot be."""

    typed: tuple[str, ...]
    read: tuple[str | UnreadableName, ...]
    traced: bool
    """Whether a guess after every letter is wanted, too."""

    @property
    def names(self) -> list[str]:
        """The names that can be read."""
        return [name for name in self.read if isinstance(name, str)]

    @property
    def letters(self) -> int:
        """How many letters the networks read for it, at most: some 15 µs of a core each."""
        return sum(letters_read(len(name), self.traced) for name in set(self.names))


def letters_read(length: int, traced: bool) -> int:
    """Return how many letters the two networks read for a name.

    For its trace, the one that reads from the end reads every beginning of the name anew.
    """
    return length + (length * (length + 1) // 2 if traced else length)


def request_of(typed: Sequence[str], traced: bool = False) -> Request:
    """Read names as they were typed."""
    return Request(tuple(typed), tuple(map(_read, typed)), traced)


def guess_many(champion: Champion, wanted: Request) -> list[Guess | UnreadableName]:
    """Return a guess for each name, or why it cannot be read, in order."""
    if wanted.traced:
        traces = [tuple(trace.tolist()) for trace in trie_inference.traces(champion.network, wanted.names)]
        answers = iter([(trace[-1], trace) for trace in traces])
    else:
        answers = iter([(share, ()) for share in trie_inference.shares(champion.network, wanted.names)])
    return [
        Guess(text, name, champion.version_id, *next(answers)) if isinstance(name, str) else name
        for text, name in zip(wanted.typed, wanted.read, strict=True)
    ]


def _read(text: str) -> str | UnreadableName:
    if not text.strip():
        return UnreadableName("There is no name here.")
    try:
        return normalise(text)
    except UnreadableName as error:
        return error


@dataclass
class Bulk:
    """Reads the cells of a long file block by block, remembering spellings between them, within bounds."""

    champion: Champion
    remembered: int = REMEMBERED
    _known: dict[str, Finding] = field(default_factory=dict)

    def find(self, cells: Sequence[str]) -> list[Finding]:
        """Return a finding for each cell, in order."""
        if len(self._known) > self.remembered:
            self._known.clear()
        # What is too long for a name is never kept: a few such cells could fill the memory.
        self._learn({cell for cell in cells if len(cell) <= LONGEST and cell not in self._known})
        return [self._known[cell] if len(cell) <= LONGEST else _unread(cell) for cell in cells]

    def _learn(self, cells: Iterable[str]) -> None:
        read = {cell: _read(cell) for cell in cells}
        names = sorted({name for name in read.values() if isinstance(name, str)})
        shares = dict(zip(names, trie_inference.shares(self.champion.network, names), strict=True))
        for cell, name in read.items():
            found = Finding(name, shares[name]) if isinstance(name, str) else Finding(reason=str(name))
            self._known[cell] = found


def _unread(cell: str) -> Finding:
    return Finding(reason=str(_read(cell)))
