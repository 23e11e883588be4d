"""Guessing in three lines:

from training.model.predict import guess, load
for answer in guess(["Maria", "Jürgen", "Σοφία"], load()):
    ...
"""

from collections.abc import Iterator, Sequence
from functools import lru_cache
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from training.data.minibatches import encode_names, rows_by_length
from training.model.answers import Answer, From, answer_all
from training.model.artifact import SHIPPED
from training.model.network import Network, mean_logits
from training.model.readers.contents import Readers
from training.model.saving import Artifact, to_serve
from training.model.saving import load as load_bytes
from training.names import LABELS, Form
from training.runtime.device import mixed_precision

BATCH = 1024
"""Names of one length that are read at once, at most."""
TRAINING_BATCH = {"cpu": 1024, "cuda": 16_384}
"""The same in the precision of training: a processor's cache holds fewer than a GPU wants."""


@lru_cache(maxsize=2)
def load(path: Path = SHIPPED) -> Artifact:
    """Return the artifact at `path`, the shipped network by default; raises OSError and BadArtifact."""
    return load_bytes(path.read_bytes())


def guess(
    names: Sequence[str],
    artifact: Artifact | None = None,
    form: Form = Form.GIVEN,
    country: From = None,
) -> list[Answer]:
    """Return one answer for each of `names` as typed, in order, from its country or from anywhere.

    Raises TypeError for a text, whose letters would be taken for names.
    """
    if isinstance(names, str):
        raise TypeError(f"Names are a list: guess([{names!r}])")
    chosen = artifact or load()
    return answer_all(to_serve(chosen.network, chosen.readers), names, form, country)


def probabilities(network: Network, names: Sequence[str]) -> NDArray[np.float64]:
    """Return P(female) of each normalised name, in their order, in full precision where the network lives."""
    device = next(network.parameters()).device
    p_female = np.empty(len(names))
    was_training = network.training
    network.eval()
    with torch.inference_mode():
        for rows in _equal_lengths(names, BATCH):
            letters = encode_names([names[row] for row in rows]).to(device).long()  # (batch, letters)
            # Label 0 is female.
            p_female[rows] = network.log_probs(letters)[:, 0].exp().double().cpu().numpy()  # (batch,)
    # As it was: a trainer may ask in the middle of an epoch.
    network.train(was_training)
    return p_female


@torch.no_grad()
def log_probabilities(network: Network, names: Sequence[str], device: torch.device) -> NDArray[np.float64]:
    """Return log P(label) of each normalised name (names, labels), in the precision of training."""
    network = network.to(device).eval()
    by_direction = [_own_log_probs(network, names, device)]
    if network.reverse:
        by_direction.append(_own_log_probs(network.reverse, [name[::-1] for name in names], device))
    log_probs: NDArray[np.float64] = mean_logits(by_direction).double().numpy()
    return log_probs


def _own_log_probs(direction: Network, names: Sequence[str], device: torch.device) -> Tensor:
    """Return log P(label) of each name by one direction alone (names, labels), on the CPU."""
    order = np.arange(len(names))
    if device.type == "cpu":  # names that begin alike come together, so that they share the work of it
        order = np.argsort(np.array(names), kind="stable")
    in_order = [names[row] for row in order.tolist()]
    read, found = [], [torch.empty(0, len(LABELS), device=device)]
    for rows in _equal_lengths(in_order, TRAINING_BATCH.get(device.type, BATCH)):
        letters = encode_names([in_order[row] for row in rows]).to(device).long()  # (batch, letters)
        with mixed_precision(device):
            found.append(direction.own_log_probs(letters).float())  # (batch, labels)
        read.append(order[rows])
    log_probs = torch.empty(len(names), len(LABELS))
    log_probs[torch.from_numpy(np.concatenate([order[:0], *read]))] = torch.cat(found).cpu()
    return log_probs


def log_odds(network: Network, names: Sequence[str], device: torch.device) -> NDArray[np.float64]:
    """Return log P(female) / P(male) of each normalised name, as `log_probabilities` does."""
    log_probs = log_probabilities(network, names, device)
    odds: NDArray[np.float64] = log_probs[:, 0] - log_probs[:, 1]
    return odds


class Answers:
    """P(female) of one network on the CPU, computed once a name however often it is asked for."""

    def __init__(self, network: Network, readers: Readers | None = None) -> None:
        self.network = network
        self._serving = to_serve(network, readers)
        self._known: dict[str, float] = {}

    def of(self, names: Sequence[str]) -> NDArray[np.float64]:
        """Return P(female) of each normalised name, in their order."""
        new = [name for name in dict.fromkeys(names) if name not in self._known]
        if new:
            self._known.update(zip(new, self._serving.shares(new), strict=True))
        return np.array([self._known[name] for name in names])


def _equal_lengths(names: Sequence[str], most: int) -> Iterator[NDArray[np.intp]]:
    for rows in rows_by_length(names).values():
        # Parts of nearly equal size, none larger than `most`.
        yield from np.array_split(rows, -(-len(rows) // most))
