"""PyTorch's networks as artifacts and back, and as the networks that serve."""

from dataclasses import dataclass, field

import torch

from training.model import artifact
from training.model.artifact import Tensor
from training.model.inference.cpu_network import CpuNetwork
from training.model.network import Network
from training.model.readers.contents import Readers
from training.runtime.strict_json import Json


@dataclass(frozen=True)
class Artifact:
    """A network that was read back from its bytes, ready to answer."""

    network: Network
    card: Json
    sha256: str
    """Of all the bytes, in hexadecimal."""
    readers: Readers = field(default_factory=dict)
    """What reads names in other scripts, and what countries change."""


def dump(network: Network, card: Json, readers: Readers | None = None) -> bytes:
    """Return the bytes of `network` with its `card`; equal networks and cards give equal bytes.

    Raises BadArtifact for what `load` would refuse: more than 8 MB, weights that are not finite.
    """
    return artifact.write(network.settings, _tensors_of(network), card, readers)


def load(data: bytes) -> Artifact:
    """Return the network in `data`, in evaluation mode on the CPU; raises BadArtifact."""
    contents = artifact.read(data)
    network = Network(contents.settings)
    tensors = {name: torch.from_numpy(tensor.copy()) for name, tensor in contents.tensors.items()}
    network.load_state_dict(tensors, strict=True)
    return Artifact(network.eval(), contents.card, contents.sha256, contents.readers)


def to_serve(network: Network, readers: Readers | None = None) -> CpuNetwork:
    """Return a network as it would serve, with the weights of this moment, and the readers beside it."""
    tensors = {name: tensor.copy() for name, tensor in _tensors_of(network).items()}
    return CpuNetwork(network.settings, tensors, readers)


def _tensors_of(network: Network) -> dict[str, Tensor]:
    return {
        # (…) of any shape, float32 whatever it was trained in
        name: tensor.detach().to("cpu", torch.float32).contiguous().numpy()
        for name, tensor in network.state_dict().items()
    }
