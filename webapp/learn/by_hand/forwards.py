"""The plain neuron reads a name by pencil: each number is rounded when written, and goes on as written."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from training.names import ALPHABET
from webapp.guessing.explanation import letters
from webapp.learn.by_hand.networks import Layer, Neuron, Row

WRITTEN = Decimal("0.001")
"""Three decimals are written of each number."""
ZERO = Decimal("0.000")


@dataclass(frozen=True)
class Sum:
    """One number and how it comes about: letter + carried + bias."""

    letter: Decimal
    weights: Row
    """By which the hidden state before is multiplied, number by number."""
    carried: Decimal
    """The sum of these products."""
    bias: Decimal

    @property
    def total(self) -> Decimal:
        """What comes of it."""
        return self.letter + self.carried + self.bias


@dataclass(frozen=True)
class Answer:
    """What the neuron answers after a letter; of each pair the first is women's, the second men's."""

    logits: tuple[Decimal, Decimal]
    log_total: Decimal
    """ln(e^women + e^men): what LogSoftmax takes off both."""

    @property
    def log_probs(self) -> tuple[Decimal, Decimal]:
        """log P of each."""
        women, men = self.logits
        return women - self.log_total, men - self.log_total

    @property
    def p(self) -> Decimal:
        """P(women)."""
        return written(self.log_probs[0].exp())

    def loss(self, share: Decimal) -> Decimal:
        """Return the negative log-likelihood where `share` of the bearers are women, in nats."""
        women, men = self.log_probs
        return written(-(share * women + (1 - share) * men))


@dataclass(frozen=True)
class PencilStep:
    """One letter: the hidden state before it, the eight sums that make the new one, and the answer."""

    letter: str
    before: Row
    hidden: tuple[Sum, ...]
    answers: tuple[Sum, Sum]
    answer: Answer

    @property
    def place(self) -> int:
        """Where the single 1 stands."""
        return ALPHABET.index(self.letter)

    @property
    def name(self) -> str:
        """How the letter is called in words."""
        return letters.bare(self.letter)

    @property
    def after(self) -> Row:
        """The hidden state after it."""
        return tuple(number.total for number in self.hidden)


def written(number: Decimal) -> Decimal:
    """Return a number as it is written: with three decimals, halves away from 0."""
    return number.quantize(WRITTEN, ROUND_HALF_UP)


def read(neuron: Neuron, name: str) -> tuple[PencilStep, ...]:
    """Return every letter of a normalised name with all that is computed at it."""
    hidden: Row = (ZERO,) * neuron.width
    steps = []
    for letter in name:
        steps.append(_step(neuron, letter, hidden))
        hidden = steps[-1].after
    return tuple(steps)


def _step(neuron: Neuron, letter: str, before: Row) -> PencilStep:
    women, men = _sums(neuron.to_answer, letter, before)
    logits = (women.total, men.total)
    log_total = written((logits[0].exp() + logits[1].exp()).ln())
    return PencilStep(
        letter, before, _sums(neuron.to_hidden, letter, before), (women, men), Answer(logits, log_total)
    )


def _sums(layer: Layer, letter: str, before: Row) -> tuple[Sum, ...]:
    # A one-hot letter times a matrix is one column of it.
    place = ALPHABET.index(letter)
    rows = zip(layer.by_letter, layer.by_hidden, layer.bias, strict=True)
    return tuple(Sum(of[place], weights, _dot(weights, before), bias) for of, weights, bias in rows)


def _dot(weights: Sequence[Decimal], values: Sequence[Decimal]) -> Decimal:
    products = (weight * value for weight, value in zip(weights, values, strict=True))
    return written(sum(products, ZERO))
