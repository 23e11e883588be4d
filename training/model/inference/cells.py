"""One step of each cell, and the answer that its state gives, on arrays.

A sigmoid is a tanh: σ(x) = ½ + ½ tanh(½x). The inner half is put into the weights when a cell is made, which
is exact in floating point, and the outer one into the step; NumPy's tanh is its fastest function.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from training.model.settings import NetworkSettings
from training.names import ALPHABET, encode

Array = NDArray[np.float32]
Tensors = Mapping[str, Array]
_HALF = np.float32(0.5)


class Inputs(Protocol):
    """What letters add, by their rows."""

    def __getitem__(self, rows: Any, /) -> Array: ...


@dataclass(frozen=True)
class Cell:
    """One direction of a network, laid out for reading. A state (names, state) is all that goes on."""

    width: int
    """Numbers of the hidden state; it is the first part of a state."""
    inputs: "Inputs"
    """What each letter adds before the non-linearity, biases included: (alphabet, gates)."""
    recurrent: Array
    """(width, gates)"""
    start: Array
    """The state before the first letter: (1, state)."""
    step: Callable[[Array, Array, Array], Array]
    """(names, gates) from the letter, (names, gates) from the state, old (names, state) -> new state.

    What came from the state may be written over.
    """
    odds: Callable[[Array], Array]
    """(names, state) -> (names,) log P(female) / P(male)"""
    encode: Callable[[str], Sequence[int]] = encode
    """Letters -> their rows of `inputs`."""

    def read(self, letters: str, states: Array) -> Array:
        """Return the states (names, state) after one more letter of each name, a text of as many letters."""
        codes = self.encode(letters)
        # A slice is no copy, which makes a difference to a single name.
        inputs = self.inputs[codes[0] : codes[0] + 1] if len(codes) == 1 else self.inputs[codes]
        return self.step(inputs, product(states[:, : self.width], self.recurrent), states)


AT_ONCE = 1_000_000
"""Multiplications up to which OpenBLAS leaves the weights where they are; for more it copies all of them."""
FEW_ROWS = 32
"""From here on the copy is worth it."""


def product(states: Array, weights: Array) -> Array:
    """Return states @ weights, a few rows in pieces of the weights' columns: in half the time."""
    rows, width = states.shape
    columns = AT_ONCE // (rows * width)
    if rows > FEW_ROWS or columns >= weights.shape[1]:
        return states @ weights
    found = np.empty((rows, weights.shape[1]), np.float32)
    columns -= columns % 16  # whole registers
    for at in range(0, weights.shape[1], columns):
        np.matmul(states, weights[:, at : at + columns], out=found[:, at : at + columns])
    return found


def cell_of(settings: NetworkSettings, tensors: Tensors) -> Cell:
    """Lay out the weights of one direction."""
    return {"elman": _elman, "rnn": _rnn, "gru": _gru, "lstm": _lstm}[settings.cell](tensors)


def _weights(tensors: Tensors) -> tuple[Array, Array, Array, Array]:
    names = ("weight_ih_l0", "weight_hh_l0", "bias_ih_l0", "bias_hh_l0")
    w_ih, w_hh, b_ih, b_hh = (tensors[f"recurrent.{name}"] for name in names)
    return w_ih.T, w_hh.T, b_ih, b_hh


def _start(state: int) -> Array:
    return np.zeros((1, state), np.float32)


def _rnn(tensors: Tensors) -> Cell:
    w_ih, w_hh, b_ih, b_hh = _weights(tensors)
    width = len(w_hh)
    recurrent = np.ascontiguousarray(w_hh)
    return Cell(width, w_ih + b_ih + b_hh, recurrent, _start(width), _step_rnn, readout_of(tensors))


def _step_rnn(from_letter: Array, from_state: Array, _state: Array) -> Array:
    from_state += from_letter
    return np.tanh(from_state, out=from_state)


def _gru(tensors: Tensors) -> Cell:
    w_ih, w_hh, b_ih, b_hh = _weights(tensors)
    width = len(w_hh)
    inputs = w_ih + b_ih
    # The candidate's bias is not added here: the reset gate multiplies it with the state.
    inputs[:, : 2 * width] = (inputs[:, : 2 * width] + b_hh[: 2 * width]) * _HALF
    step = partial(_step_gru, width, b_hh[2 * width :] * _HALF)
    return Cell(width, inputs, np.ascontiguousarray(w_hh * _HALF), _start(width), step, readout_of(tensors))


def _step_gru(width: int, bias: Array, from_letter: Array, from_state: Array, state: Array) -> Array:
    gates, new = from_state[:, : 2 * width], from_state[:, 2 * width :]
    gates += from_letter[:, : 2 * width]
    np.tanh(gates, out=gates)
    reset, update = gates[:, :width], gates[:, width:]
    # (½ + ½ reset) · (state's part), of which the weights hold the half already
    new += bias
    reset *= new
    new += reset
    new += from_letter[:, 2 * width :]
    np.tanh(new, out=new)
    # (½ - ½ update) · new + (½ + ½ update) · state
    difference: Array = state - new
    difference *= 0.5
    update *= difference
    difference += update
    difference += new
    return difference


def _lstm(tensors: Tensors) -> Cell:
    w_ih, w_hh, b_ih, b_hh = _weights(tensors)
    width = len(w_hh)
    halves = np.repeat(np.array([0.5, 0.5, 1, 0.5], np.float32), width)  # input, forget, cell, output
    inputs, recurrent = (w_ih + b_ih + b_hh) * halves, np.ascontiguousarray(w_hh * halves)
    step = partial(_step_lstm, width)
    return Cell(width, inputs, recurrent, _start(2 * width), step, readout_of(tensors))


def _step_lstm(width: int, from_letter: Array, from_state: Array, state: Array) -> Array:
    from_state += from_letter
    np.tanh(from_state, out=from_state)
    into, forget, cell, out = np.split(from_state, 4, axis=1)  # (names, width) each
    # The state holds both: the hidden state in its first half, the memory in its second.
    new = np.empty_like(state)
    memory = new[:, width:]
    np.multiply(forget + 1, state[:, width:], out=memory)
    memory += (into + 1) * cell
    memory *= 0.5
    np.multiply(out + 1, np.tanh(memory), out=new[:, :width])
    new[:, :width] *= 0.5
    return new


def _elman(tensors: Tensors) -> Cell:
    # The output is a linear function of the same two things as the state, so it is one more pair of gates.
    both = np.concatenate((tensors["recurrent.i2h.weight"], tensors["recurrent.i2o.weight"])).T
    bias = np.concatenate((tensors["recurrent.i2h.bias"], tensors["recurrent.i2o.bias"]))
    letters, recurrent = both[: len(ALPHABET)], both[len(ALPHABET) :]
    width = len(recurrent)
    return Cell(
        width,
        letters + bias,
        np.ascontiguousarray(recurrent),
        _start(len(bias)),
        _step_elman,
        partial(_odds_of_elman, width),
    )


def _step_elman(from_letter: Array, from_state: Array, _state: Array) -> Array:
    from_state += from_letter
    return from_state  # (names, width + labels)


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
