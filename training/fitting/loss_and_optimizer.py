"""What a step of training is made of: loss, gradients, learning rate, optimizer, moving average."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import torch
from torch import Tensor
from torch.optim import AdamW, Optimizer

from training.data.minibatches import Batch
from training.fitting.settings import FitSettings
from training.model.network import Network, mean_logits
from training.runtime.cuda import Work, record
from training.runtime.device import mixed_precision
from training.runtime.several import add_up, n_processes, number

_FUSED_ON = ("cpu", "cuda")


def make_optimizer(network: Network, settings: FitSettings) -> AdamW:
    """Return AdamW over all weights of `network`; biases do not decay."""
    matrices = [p for p in network.parameters() if p.dim() > 1]
    biases = [p for p in network.parameters() if p.dim() < 2]
    groups: list[dict[str, Any]] = [{"params": matrices}, {"params": biases, "weight_decay": 0.0}]
    fused = is_fused(matrices[0].device)
    return AdamW(groups, lr=settings.learning_rate, weight_decay=settings.weight_decay, fused=fused)


def is_fused(device: torch.device) -> bool:
    """Return whether PyTorch does a step of an optimizer there in one piece, weights and moments together."""
    return device.type in _FUSED_ON


def learning_rate_at(settings: FitSettings, done: float) -> float:
    """Return the learning rate after this share (0 to 1) of all steps: a linear rise, then half a cosine."""
    if done < settings.warmup:
        return settings.learning_rate * max(done, 1e-3) / settings.warmup
    fall = (done - settings.warmup) / (1 - settings.warmup)
    return settings.learning_rate * max(0.5 * (1 + math.cos(math.pi * fall)), 1e-3)


def set_learning_rate(optimizer: Optimizer, rate: float) -> None:
    """Let the next step take this learning rate."""
    for group in optimizer.param_groups:
        group["lr"] = rate


@torch.no_grad()
def update_ema(ema_model: Network, network: Network, decay: float, step: int) -> None:
    """Move the average of the weights towards those of `network`; in early steps it moves faster."""
    # Without this the average would hold the random start for thousands of steps.
    decay = min(decay, (1 + step) / (10 + step))
    for average, latest in zip(ema_model.parameters(), network.parameters(), strict=True):
        # average · decay + latest · (1 - decay)
        average.lerp_(latest, 1 - decay)


def loss_positions(length: int, step: int) -> tuple[int, int]:
    """Return the letters, counted from 0, after which a step takes the loss: one prefix, and the whole name.

    The prefix takes its turn from step to step. Taking the loss after every letter in every step costs a
    fifth to a third more time and teaches the same.
    """
    return step % length, length - 1


def training_loss(prefix_log_probs: Sequence[Tensor], batch: Batch, settings: FitSettings) -> Tensor:
    """Return the weighted mean loss in nats, a scalar.

    `prefix_log_probs` holds, for each direction, log P(label) after the two letters of `loss_positions`:
    (batch, 2, labels). The loss of a name is

        1/2 · loss of the directions' mean + 1/2 · mean loss of each direction, both after the last letter,
        + prefix_loss_weight · mean loss of each direction after the prefix.

    Directions that are only ever taught by their mean leave names to each other and err on the same ones.
    """
    female = batch.share * (1 - 2 * settings.label_smoothing) + settings.label_smoothing  # (batch,)
    targets = torch.stack((female, 1 - female), dim=1)  # (batch, labels)
    by_direction = -(torch.stack(list(prefix_log_probs)) * targets[:, None]).sum(
        dim=3
    )  # (directions, batch, 2)
    last = [log_probs[:, -1] for log_probs in prefix_log_probs]  # (batch, labels) of each direction
    joint = -(mean_logits(last) * targets).sum(dim=1)  # (batch,)
    whole = (joint + by_direction[:, :, -1].mean(dim=0)) / 2  # (batch,)
    prefix = by_direction[:, :, 0].mean(dim=0)  # (batch,)
    # (batch,) to a scalar
    return ((whole + settings.prefix_loss_weight * prefix) * batch.weight).mean()


@dataclass(frozen=True)
class Backward:
    """The way forth and back through a network: a batch becomes its loss and all weights' gradients."""

    network: Network
    settings: FitSettings
    mean_weight: float
    """Of all names that are learned, so that the loss does not hang on how they are weighted."""

    def __call__(self, batch: Batch, after: Sequence[int] | Tensor) -> Tensor:
        """Set the gradients, return the loss (scalar); `after` are two letters, as in `loss_positions`."""
        with mixed_precision(batch.letters.device):
            prefix_log_probs = self.network.prefix_log_probs(batch.letters, after)  # (batch, 2, labels) each
        # By the mean weight, so that a loss is told in nats a name whatever the names weigh.
        loss = training_loss(prefix_log_probs, batch, self.settings) / self.mean_weight
        self.network.zero_grad(set_to_none=False)  # where a recorded step will write them again
        loss.backward()
        return loss.detach()


