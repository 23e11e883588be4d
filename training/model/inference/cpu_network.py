"""A network as it serves: answers for one name, a few, or many, all by the same steps."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cache

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from training.model import artifact
from training.model.artifact import Contents
from training.model.inference import gates, gradients, trie
from training.model.inference.beginnings import Beginnings
from training.model.inference.cells import Array, Cell, Tensors, cell_of
from training.model.inference.reader import Reader
from training.model.inference.recent import Recent
from training.model.inference.routing import Asked, add_readers, is_own
from training.model.readers.contents import Readers
from training.model.settings import NetworkSettings
from training.names import encode, split_country, with_country

Odds = NDArray[np.float64]
FEW = 48
"""Up to so many texts are read from remembered beginnings; more form a trie."""
REMEMBERED = 20_000
"""Shares that are kept, at least: of names, and of their beginnings where a trace was asked for."""


@cache  # it holds for the whole process, and looks through every library that is loaded
def take_one_core() -> None:
    """Let one core multiply: more would take them from other requests, and gain nothing on a single name."""
    threadpool_limits(1)


class CpuNetwork:
    """A network's weights laid out for answering on a CPU, and its readers. Threads may share it."""

    def __init__(self, settings: NetworkSettings, tensors: Tensors, readers: Readers | None = None) -> None:
        self.settings = settings
        self._tensors = tensors
        forwards = {name: tensor for name, tensor in tensors.items() if not name.startswith("reverse.")}
        backwards = {name[8:]: tensor for name, tensor in tensors.items() if name.startswith("reverse.")}
        self._by_direction: list[Tensors] = [forwards, backwards] if backwards else [forwards]
        self._beginnings = [Beginnings(cell_of(settings, weights)) for weights in self._by_direction]
        self._shares: Recent[str, float] = Recent(REMEMBERED)
        self.readers = {kind: Reader(contents) for kind, contents in (readers or {}).items()}
        self.note: Callable[[int, int], None] = _note_nothing
        """Called with how many texts were remembered and how many read, for each answer."""

    def share(self, name: str) -> float:
        """Return P(female) of a normalised name."""
        found = self._shares.get(name)
        self.note(found is not None, found is None)
        return self._read_few([name])[name] if found is None else found

    def shares(self, names: Sequence[str]) -> list[float]:
        """Return P(female) of each normalised name, in order; each is read once, however often it comes."""
        found = self._shares_of(set(names))
        return [found[name] for name in names]

    def read_ahead(self, names: Sequence[str]) -> None:
        """Read normalised names before somebody asks for them."""
        for name, share in self._read_many(sorted(set(names))).items():
            self._shares.put(name, share)

    def trace(self, name: str) -> tuple[float, ...]:
        """Return P(female) after every letter of a normalised name; the last is the guess.

        The country before a name is no letter of it: it has been read before the first.
        """
        return self.traces([name])[0]

    def traces(self, names: Sequence[str]) -> list[tuple[float, ...]]:
        """Return P(female) after every letter of each normalised name, in order; the last is the guess.

        From its end, every beginning of a name is a name of its own, which takes so much longer.
        """
        beginnings = {name: _beginnings(name) for name in names}
        found = self._shares_of({text for texts in beginnings.values() for text in texts})
        return [tuple(found[text] for text in beginnings[name]) for name in names]

    def states(self, name: str) -> Array:
        """Return the hidden state after every letter, from the first to the last (letters, width)."""
        return self._states(name)[:, : self.settings.width]

    def gradients(self, name: str) -> Array:
        """Return how strongly the first direction's answer hears each letter of a normalised name (letters,).

        It is the length of the gradient of the last log odds by the one-hot letter: what back-propagation
        through time carries back to that step.
        """
        letters = encode(name)
        found = gradients.of_name(self.settings, self._by_direction[0], letters, self._states(name))
        return np.asarray(np.linalg.norm(found, axis=1))

    def gates(self, name: str) -> Array:
        """Return how far the first direction's gates stood open at each letter (letters, gates, width).

        They come in the order of `gates.GATES`. Raises ValueError for a cell without gates.
        """
        return gates.of_name(self.settings, self._by_direction[0], encode(name), self._states(name))

    def directions(self) -> list["CpuNetwork"]:
        """Return what reads in each direction, one or two, as networks of their own."""
        settings = replace(self.settings, bidirectional=False)
        return [CpuNetwork(settings, weights) for weights in self._by_direction]

    def _states(self, name: str) -> Array:
        return self._beginnings[0].states([name[:end] for end in range(1, len(name) + 1)])

    def _shares_of(self, names: set[str]) -> dict[str, float]:
        if len(names) > FEW:  # not kept: a long list would push out what people ask for
            self.note(0, len(names))
            return self._read_many(sorted(names))
        kept = {name: share for name in names if (share := self._shares.get(name)) is not None}
        missing = [name for name in names if name not in kept]
        self.note(len(kept), len(missing))
        return kept | (self._read_few(missing) if missing else {})

    def _read_few(self, names: Sequence[str]) -> dict[str, float]:
        if not all(map(is_own, names)):
            found = self._read_any(names)
        else:
            found = dict(zip(names, p_female(self._few_odds(names)), strict=True))
        for name, share in found.items():
            self._shares.put(name, share)
        return found

    def _few_odds(self, names: Sequence[str]) -> Odds:
        by_direction = [self._beginnings[0].odds(names)]
        for backwards in self._beginnings[1:]:
            by_direction.append(backwards.odds([name[::-1] for name in names]))
        return np.asarray(np.mean(by_direction, axis=0, dtype=np.float64))

    def _read_any(self, names: Sequence[str]) -> dict[str, float]:
        """Return P(female) of names of which some have a country or letters of their own."""
        asked = [Asked.of(name, self.readers) for name in names]
        latin = sorted({one.latin for one in asked if one.latin})
        by_latin = dict(zip(latin, self._latin_odds(latin).tolist(), strict=True))
        found = add_readers(asked, by_latin, self.readers)
        return dict(zip(names, p_female(np.array(found)), strict=True))

    def _latin_odds(self, names: list[str]) -> Odds:
        if not names:
            return np.empty(0)
        return self._few_odds(names) if len(names) <= FEW else self._many_odds(names)

    def _read_many(self, names: list[str]) -> dict[str, float]:
        if not all(map(is_own, names)):
            return self._read_any(names)
        return dict(zip(names, p_female(self._many_odds(names)), strict=True))

    def _many_odds(self, names: list[str]) -> Odds:
        by_direction = [trie.odds(self._beginnings[0].cell, names)]
        by_direction += [_from_end(backwards.cell, names) for backwards in self._beginnings[1:]]
        return np.asarray(np.mean(by_direction, axis=0, dtype=np.float64))


def _note_nothing(n_remembered: int, n_read: int) -> None:
    """Leave answers uncounted."""


def _from_end(cell: Cell, names: Sequence[str]) -> Array:
    back = [name[::-1] for name in names]
    # Sorted anew: names that end alike are neighbours now.
    order = sorted(range(len(back)), key=back.__getitem__)
    odds = np.empty(len(names), dtype=np.float32)
    odds[order] = trie.odds(cell, [back[row] for row in order])
    return odds


def p_female(odds: Odds) -> list[float]:
    """Return P(female) of each name by its log odds (names,)."""
    # σ(x) as a tanh, which overflows for no x.
    shares: list[float] = ((1 + np.tanh(odds / 2)) / 2).tolist()
    return shares


def _beginnings(name: str) -> list[str]:
    token, letters = ("", name) if is_own(name) else split_country(name)
    return [with_country(token, letters[:end]) for end in range(1, len(letters) + 1)]


def of_contents(contents: Contents) -> CpuNetwork:
    """Return the network of an artifact that was read."""
    return CpuNetwork(contents.settings, contents.tensors, contents.readers)


def load(data: bytes) -> CpuNetwork:
    """Return the network in an artifact; raise BadArtifact."""
    return of_contents(artifact.read(data))
