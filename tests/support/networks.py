"""Networks that tests bring: tiny ones, and the champion that one of them is."""

import torch

from training.model import saving
from training.model.network import Network
from training.model.settings import NetworkSettings

LEANING = 4
"""How much further from one half it answers than an untrained network."""


def tiny_network(seed: int = 0, **settings: bool) -> Network:
    """Return an untrained network, 8 wide, that reads forwards unless `settings` say otherwise.

    An untrained network says one half of everything; this one is made to lean.
    """
    torch.manual_seed(seed)
    network = Network(NetworkSettings("gru", 8, **settings)).eval()
    with torch.no_grad():
        for part in network.readout.parameters():
            part.mul_(LEANING)
    return network


def tiny_artifact(seed: int = 0, **card: object) -> bytes:
    """Return an artifact of a tiny network."""
    return saving.dump(tiny_network(seed), {"name": f"tiny {seed}", **card})
