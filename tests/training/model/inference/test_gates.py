"""Gates of the networks that serve: put into the cells' equations they give PyTorch's states."""

import pytest
import torch
from torch import Tensor

from training.model.inference.gates import GATES
from training.model.network import Network
from training.model.saving import to_serve
from training.model.settings import NetworkSettings
from training.model.weights import initialise
from training.names import ALPHABET, encode


def fresh(cell: str, width: int = 8, **more: bool) -> Network:
    torch.manual_seed(3)
    network = Network(NetworkSettings(cell, width, **more)).eval()
    initialise(network)
    return network


def states(network: Network, name: str, gates: Tensor) -> list[Tensor]:
    """Return the states after every letter by the cell's equations, with these gates."""
    weights = {name: part.detach() for name, part in network.recurrent.named_parameters()}
    hidden = memory = torch.zeros(network.settings.width)
    found = []
    for letter, opened in zip(torch.eye(len(ALPHABET))[encode(name)], gates, strict=True):
        into = (weights["weight_ih_l0"] @ letter + weights["bias_ih_l0"]).split(network.settings.width)
        back = (weights["weight_hh_l0"] @ hidden + weights["bias_hh_l0"]).split(network.settings.width)
        if network.settings.cell == "gru":
            update, reset = opened
            hidden = (1 - update) * torch.tanh(into[2] + reset * back[2]) + update * hidden
        else:
            forget, let_in, out = opened
            memory = forget * memory + let_in * torch.tanh(into[2] + back[2])
            hidden = out * torch.tanh(memory)
        found.append(hidden)
    return found


@pytest.mark.parametrize("cell", GATES)
def test_with_them_the_states_are_those_of_the_network(cell: str) -> None:
    network = fresh(cell)
    gates = torch.from_numpy(to_serve(network).gates("giovanna"))
    expected = network.states(torch.tensor([encode("giovanna")]))[0]
    assert torch.allclose(torch.stack(states(network, "giovanna", gates)), expected, atol=1e-6)


@pytest.mark.parametrize("cell", GATES)
def test_gates_that_keep_start_open(cell: str) -> None:
    assert to_serve(fresh(cell, 64)).gates("a")[0, 0].mean() > 0.6


def test_of_two_directions_the_first_is_watched() -> None:
    both = to_serve(fresh("gru", bidirectional=True))
    assert (both.gates("anna") == both.directions()[0].gates("anna")).all()


def test_a_plain_cell_has_no_gates() -> None:
    with pytest.raises(ValueError, match="no gates"):
        to_serve(fresh("rnn")).gates("anna")
