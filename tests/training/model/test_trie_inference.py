"""Names read together get the answers they get one by one."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from training.model import trie_inference
from training.model.network import CELLS, Network, NetworkSettings
from training.names import ALPHABET, encode

NAMES = ["anna", "ann", "an", "a", "zoe", "anna", "marie-anne", "mary ann", "o'neil", "z" * 64]


KINDS = [(cell, False) for cell in CELLS] + [(cell, True) for cell in CELLS if cell != "elman"]


def network(cell: str, bidirectional: bool = False) -> Network:
    torch.manual_seed(3)
    return Network(NetworkSettings(cell, 8, bidirectional=bidirectional)).eval()


@torch.inference_mode()
def one_by_one(read: Network, name: str) -> list[float]:
    return read(torch.tensor([encode(name)]))[0, :, 0].exp().tolist()


@pytest.mark.parametrize(("cell", "bidirectional"), KINDS)
def test_every_cell_answers_as_it_does_one_by_one(cell: str, bidirectional: bool) -> None:
    read = network(cell, bidirectional)
    shares = trie_inference.shares(read, NAMES)
    for name, trace, share in zip(NAMES, trie_inference.traces(read, NAMES), shares, strict=True):
        assert np.allclose(trace, one_by_one(read, name), rtol=0, atol=1e-6)
        assert share == pytest.approx(float(trace[-1]), abs=1e-6)


@settings(deadline=None, max_examples=30)
@given(st.lists(st.text(ALPHABET, min_size=1, max_size=12), max_size=40))
def test_any_list_of_names_is_answered_in_its_order(names: list[str]) -> None:
    read = network("gru", bidirectional=True)
    expected = [one_by_one(read, name)[-1] for name in names]
    assert np.allclose(trie_inference.shares(read, names), expected, rtol=0, atol=1e-6)


def test_chunks_and_blocks_do_not_change_the_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = trie_inference.shares(network("lstm"), NAMES)
    monkeypatch.setattr(trie_inference, "CHUNK", 3)
    monkeypatch.setattr(trie_inference, "BLOCK", 2)
    assert np.allclose(trie_inference.shares(network("lstm"), NAMES), whole, rtol=0, atol=1e-6)


def test_no_names_are_no_answers() -> None:
    assert trie_inference.traces(network("rnn"), []) == []
