"""What the page that teaches shows: the four cells under one budget, and over-fitting with and without help.

`overfit` gives what is written for pages to draw:

    {"names": how many taught it, "command": "…", "runs": [
        {"name": "nothing", "settings": {…}, "stopped": epoch that is kept,
         "history": [{"epoch", "train_loss", "validation_loss", "validation_accuracy"}, …]}, …]}

Both losses are the mean negative log-likelihood in nats, every name counting the same.
"""

import time
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np
import torch
from torch.nn import functional as F

from training.data.corpus import TRAIN, VALIDATION, Corpus
from training.data.minibatches import Examples, encode_names, examples_of
from training.evaluation.card_types import Epoch
from training.evaluation.cross_validation import Follow, sample
from training.evaluation.metrics import score
from training.evaluation.model_card import history_of
from training.evaluation.parts.scores import Scores
from training.fitting.pipeline import fit
from training.fitting.settings import FitSettings
from training.model.network import Network
from training.model.predict import probabilities
from training.model.weights import initialise
from training.names import ALPHABET
from training.runtime.device import resolve_device
from training.runtime.strict_json import Json, Scalar

LENGTH = 10
"""Letters of the names whose gradients are measured: far enough to see them vanish."""
MEASURED = 500


@dataclass(frozen=True)
class CellResult:
    """One cell after training: its scores on the validation names, and its gradients."""

    cell: str
    scores: Scores
    seconds: float
    """The processor's on a CPU, those on the clock on a GPU."""
    untaught: tuple[float, ...]
    """Gradient norm at each letter over that at the last, before training; see `vanishing`."""
    taught: tuple[float, ...]
    """The same after it."""

    def to_json(self) -> Json:
        """Return the cell as pages and machines read it."""
        return asdict(self)


def compare_cells(
    settings: Mapping[str, FitSettings], corpus: Corpus, device: str | torch.device, follow: Follow
) -> Iterator[CellResult]:
    """Teach every cell on the same names, each with its settings, and give what came of each."""
    validation = corpus.only(VALIDATION)
    long = [name for name in validation.names if len(name) == LENGTH][:MEASURED]
    if not long:
        raise ValueError(f"There is no name of {LENGTH} letters to measure gradients on.")
    for cell, chosen in settings.items():
        torch.manual_seed(chosen.seed)
        fresh = Network(chosen.network())
        initialise(fresh)
        # After the network for the gradients was made, and before anything that teaches.
        began = _clock(device)
        fitted = follow(fit(chosen, examples_of(corpus.only(TRAIN)), examples_of(validation), device))
        seconds = _clock(device) - began
        scores = score(probabilities(fitted.network, validation.names), validation.share)
        yield CellResult(
            cell, scores, round(seconds, 1), vanishing(fresh, long), vanishing(fitted.network, long)
        )


def _clock(device: str | torch.device) -> float:
    # Of a CPU, this process's own time: what else the machine does shall not count against a cell.
    return time.process_time() if resolve_device(device).type == "cpu" else time.monotonic()


def vanishing(network: Network, names: list[str]) -> tuple[float, ...]:
    """Return the gradient norm at each letter over that at the last, of names of one length.

    It is the length of the gradient of the last answer's log-odds by the one-hot letter, the mean over the
    names: what back-propagation through time carries back to each step. Near 0 a letter is forgotten.
    """
    one_hot = F.one_hot(encode_names(names).long(), len(ALPHABET)).float()  # (names, letters, alphabet)
    answers = network.eval().log_probs_of_one_hot(one_hot.requires_grad_())  # (names, labels)
    odds = answers[:, 0] - answers[:, 1]  # (names,)
    # (names, letters, alphabet). The sum, since each name's odds depend on its own letters alone.
    (gradient,) = torch.autograd.grad(odds.sum(), one_hot)
    norms = gradient.norm(dim=2).mean(dim=0)  # (letters,)
    return tuple(round(norm, 6) for norm in (norms / norms[-1].clamp(min=1e-12)).tolist())


HELPS: dict[str, dict[str, Any]] = {
    "nothing": {"dropout": 0.0, "weight_decay": 0.0},
    "dropout": {"dropout": 0.5, "weight_decay": 0.0},
    "weight decay": {"dropout": 0.0, "weight_decay": 1.0},
    "early stopping": {"dropout": 0.0, "weight_decay": 0.0, "patience": 3},
}


@dataclass(frozen=True)
class HelpedTraining:
    """What became of a training with one help against over-fitting."""

    name: str
    settings: Mapping[str, Scalar]
    stopped: int
    """The epoch that is kept."""
    history: tuple[Epoch, ...]

    def to_json(self) -> Json:
        """Return the training as pages read it."""
        return {**asdict(self), "history": [epoch.to_json() for epoch in self.history]}


def overfit(
    settings: FitSettings, corpus: Corpus, names: int, device: str | torch.device, follow: Follow
) -> Iterator[HelpedTraining]:
    """Give one training a help, on `names` names for training and as many for validation."""
    train = _equally(sample(corpus.only(TRAIN), names, settings.seed))
    validation = _equally(sample(corpus.only(VALIDATION), names, settings.seed))
    for name, changes in HELPS.items():
        # Without other helps (the loss on beginnings, a teacher), or "nothing" would be helped too.
        chosen = replace(settings, prefix_loss_weight=0.0, teacher="none", **changes)
        fitted = follow(fit(chosen, train, validation, device))
        yield HelpedTraining(name, asdict(chosen), fitted.best_epoch, history_of(fitted.history))


def _equally(corpus: Corpus) -> Examples:
    # (names,) of 1: the curves are about names, not about how many people bear them.
    return Examples(list(corpus.names), corpus.share, np.ones(len(corpus)))
