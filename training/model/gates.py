"""What the gates of a GRU or an LSTM answer while they read a name, written out by their equations.

GRU: Cho et al. (2014), as PyTorch has it; LSTM: Hochreiter and Schmidhuber (1997), with the forget gate of
Gers et al. (2000). PyTorch's own layers give the states and keep the gates to themselves.
"""

from dataclasses import dataclass

import torch
from torch import Tensor

from training.model.network import Network
from training.names import ALPHABET, encode

GATES = {"gru": ("update", "reset"), "lstm": ("forget", "input", "output")}
"""By cell; the first gate is the one that keeps what was remembered."""


@dataclass(frozen=True)
class GateStep:
    """One letter: what each neuron's gates answered, 0 (shut) to 1 (open), and the state after it."""

    gates: tuple[tuple[float, ...], ...]
    """(gates, width), in the order of GATES."""
    state: tuple[float, ...]
    """(width,)"""

    @property
    def keeping(self) -> tuple[float, ...]:
        """How much each neuron kept of what it held before this letter."""
        return self.gates[0]


@torch.inference_mode()
def read_gates(network: Network, name: str) -> tuple[GateStep, ...]:
    """Return a step for each letter of a normalised name, read forwards.

    Raises ValueError for a cell without gates.
    """
    cell = network.settings.cell
    if cell not in GATES:
        raise ValueError(f"The cell {cell!r} has no gates.")
    weights = dict(network.recurrent.named_parameters())
    letters = torch.eye(len(ALPHABET))[encode(name)]  # (letters, alphabet)
    inputs = letters @ weights["weight_ih_l0"].T + weights["bias_ih_l0"]  # (letters, 3 or 4 * width)
    hidden = memory = torch.zeros(network.settings.width)
    steps = []
    for row in inputs:
        carried = weights["weight_hh_l0"] @ hidden + weights["bias_hh_l0"]  # (3 or 4 * width,)
        if cell == "gru":
            gates, hidden = _gru(row, carried, hidden)
        else:
            gates, hidden, memory = _lstm(row + carried, memory)
        steps.append(GateStep(tuple(tuple(gate.tolist()) for gate in gates), tuple(hidden.tolist())))
    return tuple(steps)


def _gru(inputs: Tensor, carried: Tensor, hidden: Tensor) -> tuple[list[Tensor], Tensor]:
    (in_r, in_z, in_n), (from_r, from_z, from_n) = inputs.chunk(3), carried.chunk(3)  # (width,) each
    reset, update = torch.sigmoid(in_r + from_r), torch.sigmoid(in_z + from_z)
    new = torch.tanh(in_n + reset * from_n)
    return [update, reset], (1 - update) * new + update * hidden


def _lstm(sums: Tensor, memory: Tensor) -> tuple[list[Tensor], Tensor, Tensor]:
    into, forget, new, out = sums.chunk(4)  # (width,) each
    into, forget, out = torch.sigmoid(into), torch.sigmoid(forget), torch.sigmoid(out)
    memory = forget * memory + into * torch.tanh(new)
    return [forget, into, out], out * torch.tanh(memory), memory
