"""What several tests of the trainer share: the base corpus, read once, and a tiny network."""

import pytest
import torch

from training.corpus import Corpus, base
from training.network import Network, NetworkSettings


@pytest.fixture(scope="session")
def base_corpus() -> Corpus:
    return base()


@pytest.fixture
def tiny() -> Network:
    torch.manual_seed(0)
    return Network(NetworkSettings("gru", 8)).eval()
