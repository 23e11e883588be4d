"""Gates written out by their equations: the states that come of them are PyTorch's."""

import pytest
import torch

from training.model.gates import GATES, read_gates
from training.model.network import Network, NetworkSettings
from training.model.weights import initialise
from training.names import encode


@pytest.mark.parametrize("cell", GATES)
def test_the_states_are_those_of_the_network(cell: str) -> None:
    torch.manual_seed(3)
    network = Network(NetworkSettings(cell, 8)).eval()
    initialise(network)
    steps = read_gates(network, "giovanna")
    states = network.states(torch.tensor([encode("giovanna")]))[0]
    assert torch.allclose(torch.tensor([step.state for step in steps]), states, atol=1e-6)
    assert all(0 < value < 1 for step in steps for gate in step.gates for value in gate)


@pytest.mark.parametrize("cell", GATES)
def test_gates_that_keep_start_open(cell: str) -> None:
    torch.manual_seed(3)
    network = Network(NetworkSettings(cell, 64)).eval()
    initialise(network)
    keeping = read_gates(network, "a")[0].keeping
    assert sum(keeping) / 64 > 0.6


def test_a_plain_cell_has_no_gates() -> None:
    with pytest.raises(ValueError, match="no gates"):
        read_gates(Network(NetworkSettings("rnn", 8)), "anna")
