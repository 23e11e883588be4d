"""Over-fitting, shown: one network on few names, without help and with each of three helps.

What is written, for pages to draw:

    {"names": how many taught it, "command": "…", "runs": [
        {"name": "nothing", "settings": {…}, "stopped": epoch that is kept,
         "history": [{"epoch", "train_loss", "validation_loss", "validation_accuracy"}, …]}, …]}

Both losses are the mean negative log-likelihood in nats, every name counting the same.
"""

from collections.abc import Iterator
from dataclasses import asdict, replace
from typing import Any

import numpy as np

from training.data.corpus import TRAIN, VALIDATION, Corpus
from training.data.minibatches import Examples
from training.evaluation.cross_validation import Follow, sample
from training.evaluation.model_card import history_of
from training.fitting.pipeline import fit
from training.fitting.settings import FitSettings

HELPS: dict[str, dict[str, Any]] = {
    "nothing": {"dropout": 0.0, "weight_decay": 0.0},
    "dropout": {"dropout": 0.5, "weight_decay": 0.0},
    "weight decay": {"dropout": 0.0, "weight_decay": 1.0},
    "early stopping": {"dropout": 0.0, "weight_decay": 0.0, "patience": 3},
}


def overfit(
    settings: FitSettings, corpus: Corpus, names: int, device: str, follow: Follow
) -> Iterator[dict[str, Any]]:
    """Give one run a help, on `names` names for training and as many for validation."""
    train = _equally(sample(corpus.only(TRAIN), names, settings.seed))
    validation = _equally(sample(corpus.only(VALIDATION), names, settings.seed))
    for name, changes in HELPS.items():
        chosen = replace(settings, prefix_loss_weight=0.0, teacher="none", **changes)
        fitted = follow(fit(chosen, train, validation, device))
        yield {
            "name": name,
            "settings": asdict(chosen),
            "stopped": fitted.best_epoch,
            "history": history_of(fitted.history),
        }


def _equally(corpus: Corpus) -> Examples:
    return Examples(list(corpus.names), corpus.share, np.ones(len(corpus)))
