"""A GRU's step of training, with beginnings shared: the states and gradients of `torch.nn.GRU`."""

import numpy as np
import pytest
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from training.model.network import Network
from training.model.settings import NetworkSettings
from training.model.trie_training import gru_states, levels_of
from training.names import ALPHABET

WIDTH = 6


def letters_of(names: int, length: int, of: int = 4) -> Tensor:
    return torch.from_numpy(np.random.default_rng(0).integers(0, of, (names, length)))


def gru(kind: torch.dtype = torch.float64) -> nn.GRU:
    torch.manual_seed(0)
    made = nn.GRU(len(ALPHABET), WIDTH, batch_first=True).to(kind)
    nn.init.normal_(made.weight_ih_l0)
    return made


def by_torch(cell: nn.GRU, letters: Tensor, after: list[int]) -> Tensor:
    outputs, _ = cell(F.one_hot(letters, len(ALPHABET)).to(cell.weight_hh_l0.dtype))
    return outputs[:, after]


def gradients(cell: nn.GRU, states: Tensor) -> list[Tensor]:
    wanted = torch.from_numpy(np.random.default_rng(1).normal(size=states.shape)).to(states.dtype)
    return list(torch.autograd.grad((states * wanted).sum(), list(cell.parameters())))


@pytest.mark.parametrize("after", [[4], [0, 4], [2, 2], [0, 1, 2, 3, 4]])
@pytest.mark.parametrize("names", [1, 3, 500])
def test_states_and_gradients_are_those_of_torch(names: int, after: list[int]) -> None:
    cell, letters = gru(), letters_of(names, 5)
    theirs, ours = by_torch(cell, letters, after), gru_states(cell, letters, after)
    assert torch.allclose(ours, theirs, atol=1e-12)
    for found, expected in zip(gradients(cell, ours), gradients(cell, theirs), strict=True):
        assert torch.allclose(found, expected, atol=1e-9)


def test_a_name_of_one_letter_is_read() -> None:
    cell, letters = gru(), letters_of(9, 1)
    assert torch.allclose(gru_states(cell, letters, [0]), by_torch(cell, letters, [0]), atol=1e-12)


def test_beginnings_are_shared_until_most_names_stand_alone() -> None:
    levels = levels_of(letters_of(500, 6, of=4))
    assert [len(level.letters) for level in levels] == [4, 16, 64, 226, 500, 500]
    assert [level.row_of is None for level in levels] == [False] * 4 + [True] * 2


def test_in_bfloat16_it_is_as_near_as_torch_is() -> None:
    cell, letters = gru(torch.float32), letters_of(300, 6)
    exact = by_torch(cell, letters, [2, 5])
    with torch.autocast("cpu", torch.bfloat16):
        ours = gru_states(cell, letters, [2, 5])
        theirs = by_torch(cell, letters, [2, 5])
    assert ours.dtype == torch.bfloat16
    assert (ours - exact).abs().max() <= 2 * (theirs - exact).abs().max()


def test_a_network_that_learns_answers_as_one_that_serves() -> None:
    torch.manual_seed(0)
    network = Network(NetworkSettings("gru", WIDTH, readout=4, bidirectional=True))
    letters = letters_of(50, 5)
    learning, serving = network.train().log_probs(letters), network.eval().log_probs(letters)
    assert learning.grad_fn is not None
    assert torch.allclose(learning, serving, atol=1e-6)
