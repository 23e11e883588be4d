"""Networks that tests bring: tiny ones, and the champion that one of them is."""

import torch

from training.model import artifact
from training.model.network import Network, NetworkSettings


def tiny_network(seed: int = 0, **settings: bool) -> Network:
    """Return an untrained network, 8 wide, that reads forwards unless `settings` say otherwise."""
    torch.manual_seed(seed)
    return Network(NetworkSettings("gru", 8, **settings)).eval()


def tiny_artifact(seed: int = 0, **card: object) -> bytes:
    """Return an artifact of a tiny network."""
    return artifact.dump(tiny_network(seed), {"name": f"tiny {seed}", **card})
