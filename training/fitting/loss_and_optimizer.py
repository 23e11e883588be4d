"""What a step goes down: the loss, the rate, and the optimiser that follows both."""

import math
from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor
from torch.optim import AdamW

from training.data.minibatches import Batch
from training.fitting.settings import FitSettings
from training.model.network import Network, together


def optimizer_of(network: Network, settings: FitSettings) -> AdamW:
    """Return AdamW over all weights of `network`; biases do not decay."""
    matrices = [p for p in network.parameters() if p.dim() > 1]
    biases = [p for p in network.parameters() if p.dim() < 2]
    groups: list[dict[str, Any]] = [{"params": matrices}, {"params": biases, "weight_decay": 0.0}]
    return AdamW(groups, lr=settings.learning_rate, weight_decay=settings.weight_decay)


def rate_at(settings: FitSettings, done: float) -> float:
    """Return the learning rate after this share (0 to 1) of all steps: a rise, then half a cosine."""
    if done < settings.warmup:
        return settings.learning_rate * max(done, 1e-3) / settings.warmup
    fall = (done - settings.warmup) / (1 - settings.warmup)
    return settings.learning_rate * max(0.5 * (1 + math.cos(math.pi * fall)), 1e-3)


def asked_after(length: int, step: int) -> tuple[int, int]:
    """Return the letters, counted from 0, after which a step asks for an answer: any one, and the last.

    Over the steps it is every letter's turn. To ask after all of them in every step takes a fifth to a third
    more time, and teaches the same.
    """
    return step % length, length - 1


def loss_of(readings: Sequence[Tensor], batch: Batch, settings: FitSettings) -> Tensor:
    """Return the weighted mean loss of what each direction says after two letters: log P (batch, 2, labels).

    Half of it is that of what they say together after their last letters, half that of what each says by
    itself: directions that are asked together alone leave names to each other, and err on the same ones. What
    each says after another letter is added, `settings.letters` times.
    """
    female = batch.share * (1 - 2 * settings.smoothing) + settings.smoothing
    targets = torch.stack((female, 1 - female), dim=1)  # (batch, labels)
    letters = -(torch.stack(list(readings)) * targets[:, None]).sum(dim=3)  # (directions, batch, 2)
    whole = -(together([reading[:, -1] for reading in readings]) * targets).sum(dim=1)  # (batch,)
    last = (whole + letters[:, :, -1].mean(dim=0)) / 2  # (batch,)
    return ((last + settings.letters * letters[:, :, 0].mean(dim=0)) * batch.weight).mean()
