"""A network whose every answer is known beforehand: it goes by the last letter alone."""

import torch

from training.model import saving
from training.model.network import ElmanCell, Network
from training.model.settings import NetworkSettings
from training.names import ALPHABET

LOG_ODDS = dict.fromkeys(ALPHABET, -3.0) | {"a": 3.0, "e": 3.0, "i": 3.0, "u": 0.4, "y": 0.0}
"""Of women against men: a, e and i say 95 in 100 women, u says 60, y is even, the rest say 95 in 100 men."""


def letters_artifact() -> bytes:
    """Return that network as an artifact."""
    network = Network(NetworkSettings("elman", 1)).eval()
    assert isinstance(network.recurrent, ElmanCell)
    with torch.no_grad():
        for parameter in network.parameters():
            parameter.zero_()
        for index, letter in enumerate(ALPHABET):
            network.recurrent.i2o.weight[0, index] = LOG_ODDS[letter]
    return saving.dump(network, {"name": "letters"})
