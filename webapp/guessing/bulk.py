"""Many names at once, with one champion: each spelling is read once, and common beginnings are shared."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from training.model import trie_inference
from training.names import LONGEST, UnreadableName, label_of, normalise
from webapp.errors import TooLarge
from webapp.guessing.predictor import Champion, Guess

REMEMBERED = 100_000
"""Spellings that are kept from one block of a file to the next."""
TRACED = 200_000
"""Squared letters that are traced at once: 1,000 names of 14 letters, a second or two of work."""


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


def guess_many(
    champion: Champion, typed: Sequence[str], traced: bool = False
) -> list[Guess | UnreadableName]:
    """Return a guess for each name, or why it cannot be read, in order; `traced` after every letter too.

    Raises TooLarge for more letters than can be traced at once.
    """
    read = [_read(text) for text in typed]
    names = [name for name in read if isinstance(name, str)]
    if traced:
        _check_length(names)
        traces = [tuple(trace.tolist()) for trace in trie_inference.traces(champion.network, names)]
        answers = iter([(trace[-1], trace) for trace in traces])
    else:
        answers = iter([(share, ()) for share in trie_inference.shares(champion.network, names)])
    return [
        Guess(text, name, champion.version_id, *next(answers)) if isinstance(name, str) else name
        for text, name in zip(typed, read, strict=True)
    ]


def _check_length(names: Sequence[str]) -> None:
    # From its end, each beginning of a name is read anew: the work grows with the square of the letters.
    if sum(len(name) ** 2 for name in set(names)) > TRACED:
        raise TooLarge("These names are too long to trace all at once: send fewer, or ask without the trace.")


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
