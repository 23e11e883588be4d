"""Fine-tuning: a network learns a few corrections while the rest of what it knows stays as it is.

The loss has two parts. A margin loss moves each correction over one half and a little further; a correction
that is there adds nothing, so the weights change no more than they must. All other names are held where the
network has them, by the Kullback-Leibler divergence from its own old answers (learning without forgetting: Li
and Hoiem, 2016). They are a replay sample, half of it names that share their beginning or end with a
correction, because those would move first.
"""

import copy
import math
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn.functional import relu

from training.data.minibatches import Examples, encode_names, rows_by_length
from training.fitting.loss_and_optimizer import set_learning_rate
from training.fitting.pipeline import Events, Fitted
from training.fitting.trainer import Progress
from training.model.network import Network, mean_logits
from training.model.predict import log_probabilities
from training.runtime.device import mixed_precision, resolve_device

UNISEX_TOLERANCE = 0.15
"""A name that is both women's and men's is learned when P(female) is this close to its share."""
EPOCHS, STEPS_PER_EPOCH = 8, 25
"""At most; learning progress is judged after each epoch."""
FINAL_PHASE = 0.75
"""Once all is learned, the schedule jumps to this share of its steps: small steps that settle the weights."""
LOWEST_RATE = 0.02
"""The last learning rate, as a share of the first."""
REPLAY_SIZE = 30_000
CORRECTIONS_PER_STEP, REPLAY_PER_STEP = 48, 128
"""Names a step, at most. The corrections have one length, and so has half of the replay."""
REPLAY_WEIGHT = 4.5
"""Weight of a replayed name in the loss; that of a correction is 1."""
MARGIN = 0.6
"""Log odds beyond one half that a correction must reach: P = .65."""
UNISEX_MARGIN = 0.2
"""Log odds around its share within which a unisex name adds no loss."""
LEARNED_WEIGHT = 0.1
"""How often a length is drawn for a correction that is learned; for one that is not it is 1."""
PREFIX_LOSS_WEIGHT = 0.1
"""Weight of each direction's answers after every letter, which are held too, beside the guess."""
AFFIX = 4
"""Letters at either end of a name that make it similar to a correction."""
CHUNK = 1024
"""Names whose old answers are computed at once."""


def fine_tune(
    network: Network,
    corrections: Examples,
    replay: Examples,
    seed: int = 0,
    device: str = "auto",
    rate: float = 1e-3,
) -> Events:
    """Teach a copy of `network` some `corrections`; yield Progress, return Fitted.

    It ends a few epochs after all are learned, or after EPOCHS. The validation figures of the events are of
    the corrections. Raises ValueError for an unknown device.
    """
    where = resolve_device(device)
    random = np.random.default_rng(seed)
    sample = sample_replay(replay, corrections, random)
    tuner = FineTuner(network, corrections, sample, where, rate, random)
    yield from tuner.run()
    return Fitted(tuner.network.cpu().eval(), tuner.history, tuner.epoch, str(where))


