"""A reader learns a few corrections while the rest of what it says stays: as `finetune` does it, in small.

Corrections are pushed over one half by the same margin, and a replay sample is held where the reader has it.
"""

import time
from collections.abc import Generator, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor
from torch.nn.functional import relu

from training.data.minibatches import Examples
from training.fitting.correction_loss import MARGIN, UNISEX_MARGIN, UNISEX_TOLERANCE
from training.fitting.progress import Progress
from training.fitting.readers.lessons_in_batches import Group, groups_of
from training.model.readers.contents import ReaderContents
from training.model.readers.network import ReaderNetwork, of_contents

ROUNDS, STEPS = 12, 30
"""At most so many rounds of so many steps; after each it is looked at what is learned."""
SETTLING = 2
"""Rounds that follow once all is learned, at a tenth of the rate."""
RATE = 1e-3
REPLAY, REPLAY_PER_STEP, REPLAY_WEIGHT = 6_000, 256, 2.0
Events = Generator[Progress, None, ReaderContents]


@dataclass(frozen=True)
class Replayed:
    """Names of one length with what the reader said of them before, in log odds (names,)."""

    group: Group
    odds: Tensor


def tune(
    reader: ReaderContents,
    corrections: Examples,
    replay: Examples,
    offsets: Sequence[float],
    replay_offsets: Sequence[float],
    seed: int = 0,
) -> Events:
    """Teach a copy of a reader some corrections; yield Progress after each round, return its contents."""
    yield Progress(reader.settings.kind.phase)  # before its first round is done
    torch.manual_seed(seed)
    random = np.random.default_rng(seed)
    network = of_contents(reader)
    asked = groups_of(network, corrections, offsets)
    rows = random.permutation(len(replay))[:REPLAY]
    held = _replayed(network, replay.take(rows), [replay_offsets[row] for row in rows])
    optimizer = torch.optim.AdamW(network.parameters(), lr=RATE, weight_decay=0.0)
    left, began = ROUNDS, time.monotonic()
    for number in range(1, ROUNDS + 1):
        losses = [_step(network, optimizer, asked, held, random) for _ in range(STEPS)]
        learned = share_learned(network, asked)
        yield Progress(
            reader.settings.kind.phase,
            number,
            ROUNDS,
            names_seen=number * STEPS * len(corrections),
            train_loss=float(torch.stack(losses).mean()),
            validation_accuracy=learned,
            seconds=time.monotonic() - began,
        )
        left = min(left - 1, SETTLING if learned == 1 else ROUNDS)
        if learned == 1:
            optimizer.param_groups[0]["lr"] = RATE / 10
        if left == 0:
            break
    return network.contents()


def _step(
    network: ReaderNetwork,
    optimizer: torch.optim.Optimizer,
    asked: Sequence[Group],
    held: Sequence[Replayed],
    random: np.random.Generator,
) -> Tensor:
    loss = torch.stack([correction_loss(network, group).sum() for group in asked]).sum()
    loss = loss / sum(len(group.share) for group in asked)
    for one in held:
        share = len(one.odds) / sum(len(each.odds) for each in held)
        size = min(len(one.odds), max(1, round(REPLAY_PER_STEP * share)))
        rows = torch.from_numpy(random.permutation(len(one.odds))[:size])
        moved = network.odds(one.group.letters[rows]) - one.odds[rows]
        # Near enough to the divergence, and as strict about names that are all but certain.
        loss = loss + REPLAY_WEIGHT * share * moved.square().mean()
    optimizer.zero_grad()
    loss.backward()
    torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
    optimizer.step()
    return loss.detach()


def correction_loss(network: ReaderNetwork, group: Group) -> Tensor:
    """Return how far each correction is from where it shall be, in log odds (names,); 0 once it is there."""
    odds = network.odds(group.letters) + group.offset
    is_unisex = (group.share - 0.5).abs() < UNISEX_TOLERANCE
    side = (group.share - 0.5).sign()
    even = torch.logit(group.share.clamp(0.01, 0.99))
    return torch.where(is_unisex, relu((odds - even).abs() - UNISEX_MARGIN), relu(MARGIN - odds * side))


@torch.no_grad()
def share_learned(network: ReaderNetwork, groups: Sequence[Group]) -> float:
    """Return the share of corrections that are answered as they were counted."""
    learned = total = 0
    for group in groups:
        p = torch.sigmoid(network.odds(group.letters) + group.offset)
        is_unisex = (group.share - 0.5).abs() < UNISEX_TOLERANCE
        near = (p - group.share).abs() < UNISEX_TOLERANCE
        right = torch.where(is_unisex, near, (p > 0.5) == (group.share > 0.5))
        learned, total = learned + int(right.sum()), total + len(p)
    return learned / max(total, 1)


@torch.no_grad()
def _replayed(network: ReaderNetwork, replay: Examples, offsets: Sequence[float]) -> list[Replayed]:
    groups = groups_of(network, replay, offsets) if len(replay) else []
    return [Replayed(group, network.odds(group.letters)) for group in groups]
