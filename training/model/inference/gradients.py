"""Back-propagation through time on arrays, for one name: how strongly an answer hears each of its letters.

What is differentiated is the last log odds, by the letters as one-hot vectors, along the plain weights.
"""

from collections.abc import Callable, Sequence

import numpy as np

from training.model.inference.cells import Array, Tensors
from training.model.settings import NetworkSettings
from training.names import ALPHABET

Back = Callable[[Array, Array, Array], tuple[Array, Array]]
"""The error of a state (state,), what the letter and what the state gave before -> (alphabet,), (state,)."""


def of_name(settings: NetworkSettings, tensors: Tensors, letters: Sequence[int], states: Array) -> Array:
    """Return the gradient by each letter (letters, alphabet), from the states after every letter."""
    if settings.cell == "elman":
        return _elman(tensors, len(letters))
    before = np.concatenate((np.zeros_like(states[:1]), states[:-1]))  # (letters, state)
    back = {"rnn": _rnn, "gru": _gru, "lstm": _lstm}[settings.cell]
    weight_ih = tensors["recurrent.weight_ih_l0"]
    error = np.zeros(states.shape[1], np.float32)
    error[: settings.width] = _readout(tensors, states[-1, : settings.width])
    found = np.empty((len(letters), len(ALPHABET)), np.float32)
    for at in reversed(range(len(letters))):
        by_gate, error = back(tensors, letters[at], before[at], error)
        found[at] = by_gate @ weight_ih
    return found


def _readout(tensors: Tensors, state: Array) -> Array:
    """Return the gradient of the log odds by the hidden state (width,)."""
    if "readout.weight" in tensors:
        women, men = tensors["readout.weight"]
        return np.asarray(women - men)
    hidden, (women, men) = tensors["readout.0.weight"], tensors["readout.2.weight"]
    is_on = hidden @ state + tensors["readout.0.bias"] > 0  # (readout,): a ReLU passes on what is above 0
    return np.asarray(((women - men) * is_on) @ hidden)


def _gates(tensors: Tensors, letter: int, state: Array) -> tuple[Array, Array]:
    """Return what letter and state give to the gates (gates,), biases included."""
    from_letter = tensors["recurrent.weight_ih_l0"][:, letter] + tensors["recurrent.bias_ih_l0"]
    from_state = tensors["recurrent.weight_hh_l0"] @ state + tensors["recurrent.bias_hh_l0"]
    return from_letter, from_state


def _sigmoid(x: Array) -> Array:
    return np.asarray(1 / (1 + np.exp(-x)))


def _rnn(tensors: Tensors, letter: int, before: Array, error: Array) -> tuple[Array, Array]:
    after = np.tanh(sum(_gates(tensors, letter, before)))
    by_gate = error * (1 - after**2)
    return by_gate, by_gate @ tensors["recurrent.weight_hh_l0"]


def _gru(tensors: Tensors, letter: int, before: Array, error: Array) -> tuple[Array, Array]:
    from_letter, from_state = _gates(tensors, letter, before)
    width = len(before)
    reset, update = np.split(_sigmoid(from_letter[: 2 * width] + from_state[: 2 * width]), 2)
    new = np.tanh(from_letter[2 * width :] + reset * from_state[2 * width :])
    # after = (1 - update) · new + update · before
    by_new = error * (1 - update) * (1 - new**2)
    by_reset = by_new * from_state[2 * width :] * reset * (1 - reset)
    by_update = error * (before - new) * update * (1 - update)
    by_state = np.concatenate((by_reset, by_update, by_new * reset))
    earlier = by_state @ tensors["recurrent.weight_hh_l0"] + error * update
    return np.concatenate((by_reset, by_update, by_new)), earlier


def _lstm(tensors: Tensors, letter: int, before: Array, error: Array) -> tuple[Array, Array]:
    hidden, memory = np.split(before, 2)
    by_hidden, by_memory = np.split(error, 2)
    into, forget, cell, out = np.split(sum(_gates(tensors, letter, hidden)), 4)
    into, forget, cell, out = _sigmoid(into), _sigmoid(forget), np.tanh(cell), _sigmoid(out)
    after = np.tanh(forget * memory + into * cell)
    by_memory = by_memory + by_hidden * out * (1 - after**2)
    by_gate = np.concatenate(
        (
            by_memory * cell * into * (1 - into),
            by_memory * memory * forget * (1 - forget),
            by_memory * into * (1 - cell**2),
            by_hidden * after * out * (1 - out),
        )
    )
    return by_gate, np.concatenate((by_gate @ tensors["recurrent.weight_hh_l0"], by_memory * forget))


def _elman(tensors: Tensors, length: int) -> Array:
    # All is linear: the error is the same whatever the letters are.
    alphabet = len(ALPHABET)
    women, men = tensors["recurrent.i2o.weight"]
    hidden = tensors["recurrent.i2h.weight"]
    found, error = [women[:alphabet] - men[:alphabet]], women[alphabet:] - men[alphabet:]
    for _ in range(length - 1):
        found.append(error @ hidden[:, :alphabet])
        error = error @ hidden[:, alphabet:]
    return np.stack(found[::-1])
