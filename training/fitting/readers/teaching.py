"""Teaching a reader from nothing.

The loss is that of each direction by itself, so that each learns all it can; where a network has spoken
before, what it said is added to both, and only the difference is learned.
"""

import math
import time
from collections.abc import Generator, Sequence
from dataclasses import dataclass, replace

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn.functional import binary_cross_entropy_with_logits, logsigmoid

from training.data.minibatches import Examples
from training.fitting.loss_and_optimizer import set_learning_rate
from training.fitting.progress import Progress
from training.fitting.readers.lessons_in_batches import Group, groups_of, n_batches, shuffled
from training.model.readers.network import ReaderNetwork
from training.model.readers.settings import ReaderKind, ReaderSettings

WARMUP = 200  # steps
LOWEST_RATE = 0.02
MOST_GRADIENT = 1.0


@dataclass(frozen=True)
class Schedule:
    """How long and how hard a reader learns. Chosen on validation names."""

    epochs: int
    batch: int
    rate: float
    dropout: float
    weight_decay: float = 1e-4


SCHEDULES = {
    ReaderKind.SCRIPTS: Schedule(epochs=5, batch=512, rate=2e-3, dropout=0.2),
    ReaderKind.COUNTRIES: Schedule(epochs=10, batch=256, rate=2e-3, dropout=0.05),
}
Events = Generator[Progress, None, ReaderNetwork]


def teach(
    settings: ReaderSettings,
    examples: Examples,
    validation: Examples,
    offsets: Sequence[float] = (),
    validation_offsets: Sequence[float] = (),
    schedule: Schedule | None = None,
    device: str | torch.device = "cpu",
    seed: int = 0,
) -> Events:
    """Teach a reader; yield Progress after each epoch, return the reader on the CPU.

    Offsets are log odds, one a name, that are added to what the reader says. Equal arguments give equal
    weights on a CPU.
    """
    yield Progress(settings.kind.phase)  # before its first epoch is done
    plan = schedule or SCHEDULES[settings.kind]
    torch.manual_seed(seed)
    random = np.random.default_rng(seed)
    network = ReaderNetwork(settings, plan.dropout)
    network.initialise()
    network.to(device)
    groups = groups_of(network, examples, offsets or [0.0] * len(examples))
    judged = groups_of(network, validation, validation_offsets or [0.0] * len(validation))
    optimizer = torch.optim.AdamW(network.parameters(), lr=plan.rate, weight_decay=plan.weight_decay)
    n_steps, began = n_batches(groups, plan.batch), time.monotonic()
    rates = [rate_at(plan, step, plan.epochs * n_steps) for step in range(plan.epochs * n_steps + 1)]
    for epoch in range(1, plan.epochs + 1):
        network.train()
        batches = zip(shuffled(groups, plan.batch, random), rates[(epoch - 1) * n_steps :], strict=False)
        losses = [_step(network, optimizer, batch, rate) for batch, rate in batches]
        loss, accuracy = judge(network.eval(), judged)
        spent = time.monotonic() - began
        yield Progress(
            settings.kind.phase,
            epoch,
            plan.epochs,
            names_seen=epoch * len(examples),
            names_per_second=epoch * len(examples) / spent,
            train_loss=float(torch.stack(losses).mean()),
            validation_loss=loss,
            validation_accuracy=accuracy,
            learning_rate=rates[epoch * n_steps],
            seconds=spent,
            seconds_left=spent * (plan.epochs - epoch) / epoch,
        )
    return network.cpu().eval()


def rate_at(plan: Schedule, step: int, steps: int) -> float:
    """Return the learning rate of a step: a linear rise, and half a cosine down to a fiftieth."""
    cosine = 0.5 * (1 + math.cos(math.pi * step / steps))
    return plan.rate * min(1.0, (1 + step) / WARMUP) * (LOWEST_RATE + (1 - LOWEST_RATE) * cosine)


def _step(network: ReaderNetwork, optimizer: torch.optim.Optimizer, batch: Group, rate: float) -> Tensor:
    set_learning_rate(optimizer, rate)
    losses = [weighted_loss(logits, batch) for logits in network(batch.letters)]
    loss = torch.stack(losses).sum()
    optimizer.zero_grad()
    loss.backward()
    nn.utils.clip_grad_norm_(network.parameters(), MOST_GRADIENT)
    optimizer.step()
    return loss.detach()


def weighted_loss(logits: Tensor, batch: Group) -> Tensor:
    """Return the mean NLL of the shares (scalar), each name by its weight."""
    odds = logits[:, 0] - logits[:, 1] + batch.offset
    nll = binary_cross_entropy_with_logits(odds, batch.share, reduction="none")
    return (nll * batch.weight).mean()


@torch.no_grad()
def judge(network: ReaderNetwork, groups: Sequence[Group]) -> tuple[float, float]:
    """Return the weighted mean loss in nats, and the share of majority labels that are guessed."""
    loss = weight = right = decided = 0.0
    for group in groups:
        odds = network.odds(group.letters) + group.offset
        nll = -(group.share * logsigmoid(odds) + (1 - group.share) * logsigmoid(-odds))
        loss += float((nll * group.weight).sum())
        weight += float(group.weight.sum())
        is_decided = group.share != 0.5
        right += float((((odds > 0) == (group.share > 0.5)) & is_decided).sum())
        decided += float(is_decided.sum())
    return loss / max(weight, 1e-9), right / max(decided, 1.0)


def shortened(schedule: Schedule, epochs: int) -> Schedule:
    """Return a schedule of fewer epochs."""
    return replace(schedule, epochs=epochs)
