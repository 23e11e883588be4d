"""Fine-tuning: a network learns a few corrections while the rest of what it knows stays as it is.

The loss has two parts. A margin loss moves each correction over one half and a little further; a correction
that is there adds nothing, so the weights change no more than they must. One that the records outweigh
pulls the network back to what both say together. All other names are held where the network has them, by
the Kullback-Leibler divergence from its own old answers (learning without forgetting: Li and Hoiem, 2016).
They are a replay sample, half of it names that share their beginning or end with a correction, because
those would move first.
"""

import math
import time
from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from training.data.minibatches import Examples
from training.fitting.correction_loss import (
    ReplayGroup,
    group_corrections,
    group_replay,
    is_learned,
    sample_replay,
)
from training.fitting.loss_and_optimizer import is_fused, set_learning_rate
from training.fitting.pipeline import Events, Fitted
from training.fitting.progress import Progress
from training.model.network import Network, mean_logits
from training.model.weights import copy_of
from training.runtime.device import deterministic, mixed_precision, resolve_device, use_tf32

EPOCHS, STEPS_PER_EPOCH = 8, 50
"""At most; learning progress is judged after each epoch."""
NEARLY_ALL = 0.99
"""The share of corrections after which the final phase comes, which learns the last few on its way."""
FINAL_PHASE = 0.8
"""To this share of its steps the schedule jumps then: small steps that settle the weights."""
LOWEST_RATE = 0.02
"""The last learning rate, as a share of the first."""
CORRECTIONS_PER_STEP, REPLAY_PER_STEP = 48, 256
"""Names a step, at most. The corrections have one length, and so has half of the replay."""
REPLAY_WEIGHT = 4.5
"""Weight of a replayed name in the loss; that of a correction is 1."""
LEARNED_WEIGHT = 0.1
"""How often a length is drawn for a correction that is learned; for one that is not it is 1."""


def fine_tune(
    network: Network,
    corrections: Examples,
    replay: Examples,
    seed: int = 0,
    device: str | torch.device = "auto",
    rate: float = 1e-3,
    is_deterministic: bool = False,
    epochs: int = EPOCHS,
    steps: int = STEPS_PER_EPOCH,
) -> Events:
    """Teach a copy of `network` some `corrections`; yield Progress, return Fitted.

    It ends a few epochs after nearly all are learned, or after `epochs`, each of as many `steps`. The
    validation figures of the events are of the corrections. Equal arguments give equal weights: on a CPU
    always, on a GPU if `is_deterministic`. Raises ValueError for an unknown device.
    """
    with deterministic(is_deterministic):
        where = resolve_device(device)
        use_tf32(where)
        torch.manual_seed(seed)  # of dropout
        random = np.random.default_rng(seed)
        sample = sample_replay(replay, corrections, random)
        tuner = FineTuner(network, corrections, sample, where, rate, random, epochs, steps)
        yield from tuner.run()
        return Fitted(tuner.network.cpu().eval(), tuner.history, tuner.epoch, str(where))


