"""What gates do with a name: how far each stands open at each letter, and what is left of it at the end."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import prod
from statistics import fmean

from training.model.gates import GATES, GateStep, read_gates
from training.model.network import Network

DRAWN = 16
"""Neurons of a wide network that are drawn: those whose keeping gates move most along the name."""
WORDS = {
    "update": "keeps",
    "reset": "listens to what was",
    "forget": "keeps",
    "input": "lets in",
    "output": "shows",
}
"""What each gate does while it is open; the GRU's update gate is called by what an answer of 1 does."""


@dataclass(frozen=True)
class GatedLetter:
    """One letter: its gates, and how much of what was remembered after it is left at the end."""

    letter: str
    gates: tuple[tuple[float, ...], ...]
    """(gates, drawn neurons)"""
    open: tuple[float, ...]
    """(gates,): the mean of all neurons."""
    left: float
    """The mean over all neurons: the product of what the keeping gates answer at all later letters."""
    left_at_most: float
    """Of the neuron that keeps most."""


@dataclass(frozen=True)
class Gated:
    """A name through one network's gates."""

    cell: str
    width: int
    neurons: tuple[int, ...]
    """Which of them are drawn, counted from 1."""
    letters: tuple[GatedLetter, ...]

    @property
    def gates(self) -> tuple[str, ...]:
        """What the gates are called."""
        return GATES[self.cell]


def watch(network: Network, name: str) -> Gated:
    """Read a normalised name and note every gate; the network reads forwards and has gates."""
    steps = read_gates(network, name)
    neurons = _liveliest([step.keeping for step in steps])
    letters = tuple(
        _letter(letter, step, steps[at + 1 :], neurons)
        for at, (letter, step) in enumerate(zip(name, steps, strict=True))
    )
    settings = network.settings
    return Gated(settings.cell, settings.width, tuple(neuron + 1 for neuron in neurons), letters)


def _letter(letter: str, step: GateStep, later: Sequence[GateStep], neurons: Sequence[int]) -> GatedLetter:
    left = [prod(after.keeping[neuron] for after in later) for neuron in range(len(step.state))]
    drawn = tuple(tuple(gate[neuron] for neuron in neurons) for gate in step.gates)
    return GatedLetter(letter, drawn, tuple(map(fmean, step.gates)), fmean(left), max(left))


def _liveliest(keeping: Sequence[Sequence[float]]) -> list[int]:
    columns = list(zip(*keeping, strict=True))
    moves = sorted(range(len(columns)), key=lambda neuron: min(columns[neuron]) - max(columns[neuron]))
    # In their own order: a neuron keeps its place from letter to letter.
    return sorted(moves[:DRAWN])