def sample_replay(replay: Examples, corrections: Examples, random: np.random.Generator) -> Examples:
    """Return up to REPLAY_SIZE names, half of them similar to a correction where there are so many."""
    starts = {name[:AFFIX] for name in corrections.names}
    ends = {name[-AFFIX:] for name in corrections.names}
    similar = np.array([name[:AFFIX] in starts or name[-AFFIX:] in ends for name in replay.names], dtype=bool)
    # At most half from each: with few similar names the sample is smaller, not filled up with others.
    rows = [random.permutation(np.flatnonzero(mask))[: REPLAY_SIZE // 2] for mask in (similar, ~similar)]
    return replay.take(np.concatenate(rows))


def is_learned(network: Network, corrections: Examples, device: torch.device) -> NDArray[np.bool_]:
    """Return for each correction whether the network now answers as its training row says."""
    p_female = np.exp(log_probabilities(network, corrections.names, device)[:, 0])  # (names,)
    unisex = np.abs(corrections.share - 0.5) < UNISEX_TOLERANCE
    near = np.abs(p_female - corrections.share) < UNISEX_TOLERANCE
    return np.where(unisex, near, (p_female > 0.5) == (corrections.share > 0.5))


@dataclass(frozen=True)
class CorrectionGroup:
    """Corrections of one length."""

    letters: Tensor
    """(names, length)"""
    target_odds: Tensor
    """Log odds to reach (names,)."""
    is_unisex: Tensor
    """(names,)"""

    def loss(self, log_probs: Tensor, rows: Tensor) -> Tensor:
        """Return how far log P (rows, labels) of some rows are from their targets, in log odds (rows,)."""
        odds, target = log_probs[:, 0] - log_probs[:, 1], self.target_odds[rows]
        # (rows,): nothing once the odds are beyond the target on its side
        one_sided = relu(target.abs() - odds * target.sign())
        # (rows,): nothing once they are near it
        two_sided = relu((odds - target).abs() - UNISEX_MARGIN)
        return torch.where(self.is_unisex[rows], two_sided, one_sided)


@dataclass(frozen=True)
class ReplayGroup:
    """Names of one length with what the network said of them before."""

    letters: Tensor
    """(names, length)"""
    log_probs: Tensor
    """The guess (names, labels)."""
    prefix_log_probs: list[Tensor]
    """Of each direction, after every letter: (names, length, labels)."""

    def loss(self, prefix_log_probs: list[Tensor], rows: Tensor) -> Tensor:
        """Return the divergence of some rows' answers from the old ones, summed over the rows (scalar)."""
        guess = mean_logits([log_probs[:, -1] for log_probs in prefix_log_probs])  # (rows, labels)
        pairs = zip(prefix_log_probs, self.prefix_log_probs, strict=True)
        # (directions, rows)
        by_direction = torch.stack([kl_divergence(new, old[rows]).mean(dim=1) for new, old in pairs])
        prefixes = by_direction.mean(dim=0)  # (rows,)
        return (kl_divergence(guess, self.log_probs[rows]) + PREFIX_LOSS_WEIGHT * prefixes).sum()


def kl_divergence(new: Tensor, old: Tensor) -> Tensor:
    """Return the Kullback-Leibler divergence of log P (..., labels) from the old ones, in nats (...)."""
    return (old.exp() * (old - new)).sum(dim=-1)


def group_corrections(corrections: Examples, device: torch.device) -> dict[int, CorrectionGroup]:
    """Return the corrections of each length, with the log odds that they shall reach."""
    groups = {}
    for length, rows in rows_by_length(corrections.names).items():
        share = corrections.share[rows]
        unisex = np.abs(share - 0.5) < UNISEX_TOLERANCE
        # Of exactly 0 or 1 the log odds are infinite.
        own_odds = np.log(share.clip(0.01, 0.99) / (1 - share).clip(0.01, 0.99))
        odds = np.where(unisex, own_odds, np.sign(share - 0.5) * MARGIN)
        groups[length] = CorrectionGroup(
            encode_names([corrections.names[row] for row in rows]).to(device).long(),
            torch.tensor(odds, device=device).float(),
            torch.tensor(unisex, device=device),
        )
    return groups


@torch.no_grad()
def group_replay(network: Network, replay: Examples, device: torch.device) -> dict[int, ReplayGroup]:
    """Return the replayed names of each length, with what `network` says of them."""
    network.eval()
    groups = {}
    for length, rows in rows_by_length(replay.names).items():
        # (names, length)
        letters = encode_names([replay.names[row] for row in rows]).to(device).long()
        with mixed_precision(device):
            chunks = [network.prefix_log_probs(chunk) for chunk in letters.split(CHUNK)]
        by_direction = [torch.cat(direction) for direction in zip(*chunks, strict=True)]
        # by_direction: (names, length, labels) each; guess: (names, labels)
        guess = mean_logits([log_probs[:, -1] for log_probs in by_direction])
        groups[length] = ReplayGroup(letters, guess, by_direction)
    return groups


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
    ) -> None:
        self.network = copy.deepcopy(network).to(device)
        self.corrections, self.device, self.rate, self.random = corrections, device, rate, random
        self.correction_groups = group_corrections(corrections, device)
        self.replay_groups = group_replay(self.network, replay, device)
        # Which corrections the last epoch left unlearned: these are drawn first.
        groups = self.correction_groups.items()
        self.unlearned = {length: np.ones(len(group.letters), bool) for length, group in groups}
        self.optimizer = torch.optim.AdamW(
            self.network.parameters(), lr=rate, weight_decay=0.0, betas=(0.9, 0.99)
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
        """Train in epochs of STEPS_PER_EPOCH steps; yield how far it is after each."""
        began = time.monotonic()
        while self.done < 1:
            self.network.train()
            losses = [self._step() for _ in range(STEPS_PER_EPOCH)]
            self.epoch += 1
            event = self._judge(began, float(torch.stack(losses).mean()))
            self.history.append(event)
            # All are learned: what is left of the schedule only settles the weights.
            if event.validation_accuracy == 1 and self.done < FINAL_PHASE:
                self.done = FINAL_PHASE
                event = replace(event, message=f"All corrections are learned after round {self.epoch}")
            yield event

    def _step(self) -> Tensor:
        set_learning_rate(self.optimizer, self.learning_rate)
        masks = self.unlearned.items()
        # A step takes names of one length; lengths with many unlearned corrections are drawn most.
        length = self._draw({length: LEARNED_WEIGHT * len(mask) + mask.sum() for length, mask in masks})
        with mixed_precision(self.device):
            loss = self._correction_loss(length)
            if length in self.replay_groups:
                # This order of operations keeps the bits of earlier releases: same seed, same weights.
                loss = loss + REPLAY_WEIGHT * self._replay_loss(length) * CORRECTIONS_PER_STEP
            loss = loss / CORRECTIONS_PER_STEP
            if self.replay_groups:
                groups = self.replay_groups.items()
                other = self._draw({length: len(group.letters) for length, group in groups})
                loss = loss + REPLAY_WEIGHT * self._replay_loss(other)
        self.optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self.network.parameters(), 1.0)
        self.optimizer.step()
        self.done += 1 / (EPOCHS * STEPS_PER_EPOCH)
        return loss.detach()

    def _correction_loss(self, length: int) -> Tensor:
        group = self.correction_groups[length]
        shuffled = self.random.permutation(len(group.letters))
        # Stable: among the unlearned, and among the others, chance decides.
        unlearned_first = np.argsort(~self.unlearned[length][shuffled], kind="stable")
        rows = torch.from_numpy(shuffled[unlearned_first][:CORRECTIONS_PER_STEP]).to(self.device)
        self.names_seen += len(rows)
        return group.loss(self.network.log_probs(group.letters[rows]), rows).sum()

    def _replay_loss(self, length: int) -> Tensor:
        group = self.replay_groups[length]
        # (REPLAY_PER_STEP / 2,): the other half comes from another length
        drawn = self.random.permutation(len(group.letters))[: REPLAY_PER_STEP // 2]
        rows = torch.from_numpy(drawn).to(self.device)
        self.names_seen += len(rows)
        return group.loss(self.network.prefix_log_probs(group.letters[rows]), rows) / CORRECTIONS_PER_STEP

    def _draw(self, sizes: dict[int, float]) -> int:
        chance = np.array(list(sizes.values()), dtype=float)  # (lengths,)
        return int(self.random.choice(list(sizes), p=chance / chance.sum()))

    def _judge(self, began: float, loss: float) -> Progress:
        seconds = time.monotonic() - began
        learned = is_learned(self.network, self.corrections, self.device)
        return Progress(
            "fine-tuning",
            self.epoch,
            EPOCHS,
            self.names_seen,
            round(self.names_seen / max(seconds, 1e-9), 1),
            loss,
            validation_loss=self._find_unlearned(),
            validation_accuracy=float(learned.mean()),
            learning_rate=self.rate,
            seconds=seconds,
            seconds_left=seconds / max(self.done, 1e-9) * max(0.0, 1 - self.done),
        )

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