class FineTuner:
    """A copy of a network that is being fine-tuned, its optimizer, and how far it is."""

    def __init__(
        self,
        network: Network,
        corrections: Examples,
        replay: Examples,
        device: torch.device,
        rate: float,
        random: np.random.Generator,
        epochs: int = EPOCHS,
        steps: int = STEPS_PER_EPOCH,
    ) -> None:
        self.network = copy_of(network).to(device)
        self.corrections, self.device, self.random = corrections, device, random
        self.rate, self.epochs, self.steps = rate, epochs, steps
        self.correction_groups = group_corrections(self.network, corrections, device)
        self.replay_groups = group_replay(self.network, replay, device)
        # Which corrections the last epoch left unlearned: these are drawn first.
        groups = self.correction_groups.items()
        self.unlearned = {length: np.ones(len(group.letters), bool) for length, group in groups}
        self.optimizer = torch.optim.AdamW(
            self.network.parameters(), lr=rate, weight_decay=0.0, betas=(0.9, 0.99), fused=is_fused(device)
        )
        self.epoch, self.names_seen = 0, 0
        self.done = 0.0  # share of the schedule
        self.history: list[Progress] = []

    @property
    def learning_rate(self) -> float:
        """That of the next step: half a cosine from `rate` down to a fiftieth of it."""
        cosine = 0.5 * (1 + math.cos(math.pi * self.done))
        return self.rate * (LOWEST_RATE + (1 - LOWEST_RATE) * cosine)

    def run(self) -> Iterator[Progress]:
        """Train in epochs of as many steps as asked for; yield how far it is after each."""
        began = time.monotonic()
        while self.done < 1:
            self.network.train()
            losses = [self._step() for _ in range(self.steps)]
            self.epoch += 1
            event = self._judge(began, float(torch.stack(losses).mean()))
            self.history.append(event)
            learned = event.validation_accuracy or 0.0
            if learned >= NEARLY_ALL and self.done < FINAL_PHASE:
                self.done = FINAL_PHASE
                left = self._seconds_left(event.seconds)
                event = replace(event, seconds_left=left, message=_told(learned == 1, self.epoch))
            yield event

    def _step(self) -> Tensor:
        set_learning_rate(self.optimizer, self.learning_rate)
        masks = self.unlearned.items()
        # A step takes names of one length; lengths with many unlearned corrections are drawn most.
        length = self._draw({length: LEARNED_WEIGHT * len(mask) + mask.sum() for length, mask in masks})
        with mixed_precision(self.device):
            loss = self._loss_at(length)
            if self.replay_groups:
                groups = self.replay_groups.items()
                other = self._draw({length: len(group.letters) for length, group in groups})
                loss = loss + REPLAY_WEIGHT * self._replay_loss(other)
            loss = loss / CORRECTIONS_PER_STEP
        self.optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self.network.parameters(), 1.0)
        self.optimizer.step()
        self.done += 1 / (self.epochs * self.steps)
        return loss.detach()

    def _loss_at(self, length: int) -> Tensor:
        """Return the summed loss of corrections of one length and of replayed names as long (scalar)."""
        group, replayed = self.correction_groups[length], self.replay_groups.get(length)
        rows = self._draw_corrections(length)
        if replayed is None:
            return group.loss(self.network.log_probs(group.letters[rows]), rows).sum()
        others = self._draw_replay(replayed)
        # Both in one pass: names that begin alike share the work of their beginnings.
        letters = torch.cat((group.letters[rows], replayed.letters[others]))
        by_direction = self.network.prefix_log_probs(letters)  # (names, length, labels) each
        guesses = mean_logits([log_probs[: len(rows), -1] for log_probs in by_direction])
        corrected = group.loss(guesses, rows).sum()
        return corrected + REPLAY_WEIGHT * replayed.loss(
            [log_probs[len(rows) :] for log_probs in by_direction], others
        )

    def _replay_loss(self, length: int) -> Tensor:
        group = self.replay_groups[length]
        rows = self._draw_replay(group)
        return group.loss(self.network.prefix_log_probs(group.letters[rows]), rows)

    def _draw_corrections(self, length: int) -> Tensor:
        """Return rows of corrections of one length, unlearned ones first (CORRECTIONS_PER_STEP at most,)."""
        shuffled = self.random.permutation(len(self.unlearned[length]))
        # Stable: among the unlearned, and among the others, chance decides.
        unlearned_first = np.argsort(~self.unlearned[length][shuffled], kind="stable")
        return self._taken(shuffled[unlearned_first][:CORRECTIONS_PER_STEP])

    def _draw_replay(self, group: ReplayGroup) -> Tensor:
        """Return rows of a replay group (REPLAY_PER_STEP / 2,): the other half has another length."""
        return self._taken(self.random.permutation(len(group.letters))[: REPLAY_PER_STEP // 2])

    def _taken(self, rows: NDArray[np.intp]) -> Tensor:
        self.names_seen += len(rows)
        return torch.from_numpy(rows).to(self.device)

    def _draw(self, sizes: dict[int, float]) -> int:
        chance = np.array(list(sizes.values()), dtype=float)  # (lengths,)
        return int(self.random.choice(list(sizes), p=chance / chance.sum()))

    def _judge(self, began: float, loss: float) -> Progress:
        seconds = time.monotonic() - began
        learned = is_learned(self.network, self.corrections, self.device)
        return Progress(
            "fine-tuning",
            self.epoch,
            self.epochs,
            self.names_seen,
            round(self.names_seen / max(seconds, 1e-9), 1),
            loss,
            validation_loss=self._find_unlearned(),
            validation_accuracy=float(learned.mean()),
            learning_rate=self.rate,
            seconds=seconds,
            seconds_left=self._seconds_left(seconds),
        )

    def _seconds_left(self, seconds: float) -> float:
        # By rounds and not by the schedule, which may have jumped.
        rounds = math.ceil(round((1 - self.done) * self.epochs, 6))
        return seconds / self.epoch * max(0, rounds)

    @torch.no_grad()
    def _find_unlearned(self) -> float:
        """Note which corrections still have a loss; return the mean loss of all, in log odds."""
        self.network.eval()
        total = 0.0
        for length, group in self.correction_groups.items():
            rows = torch.arange(len(group.letters), device=self.device)
            losses = group.loss(self.network.log_probs(group.letters), rows)  # (names,)
            self.unlearned[length] = (losses > 0).cpu().numpy()
            total += float(losses.sum())
        return total / len(self.corrections)


def _told(is_all: bool, epoch: int) -> str:
    if is_all:
        return f"All corrections answer as counted since round {epoch}"
    return f"Nearly all corrections answer as counted since round {epoch}"
