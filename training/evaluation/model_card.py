"""Evaluate a network on the holdout, and write its card: all that pages tell about a version.

docs/card.md documents the card entry by entry. Everything about a holdout is computed here, in the trainer,
once; web pages only read it.
"""

import platform
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from typing import Any

import numpy as np
import torch

from training.data.corpus import HOLDOUT, Corpus
from training.evaluation.metrics import Floats, Mask, curves, score
from training.evaluation.slices import slices
from training.model.predict import Answers
from training.names import ALPHABET, LABELS

HUNDRED = 100
"""Bearers: from here on the corpus's share of a name is solid, and the main scores are given for these."""
FAMOUS = 2000
"""The most borne names: trained on, and to be known by heart."""
UNISEX = (0.1, 0.9)
"""A share between these is called unisex."""


@dataclass(frozen=True)
class Origin:
    """How a network came to be: what a card tells besides scores."""

    name: str
    command: str = ""
    corrections: int = 0
    """Names with accepted corrections that were learned."""
    history: Sequence[Mapping[str, Any]] = ()
    """One row an epoch: epoch, train_loss, validation_loss, …"""
    training: Mapping[str, Any] = field(default_factory=dict)
    """The settings of the training run."""
    lineage: Mapping[str, Any] = field(default_factory=dict)
    """kind ("scratch" or "fine-tune"), and the sha256 and name of the parent of a fine-tuned one."""


def make_card(answers: Answers, corpus: Corpus, origin: Origin) -> dict[str, Any]:
    """Return the card of a network, scored on the holdout of `corpus`, which it was trained without."""
    network = answers.network
    holdout = corpus.only(HOLDOUT)
    predicted = answers.of(holdout.names)
    famous = corpus.take(np.arange(min(FAMOUS, len(corpus))))
    hundred = holdout.people >= HUNDRED
    return {
        "name": origin.name,
        "created": datetime.now(UTC).isoformat(timespec="seconds"),
        "command": origin.command,
        "machine": {"torch": torch.__version__, "python": platform.python_version()},
        "settings": asdict(network.settings),
        "training": dict(origin.training),
        "weights": sum(parameter.numel() for parameter in network.parameters()),
        "vocabulary": ALPHABET,
        "labels": list(LABELS),
        "data": {
            "fingerprint": corpus.fingerprint,
            "corpus": corpus.source,
            "names": corpus.counts(),
            "corrections": origin.corrections,
        },
        "holdout": {
            "fingerprint": holdout.fingerprint,
            **holdout_scores(predicted, holdout),
            "famous": score(answers.of(famous.names), famous.share).as_dict(),
        },
        "curves": _curves(predicted, holdout.share),
        "curves_hundred": _curves(predicted[hundred], holdout.share[hundred]),
        "slices": slices(predicted, holdout),
        "history": [dict(row) for row in origin.history],
        "lineage": dict(origin.lineage),
    }


def history_of(rounds: Iterable[Any]) -> list[dict[str, Any]]:
    """Return what a card keeps of the progress that ended each round."""
    kept = ("epoch", "train_loss", "validation_loss", "validation_accuracy", "learning_rate", "seconds")
    rows = [{key: getattr(progress, key) for key in kept} for progress in rounds]
    return [{key: value for key, value in row.items() if value is not None} for row in rows]


def holdout_scores(predicted: Floats, holdout: Corpus) -> dict[str, dict[str, Any]]:
    """Return the scores of all names, of those with 100 bearers or more, and of these that are not unisex."""
    return {
        group: score(predicted[rows], holdout.share[rows]).as_dict()
        for group, rows in groups(holdout).items()
    }


def groups(corpus: Corpus) -> dict[str, Mask]:
    """Return the rows of `corpus` in each group that scores are given for."""
    hundred = corpus.people >= HUNDRED
    one_sided = (corpus.share <= UNISEX[0]) | (corpus.share >= UNISEX[1])
    return {"all": np.ones(len(corpus), bool), "hundred": hundred, "not_unisex": hundred & one_sided}


def _curves(predicted: Floats, share: Floats) -> dict[str, Any]:
    both_labels = bool((share > 0.5).any() and (share < 0.5).any())
    return curves(predicted, share) if both_labels else {}
