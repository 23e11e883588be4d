"""One step of each cell, and the answer that its state gives, on arrays.

A gate is a sigmoid: σ(x) = 1 / (1 + e⁻ˣ). The minus is put into the weights when a cell is made, and what a gate
lets through is divided by 1 + e⁻ˣ: NumPy's exp takes three fifths of the time of its tanh.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from training.model.settings import NetworkSettings
from training.names import ALPHABET, encode

Array = NDArray[np.float32]
Tensors = Mapping[str, Array]


gates_may_shut = partial(np.errstate, over="ignore")
"""The block in which steps are taken: what a shut gate holds back is divided by infinity."""


class Inputs(Protocol):
    """What letters add, by their rows."""

    def take(self, rows: Sequence[int] | NDArray[np.uint8], /) -> Array:
        """Return what each letter adds to each gate (gates, letters, width)."""


@dataclass(frozen=True)
class Table:
    """What each letter adds, as a table (gates, alphabet, width)."""

    by_letter: Array

    def take(self, rows: Sequence[int] | NDArray[np.uint8], /) -> Array:
        """Return what each letter adds to each gate (gates, letters, width)."""
        if len(rows) == 1:  # a slice is no copy, which makes a difference to a single name
            return self.by_letter[:, rows[0] : int(rows[0]) + 1]
        # One gate behind the other: NumPy is twice as fast where all of an array lies together.
        return np.take(self.by_letter, rows, axis=1)


@dataclass(frozen=True)
class Cell:
    """One direction of a network, laid out for reading. A state (names, state) is all that goes on."""

    width: int
    """Numbers of the hidden state; it is the first part of a state."""
    inputs: Inputs
    """What each letter adds before the non-linearity, biases included."""
    recurrent: Array
    """One matrix for each gate: (gates, width, width)."""
    start: Array
    """The state before the first letter: (1, state)."""
    step: Callable[[Array, Array, Array], Array]
    """(gates, names, width) from the letter, the same from the state, old (names, state) -> new state.

    What came from the state may be written over. Call it where `gates_may_shut`.
    """
    odds: Callable[[Array], Array]
    """(names, state) -> (names,) log P(female) / P(male)"""
    encode: Callable[[str], Sequence[int]] = encode
    """Letters -> their rows of `inputs`."""

    def read(self, letters: str, states: Array) -> Array:
        """Return the states (names, state) after one more letter of each name, a text of as many letters."""
        inputs = self.inputs.take(self.encode(letters))
        return self.step(inputs, product(states[:, : self.width], self.recurrent), states)


AT_ONCE = 1_000_000
"""Multiplications up to which OpenBLAS leaves the weights where they are; for more it copies all of them."""
FEW_ROWS = 32
"""From here on the copy is worth it."""


def product(states: Array, weights: Array) -> Array:
    """Return states @ weights (gates, names, width), a few rows in pieces of columns: in half the time."""
    rows, width = states.shape
    if rows % 4 == 3 and rows < FEW_ROWS:  # a fourth row costs less than the third does alone
        return product(np.concatenate((states, states[:1])), weights)[:, :rows]
    n_gates, _, n_columns = weights.shape
    columns = AT_ONCE // (rows * width)
    if rows > FEW_ROWS or columns >= n_columns:
        return np.asarray(np.matmul(states, weights))
    found = np.empty((n_gates, rows, n_columns), np.float32)
    columns -= columns % 16  # whole registers
    for at in range(0, n_columns, columns):
        np.matmul(states, weights[:, :, at : at + columns], out=found[:, :, at : at + columns])
    return found


def cell_of(settings: NetworkSettings, tensors: Tensors) -> Cell:
    """Lay out the weights of one direction."""
    return {"elman": _elman, "rnn": _rnn, "gru": _gru, "lstm": _lstm}[settings.cell](tensors)


def _weights(tensors: Tensors) -> tuple[Array, Array, Array, Array]:
    names = ("weight_ih_l0", "weight_hh_l0", "bias_ih_l0", "bias_hh_l0")
    w_ih, w_hh, b_ih, b_hh = (tensors[f"recurrent.{name}"] for name in names)
    return w_ih.T, w_hh.T, b_ih, b_hh


def _by_gate(matrix: Array, n_gates: int) -> Array:
    """Return the matrix of each gate by itself: (rows, gates * width) -> (gates, rows, width)."""
    # As rows lie in C: weights come transposed, and stacking would keep that.
    return np.ascontiguousarray(np.stack(np.split(matrix, n_gates, axis=1)))


def _start(state: int) -> Array:
    return np.zeros((1, state), np.float32)


def _rnn(tensors: Tensors) -> Cell:
    w_ih, w_hh, b_ih, b_hh = _weights(tensors)
    width = len(w_hh)
    inputs = Table(_by_gate(w_ih + b_ih + b_hh, 1))
    return Cell(width, inputs, _by_gate(w_hh, 1), _start(width), _step_rnn, readout_of(tensors))


def _step_rnn(from_letter: Array, from_state: Array, _state: Array) -> Array:
    new: Array = from_state[0]
    new += from_letter[0]
    return np.tanh(new, out=new)


def _gru(tensors: Tensors) -> Cell:
    w_ih, w_hh, b_ih, b_hh = _weights(tensors)
    width = len(w_hh)
    signs = np.repeat(np.array([-1, -1, 1], np.float32), width)  # reset, update, candidate
    inputs = w_ih + b_ih
    # The candidate's bias is not added here: the reset gate multiplies it with the state.
    inputs[:, : 2 * width] += b_hh[: 2 * width]
    step = partial(_step_gru, b_hh[2 * width :])
    inputs, recurrent = _by_gate(inputs * signs, 3), _by_gate(w_hh * signs, 3)
    return Cell(width, Table(inputs), recurrent, _start(width), step, readout_of(tensors))


def _step_gru(bias: Array, from_letter: Array, from_state: Array, state: Array) -> Array:
    gates, new = from_state[:2], from_state[2]
    gates += from_letter[:2]
    reset, update = _divisors(gates)
    # reset · (state's part)
    new += bias
    new /= reset
    new += from_letter[2]
    np.tanh(new, out=new)
    # (1 - update) · new + update · state
    mixed: Array = state - new
    mixed /= update
    mixed += new
    return mixed


def _divisors(gates: Array) -> Array:
    """Return by what is divided where a gate multiplies, in place of the negative sums of its sigmoid."""
    np.exp(gates, out=gates)
    gates += 1
    return gates


def _lstm(tensors: Tensors) -> Cell:
    w_ih, w_hh, b_ih, b_hh = _weights(tensors)
    width = len(w_hh)
    signs = np.repeat(np.array([-1, -1, 1, -1], np.float32), width)  # input, forget, cell, output
    inputs, recurrent = _by_gate((w_ih + b_ih + b_hh) * signs, 4), _by_gate(w_hh * signs, 4)
    order = [0, 1, 3, 2]  # the three gates first
    return Cell(
        width,
        Table(inputs[order]),
        recurrent[order],
        _start(2 * width),
        partial(_step_lstm, width),
        readout_of(tensors),
    )


def _step_lstm(width: int, from_letter: Array, from_state: Array, state: Array) -> Array:
    from_state += from_letter
    into, forget, out = _divisors(from_state[:3])  # (names, width) each
    cell = np.tanh(from_state[3], out=from_state[3])
    # The state holds both: the hidden state in its first half, the memory in its second.
    new = np.empty_like(state)
    memory = new[:, width:]
    np.divide(state[:, width:], forget, out=memory)
    memory += np.divide(cell, into, out=cell)
    np.divide(np.tanh(memory), out, out=new[:, :width])
    return new


def _elman(tensors: Tensors) -> Cell:
    # The output is a linear function of the same two things as the state, so it is one more pair of gates.
    both = np.concatenate((tensors["recurrent.i2h.weight"], tensors["recurrent.i2o.weight"])).T
    bias = np.concatenate((tensors["recurrent.i2h.bias"], tensors["recurrent.i2o.bias"]))
    letters, recurrent = both[: len(ALPHABET)], both[len(ALPHABET) :]
    width = len(recurrent)
    return Cell(
        width,
        Table(_by_gate(letters + bias, 1)),
        _by_gate(recurrent, 1),
        _start(len(bias)),
        _step_elman,
        partial(_odds_of_elman, width),
    )


def _step_elman(from_letter: Array, from_state: Array, _state: Array) -> Array:
    new: Array = from_state[0]
    new += from_letter[0]
    return new  # (names, width + labels)


def _odds_of_elman(width: int, states: Array) -> Array:
    odds: Array = states[:, width] - states[:, width + 1]
    return odds


def readout_of(tensors: Tensors) -> Callable[[Array], Array]:
    """Return what makes log odds (names,) of states (names, state); of an LSTM's the hidden half is read."""
    if "readout.weight" in tensors:
        return partial(_linear_odds, *_difference(tensors, "readout"))
    hidden = np.ascontiguousarray(tensors["readout.0.weight"].T), tensors["readout.0.bias"]
    return partial(_odds_by_layer, *hidden, *_difference(tensors, "readout.2"))


def _difference(tensors: Tensors, layer: str) -> tuple[Array, Array]:
    # The log odds are the difference of the two logits, and that is linear, too.
    (women, men), (bias_women, bias_men) = tensors[f"{layer}.weight"], tensors[f"{layer}.bias"]
    return women - men, bias_women - bias_men


def _linear_odds(weight: Array, bias: Array, states: Array) -> Array:
    odds: Array = states[:, : len(weight)] @ weight + bias
    return odds


def _odds_by_layer(hidden: Array, hidden_bias: Array, weight: Array, bias: Array, states: Array) -> Array:
    neurons = states[:, : len(hidden)] @ hidden  # (names, readout)
    neurons += hidden_bias
    np.maximum(neurons, 0, out=neurons)
    return np.asarray(neurons @ weight + bias)
