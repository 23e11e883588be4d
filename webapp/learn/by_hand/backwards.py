"""Back-propagation through time in the plain neuron: the error at each letter, and one step of learning."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from math import exp, hypot, log

from training.names import ALPHABET
from webapp.learn.by_hand.networks import Layer, Neuron

Vector = tuple[float, ...]
Matrix = tuple[Vector, ...]


@dataclass(frozen=True)
class Error:
    """What of the error arrives at one letter."""

    letter: str
    by_hidden: Vector
    """The derivative of the loss by each number of the hidden state after this letter."""
    weights: float
    """The length of what this letter adds to the gradient of all weights."""

    @property
    def size(self) -> float:
        """The length of the error that arrives."""
        return hypot(*self.by_hidden)


@dataclass(frozen=True)
class Weights:
    """All weights of the neuron, as vectors of floats; gradients have the same shape."""

    layers: tuple[Matrix, Matrix]
    """To hidden, to answer; each (numbers, alphabet + width + 1): by letter, by hidden state, the bias."""

    def __iter__(self) -> Iterator[float]:
        return (weight for layer in self.layers for row in layer for weight in row)

    @property
    def length(self) -> float:
        """The length of all of them as one arrow."""
        return hypot(*self)

    def moved(self, gradient: "Weights", by: float) -> "Weights":
        """Return these weights, moved against a gradient."""
        one, other = (
            tuple(
                tuple(weight - by * slope for weight, slope in zip(row, slopes, strict=True))
                for row, slopes in zip(layer, of, strict=True)
            )
            for layer, of in zip(self.layers, gradient.layers, strict=True)
        )
        return Weights((one, other))


@dataclass(frozen=True)
class Step:
    """One step of learning from one name: how far the weights move, and the loss before and after."""

    length: float
    """Of the gradient that is followed."""
    factor: float
    """By which the gradient was shortened; 1 where it was not."""
    before: float
    after: float


@dataclass(frozen=True)
class Backwards:
    """A name read forwards, and its error carried back."""

    name: str
    share: float
    """Of women: what the last answer should have been."""
    weights: Weights
    log_probs: Vector
    errors: tuple[Error, ...]
    """From the first letter to the last but one: what the last answer reads is the state after that."""
    gradient: Weights

    @cached_property
    def loss(self) -> float:
        """Of the last answer, in nats."""
        return _loss(self.log_probs, self.share)

    @property
    def surprise(self) -> Vector:
        """P less the target of women and of men: the derivative of the loss by each logit."""
        return _surprise(self.log_probs, self.share)

    def step(self, rate: float, clip: float | None = None) -> Step:
        """Follow the gradient once, shortened to the length `clip` if it is longer."""
        length = self.gradient.length
        factor = min(1.0, clip / length) if clip and length else 1.0
        moved = self.weights.moved(self.gradient, rate * factor)
        return Step(length * factor, factor, self.loss, _loss(_answer(moved, self.name)[0], self.share))


def go_back(neuron: Neuron, name: str, share: float, times: float = 1.0) -> Backwards:
    """Carry the error of a name back; the weights between hidden states are multiplied by `times`."""
    weights = Weights((_floats(neuron.to_hidden, times), _floats(neuron.to_answer)))
    log_probs, states = _answer(weights, name)
    surprise = _surprise(log_probs, share)
    deltas = _deltas(weights, surprise, len(name))
    inputs = [_input(letter, state) for letter, state in zip(name, states, strict=False)]
    to_hidden, to_answer = weights.layers
    gradient = Weights((_outer(deltas, inputs[:-1], to_hidden), _outer([surprise], inputs[-1:], to_answer)))
    errors = tuple(
        Error(letter, delta, hypot(*delta) * hypot(*read))
        for letter, delta, read in zip(name, deltas, inputs, strict=False)
    )
    return Backwards(name, share, weights, log_probs, errors, gradient)


def _floats(layer: Layer, times: float = 1.0) -> Matrix:
    scale = Decimal(times)
    return tuple(
        tuple(map(float, (*letters, *(scale * weight for weight in hidden), bias)))
        for letters, hidden, bias in zip(layer.by_letter, layer.by_hidden, layer.bias, strict=True)
    )


def _input(letter: str, state: Vector) -> Vector:
    # The letter, one-hot; the hidden state before it; and the 1 that meets the bias.
    return (*(float(sign == letter) for sign in ALPHABET), *state, 1.0)


def _times(matrix: Matrix, vector: Vector) -> Vector:
    return tuple(sum(a * b for a, b in zip(row, vector, strict=True)) for row in matrix)


def _answer(weights: Weights, name: str) -> tuple[Vector, list[Vector]]:
    """Return log P of women and men after the last letter, and the hidden state before each letter."""
    to_hidden, to_answer = weights.layers
    states = [(0.0,) * len(to_hidden)]
    for letter in name[:-1]:
        states.append(_times(to_hidden, _input(letter, states[-1])))
    logits = _times(to_answer, _input(name[-1], states[-1]))
    top = max(logits)  # taken off first, so that no power of e is too large for a float
    total = top + log(sum(exp(logit - top) for logit in logits))
    return tuple(logit - total for logit in logits), states


def _loss(log_probs: Vector, share: float) -> float:
    return -(share * log_probs[0] + (1 - share) * log_probs[1])


def _surprise(log_probs: Vector, share: float) -> Vector:
    return exp(log_probs[0]) - share, exp(log_probs[1]) - (1 - share)


def _deltas(weights: Weights, surprise: Vector, letters: int) -> list[Vector]:
    """Return the error at the hidden state after each letter but the last, from the first on."""
    to_hidden, to_answer = weights.layers
    deltas: list[Vector] = []
    for back in range(letters - 1):
        above, error = (to_hidden, deltas[-1]) if back else (to_answer, surprise)
        deltas.append(_carried_back(above, error))
    return deltas[::-1]


def _carried_back(layer: Matrix, error: Vector) -> Vector:
    # By the transposed matrix, of which only the part that multiplies the hidden state leads further back.
    columns = list(zip(*layer, strict=True))[len(ALPHABET) : -1]
    return tuple(sum(a * b for a, b in zip(column, error, strict=True)) for column in columns)


def _outer(errors: Sequence[Vector], inputs: Sequence[Vector], shape: Matrix) -> Matrix:
    """Return the gradient of a layer, of the shape of its weights: over all letters, error times input."""
    pairs = list(zip(errors, inputs, strict=True))
    return tuple(
        tuple(sum(error[number] * read[place] for error, read in pairs) for place in range(len(row)))
        for number, row in enumerate(shape)
    )