@dataclass(frozen=True)
class Recording:
    """One recorded step for names of one length: where it reads a batch, and what replays it."""

    batch: Batch
    after: Tensor
    """(2,)"""
    replay: Work

    def __call__(self, batch: Batch, after: Sequence[int]) -> Tensor:
        """Do what `Backward` does."""
        self.batch.letters.copy_(batch.letters)
        self.batch.share.copy_(batch.share)
        self.batch.weight.copy_(batch.weight)
        self.after.copy_(torch.tensor(after))
        return self.replay().clone()


@dataclass(frozen=True)
class RecordedBackward:
    """Does what `Backward` does, recorded once for each length of names; only full batches are."""

    backward: Backward
    record: Callable[[Work], Work] = record
    recordings: dict[int, Recording] = field(default_factory=dict)

    def __call__(self, batch: Batch, after: Sequence[int]) -> Tensor:
        """Set the gradients, return the loss (scalar)."""
        if len(batch) < self.backward.settings.batch_size:
            return self.backward(batch, after)
        length = batch.letters.shape[1]
        if length not in self.recordings:
            self.recordings[length] = self._record(batch, after)
        return self.recordings[length](batch, after)

    def _record(self, batch: Batch, after: Sequence[int]) -> Recording:
        own = Batch(batch.letters.clone(), batch.share.clone(), batch.weight.clone())
        places = torch.tensor(after, device=batch.letters.device)
        return Recording(own, places, self.record(lambda: self.backward(own, places)))


@dataclass(frozen=True)
class SharedBackward:
    """Does what `Backward` does together with other processes: each its share of the batch."""

    backward: Backward

    def __call__(self, batch: Batch, after: Sequence[int]) -> Tensor:
        """Set the gradients, return the loss (scalar): those of the whole batch, in every process."""
        mine = Batch(
            *(part[number() :: n_processes()] for part in (batch.letters, batch.share, batch.weight))
        )
        share = len(mine) / len(batch)
        network = self.backward.network
        if len(mine):
            loss = self.backward(mine, after) * share
        else:  # fewer names than processes
            network.zero_grad(set_to_none=False)
            loss = torch.zeros((), device=batch.letters.device)
        gradients = [_gradient(weights).mul_(share) for weights in network.parameters()]
        add_up([*gradients, loss])
        return loss


def _gradient(weights: Tensor) -> Tensor:
    if weights.grad is None:
        weights.grad = torch.zeros_like(weights)
    return weights.grad


def make_backward(
    network: Network, settings: FitSettings, mean_weight: float
) -> Backward | RecordedBackward | SharedBackward:
    """Return the way forth and back that `settings` ask for on the device of `network`."""
    backward = Backward(network, settings, mean_weight)
    if n_processes() > 1:
        return SharedBackward(backward)
    is_on_gpu = next(network.parameters()).device.type == "cuda"
    return RecordedBackward(backward) if settings.cuda_graphs and is_on_gpu else backward
