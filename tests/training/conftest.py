"""What several tests of the trainer share: the base corpus, read once, and a tiny network."""

import numpy as np
import pytest
import torch

from training.data.corpus import Corpus, read_base_corpus
from training.data.minibatches import Examples
from training.model.network import Network
from training.model.settings import NetworkSettings


@pytest.fixture(scope="session")
def base_corpus() -> Corpus:
    return read_base_corpus()


@pytest.fixture
def tiny() -> Network:
    torch.manual_seed(0)
    return Network(NetworkSettings("gru", 8)).eval()


@pytest.fixture(scope="session")
def by_last_letter() -> Examples:
    """600 names whose last letter tells the label: a for women, o for men."""
    random = np.random.default_rng(0)
    stems = {
        "".join(random.choice(list("bdlmnrst")) + random.choice(list("aeiou")) for _ in "ab")
        for _ in range(900)
    }
    names = [stem + end for stem in sorted(stems)[:300] for end in ("na", "no")]
    return Examples(names, np.array([float(name[-1] == "a") for name in names]), np.full(len(names), 1.3))
