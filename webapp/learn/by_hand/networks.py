"""The four small networks that come with Nomen, and the weights of the plain neuron as short decimals."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache

import numpy as np

from training.model import artifact
from training.model.artifact import SHIPPED, Contents
from training.model.inference import cpu_network
from training.model.inference.cpu_network import CpuNetwork
from training.names import ALPHABET
from training.runtime.strict_json import BadPart, Part

FOLDER = SHIPPED.with_name("course")
WEIGHT = Decimal("0.01")
"""What every weight is a multiple of."""
Row = tuple[Decimal, ...]
LAYERS = ("recurrent.i2h", "recurrent.i2o")


class BadCourse(BadPart):
    """A small network's card cannot be read; the message says which part."""

    document = "card of a small network"


@dataclass(frozen=True)
class Made:
    """How a small network was made, and how often it is right on names that it never saw."""

    command: str
    names: int
    tested: int
    accuracy: float
    loss: float


@dataclass(frozen=True)
class SmallNetwork:
    """One of them."""

    network: CpuNetwork
    made: Made
    n_weights: int
    """How many numbers it is made of."""


@dataclass(frozen=True)
class Layer:
    """A linear layer over the letter and the hidden state before it: one row of weights for each number."""

    by_letter: tuple[Row, ...]
    """(numbers, alphabet)"""
    by_hidden: tuple[Row, ...]
    """(numbers, width)"""
    bias: Row


@dataclass(frozen=True)
class Neuron:
    """The course's neuron: two linear layers, which share their input."""

    to_hidden: Layer
    to_answer: Layer

    @property
    def width(self) -> int:
        """How many numbers it remembers."""
        return len(self.to_hidden.bias)


@cache
def small(cell: str) -> SmallNetwork:
    """Return the small network of a cell."""
    found = _contents(cell)
    made = Part.whole(found.card, BadCourse).record(Made)
    return SmallNetwork(cpu_network.of_contents(found), made, sum(map(np.size, found.tensors.values())))


@cache
def neuron() -> Neuron:
    """Return the plain neuron's weights, exactly as they are stored: with two decimals."""
    weights = {name: tensor.tolist() for name, tensor in _contents("elman").tensors.items()}
    return Neuron(*(_layer(weights[f"{of}.weight"], weights[f"{of}.bias"]) for of in LAYERS))


def _contents(cell: str) -> Contents:
    return artifact.read((FOLDER / f"{cell}.safetensors").read_bytes())


def _layer(matrix: Sequence[Sequence[float]], bias: Sequence[float]) -> Layer:
    rows = [_short(row) for row in matrix]
    # One matrix over both: the letter's columns first, then the hidden state's.
    letters = len(ALPHABET)
    return Layer(tuple(row[:letters] for row in rows), tuple(row[letters:] for row in rows), _short(bias))


def _short(values: Sequence[float]) -> Row:
    # A weight of 0.31 is 0.3100000024 as a 32-bit float; it was rounded to 0.31 and is that again.
    return tuple(Decimal(value).quantize(WEIGHT) for value in values)
