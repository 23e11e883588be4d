"""Calibration: what a network answers is made to mean what it says, on names it was not taught.

Platt's scaling (1999) with soft labels: logits become `scale * logit + shift`. Both are folded into the
readout, so the network stays what it was, letter trace included.
"""

import numpy as np
import torch
from numpy.typing import NDArray

from training.batches import Examples
from training.loop import log_probabilities
from training.network import Network

Floats = NDArray[np.float64]

SOLID = 1 + np.log10(1 + 100)
"""The weight of a name with 100 bearers: from here on its share is solid enough to calibrate against."""
_FEWEST = 200
_STEPS = 30


def calibrate(network: Network, validation: Examples, device: torch.device) -> tuple[float, float]:
    """Calibrate `network` in place on the validation names whose share is solid; return (scale, shift).

    With fewer than 200 such names, or a network without a readout of its own, it is left alone: (1, 0).
    """
    rows = np.flatnonzero(validation.weight >= SOLID)
    if len(rows) < _FEWEST or network.settings.cell == "elman":
        return 1.0, 0.0
    solid = validation.pick(rows)
    answers = log_probabilities(network, solid.names, device)
    scale, shift = platt(answers[:, 0] - answers[:, 1], solid.share)
    with torch.no_grad():
        network.readout.weight.mul_(scale)
        network.readout.bias.mul_(scale).add_(torch.tensor([shift / 2, -shift / 2], device=device))
    return scale, shift


def platt(logits: Floats, share: Floats) -> tuple[float, float]:
    """Return the scale and shift of the logits that make the shares likeliest (Newton's method)."""
    inputs = np.stack((logits, np.ones_like(logits)), axis=1)  # (names, 2)
    found = np.array([1.0, 0.0])
    for _ in range(_STEPS):
        answers = 1 / (1 + np.exp(-(inputs @ found).clip(-30, 30)))
        slope = inputs.T @ (answers - share)
        curve = (inputs * (answers * (1 - answers))[:, None]).T @ inputs + 1e-6 * np.eye(2)
        found = found - np.linalg.solve(curve, slope)
    return float(found[0]), float(found[1])
