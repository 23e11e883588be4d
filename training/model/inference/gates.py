"""What the gates of a GRU or an LSTM answer while they read a name.

GRU: Cho et al. (2014), as PyTorch has it; LSTM: Hochreiter and Schmidhuber (1997), with the forget gate of
Gers et al. (2000). The steps of `cells` keep nothing of them, so they are computed anew from the states.
"""

from collections.abc import Sequence

import numpy as np

from training.model.inference.cells import Array, Tensors
from training.model.settings import NetworkSettings

GATES = {"gru": ("update", "reset"), "lstm": ("forget", "input", "output")}
"""By cell; the first gate is the one that keeps what was remembered."""
_PLACES = {"gru": (1, 0), "lstm": (1, 0, 3)}
"""Where each of them stands among PyTorch's: reset, update, new; input, forget, cell, output."""


def of_name(settings: NetworkSettings, tensors: Tensors, letters: Sequence[int], states: Array) -> Array:
    """Return how far each gate stood open (letters, gates, width), from the states after every letter.

    Raises ValueError for a cell without gates.
    """
    if settings.cell not in GATES:
        raise ValueError(f"The cell {settings.cell!r} has no gates.")
    hidden = states[:, : settings.width]
    before = np.concatenate((np.zeros_like(hidden[:1]), hidden[:-1]))  # (letters, width)
    inputs = tensors["recurrent.weight_ih_l0"].T[list(letters)] + tensors["recurrent.bias_ih_l0"]
    sums = inputs + before @ tensors["recurrent.weight_hh_l0"].T + tensors["recurrent.bias_hh_l0"]
    parts = np.split(sums, sums.shape[1] // settings.width, axis=1)  # (letters, width) each
    chosen = np.stack([parts[place] for place in _PLACES[settings.cell]], axis=1)
    return np.asarray((1 + np.tanh(chosen / 2)) / 2)
