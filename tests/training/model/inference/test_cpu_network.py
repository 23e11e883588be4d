"""The networks that serve answer as PyTorch's do, one name, a few or many at a time."""

import random

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch.nn import functional as F

from training.data.corpus import Corpus
from training.model import artifact, saving
from training.model.inference import beginnings, cpu_network, trie
from training.model.inference.cells import cell_of, product
from training.model.inference.cpu_network import CpuNetwork
from training.model.network import Network
from training.model.settings import CELLS, NetworkSettings, shapes_of
from training.names import ALPHABET, encode

NAMES = ["anna", "ann", "an", "a", "zoe", "anna", "marie-anne", "mary ann", "o'neil", "z" * 64]
CLOSE = 1e-5

KINDS = [
    NetworkSettings(cell, 8, readout=readout, bidirectional=both)
    for cell in CELLS
    for readout in (0, 5)
    for both in (False, True)
    if cell != "elman" or not (readout or both)
]


def of_kind(settings: NetworkSettings) -> Network:
    torch.manual_seed(3)
    return Network(settings).eval()


def gru() -> Network:
    return of_kind(NetworkSettings("gru", 8, bidirectional=True))


@pytest.mark.parametrize("cell", ["gru", "lstm"])
@pytest.mark.parametrize("few", [0, 1_000])
def test_gates_may_be_shut_altogether(cell: str, few: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cpu_network, "FEW", few)
    network = of_kind(NetworkSettings(cell, 8, bidirectional=True))
    with torch.no_grad():
        for name, weights in network.named_parameters():
            weights.mul_(1_000 if "recurrent" in name else 1)
    shares = saving.to_serve(network).shares(NAMES)
    assert np.allclose(shares, [eager(network, name)[-1] for name in NAMES], rtol=0, atol=1e-5)


@torch.inference_mode()
def eager(network: Network, name: str) -> list[float]:
    return network(torch.tensor([encode(name)]))[0, :, 0].exp().tolist()


@pytest.fixture(params=KINDS, ids=str)
def network(request: pytest.FixtureRequest) -> Network:
    return of_kind(request.param)


@pytest.mark.parametrize("few", [0, 1_000])
def test_every_kind_answers_as_it_does_in_pytorch(
    network: Network, few: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cpu_network, "FEW", few)  # 0: all of them by the trie
    serving = saving.to_serve(network)
    shares, traces = serving.shares(NAMES), serving.traces(NAMES)
    for name, share, trace in zip(NAMES, shares, traces, strict=True):
        assert np.allclose(trace, eager(network, name), rtol=0, atol=1e-6)
        assert share == pytest.approx(trace[-1], abs=1e-6) == pytest.approx(serving.share(name), abs=1e-6)


def test_the_shipped_network_answers_10_000_names_as_in_pytorch(base_corpus: Corpus) -> None:
    names = random.Random(0).sample(base_corpus.names, 10_000)
    data = artifact.SHIPPED.read_bytes()
    network, serving = saving.load(data).network, cpu_network.load(data)
    expected = np.empty(len(names))
    for length in set(map(len, names)):  # a batch of PyTorch's has names of one length
        rows = [row for row, name in enumerate(names) if len(name) == length]
        letters = torch.tensor([encode(names[row]) for row in rows])
        with torch.inference_mode():
            expected[rows] = network.log_probs(letters)[:, 0].exp().numpy()
    assert np.abs(np.array(serving.shares(names)) - expected).max() < CLOSE
    alone = [serving.share(name) for name in names[:1_000]]
    assert np.abs(np.array(alone) - expected[:1_000]).max() < CLOSE


def test_the_states_are_those_of_pytorch(network: Network) -> None:
    expected = network.states(torch.tensor([encode("giovanna")]))[0].detach().numpy()
    assert np.allclose(saving.to_serve(network).states("giovanna"), expected, rtol=0, atol=1e-6)


def test_the_gradients_are_those_of_pytorch(network: Network) -> None:
    (direction, *_), letters = saving.to_serve(network).directions(), torch.tensor([encode("anna")])
    network.reverse = None  # each direction hears for itself
    one_hot = F.one_hot(letters, len(ALPHABET)).float().requires_grad_()  # (1, letters, alphabet)
    answer = network.log_probs_of_one_hot(one_hot)  # (1, labels)
    (by_letter,) = torch.autograd.grad(answer[0, 0] - answer[0, 1], one_hot)
    expected = by_letter[0].norm(dim=1).numpy()
    assert np.allclose(direction.gradients("anna"), expected, rtol=1e-4, atol=1e-6)


