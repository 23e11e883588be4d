"""What gates do with a name: how far each stands open at each letter, and what is left of it at the end."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import prod
from statistics import fmean

from training.model.inference.cpu_network import CpuNetwork
from training.model.inference.gates import GATES
from webapp.languages.words import N_

Gates = Sequence[Sequence[float]]
"""At one letter (gates, width); the first keeps."""
DRAWN = 16
"""Neurons of a wide network that are drawn: those whose keeping gates move most along the name."""
WORDS = {
    "update": N_("keeps"),
    "reset": N_("listens to what was"),
    "forget": N_("keeps"),
    "input": N_("lets in"),
    "output": N_("shows"),
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


def watch(network: CpuNetwork, name: str) -> Gated:
    """Read a normalised name by the first direction of a network with gates, and note every gate."""
    steps: list[Gates] = network.gates(name).tolist()
    neurons = _liveliest([keeping for keeping, *_ in steps])
    letters = tuple(
        _letter(letter, step, steps[at + 1 :], neurons)
        for at, (letter, step) in enumerate(zip(name, steps, strict=True))
    )
    settings = network.settings
    return Gated(settings.cell, settings.width, tuple(neuron + 1 for neuron in neurons), letters)


def _letter(letter: str, step: Gates, later: Sequence[Gates], neurons: Sequence[int]) -> GatedLetter:
    left = [prod(keeping[neuron] for keeping, *_ in later) for neuron in range(len(step[0]))]
    drawn = tuple(tuple(gate[neuron] for neuron in neurons) for gate in step)
    return GatedLetter(letter, drawn, tuple(map(fmean, step)), fmean(left), max(left))


def _liveliest(keeping: Sequence[Sequence[float]]) -> list[int]:
    columns = list(zip(*keeping, strict=True))
    moves = sorted(range(len(columns)), key=lambda neuron: min(columns[neuron]) - max(columns[neuron]))
    # In their own order: a neuron keeps its place from letter to letter.
    return sorted(moves[:DRAWN])