def test_each_direction_can_be_asked_alone() -> None:
    serving = saving.to_serve(gru())
    forwards, backwards = serving.directions()
    odds = [np.log(p / (1 - p)) for p in (forwards.share("anna"), backwards.share("anna"[::-1]))]
    assert serving.share("anna") == pytest.approx(1 / (1 + np.exp(-np.mean(odds))), abs=1e-6)


@settings(deadline=None, max_examples=30)
@given(st.lists(st.text(ALPHABET, min_size=1, max_size=12), max_size=60))
def test_any_list_of_names_is_answered_in_its_order(names: list[str]) -> None:
    network = gru()
    expected = [eager(network, name)[-1] for name in names]
    assert np.allclose(saving.to_serve(network).shares(names), expected, rtol=0, atol=1e-6)


def test_chunks_and_blocks_do_not_change_the_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cpu_network, "FEW", 0)
    whole = saving.to_serve(gru()).shares(NAMES)
    monkeypatch.setattr(trie, "CHUNK", 3)
    monkeypatch.setattr(trie, "BLOCK", 2)
    assert np.allclose(saving.to_serve(gru()).shares(NAMES), whole, rtol=0, atol=1e-6)


def test_what_is_forgotten_is_read_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(beginnings, "REMEMBERED", 2)
    monkeypatch.setattr(cpu_network, "REMEMBERED", 2)
    serving = saving.to_serve(gru())
    once = [serving.share(name) for name in NAMES]
    assert [serving.share(name) for name in NAMES] == pytest.approx(once, abs=1e-6)
    assert serving.trace("giovanna") == pytest.approx(saving.to_serve(gru()).trace("giovanna"), abs=1e-6)


def test_a_letter_more_reads_one_letter(monkeypatch: pytest.MonkeyPatch) -> None:
    serving = saving.to_serve(of_kind(NetworkSettings("gru", 8)))
    serving.trace("giovann")
    read = letters_read(serving, monkeypatch)
    serving.trace("giovanna")
    assert read == ["a"]


def letters_read(serving: CpuNetwork, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return a list to which whatever its first direction reads is added."""
    read: list[str] = []
    direction = serving._beginnings[0]
    proper = direction._read
    monkeypatch.setattr(
        direction,
        "_read",
        lambda texts, found: (read.extend(text[-1] for text in texts), proper(texts, found)),
    )
    return read


def test_no_names_are_no_answers() -> None:
    assert saving.to_serve(gru()).traces([]) == saving.to_serve(gru()).shares([]) == []


def test_what_learns_on_does_not_change_what_serves() -> None:
    network = gru()
    serving = saving.to_serve(network)
    before = serving.share("anna")
    with torch.no_grad():
        for parameter in network.parameters():
            parameter.mul_(2)
    assert serving.share("zoe") != pytest.approx(eager(network, "zoe")[-1], abs=1e-4)
    assert serving.share("anna") == before


def test_the_shapes_are_those_of_pytorch(network: Network) -> None:
    expected = {name: list(tensor.shape) for name, tensor in network.state_dict().items()}
    assert shapes_of(network.settings) == expected


def test_a_few_rows_in_pieces_of_columns_are_the_same_product() -> None:
    chance = np.random.default_rng(0)
    weights = chance.normal(size=(3, 384, 384)).astype(np.float32)
    for rows in (1, 2, 3, 6, 7, 16, 31, 32, 33):
        states = chance.normal(size=(rows, 384)).astype(np.float32)
        assert np.allclose(product(states, weights), states @ weights, atol=1e-3), rows


@pytest.mark.parametrize("cell", CELLS)
def test_weights_lie_as_they_are_read(cell: str) -> None:
    settings = NetworkSettings(cell, 8)
    laid_out = cell_of(
        settings, {name: part.numpy() for name, part in Network(settings).state_dict().items()}
    )
    assert laid_out.recurrent.flags.c_contiguous  # transposed, a single name takes twice as long
