"""The loop: rounds over batches on one device, scored after each, in a state that survives a kill."""

import copy
import math
import time
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from training.data.minibatches import Batch, Batches, by_length, letters_of
from training.fitting import checkpoints
from training.fitting.loss_and_optimizer import asked_after, loss_of, optimizer_of, rate_at
from training.fitting.settings import FitSettings
from training.model.network import Network, initialise
from training.names import LABELS

REPORT_EVERY = 50
"""Steps between two events; reading the loss more often would make a GPU wait for the host."""
SCORING_BATCH = 512
KEEP_EVERY = 30.0
"""Seconds between two checkpoints within a round."""


@dataclass(frozen=True)
class Progress:
    """Where the work stands. Losses are in nats a name; what is not known yet is None."""

    phase: str
    """`dry run`, `linear teacher`, `teacher`, `training`, `training from the end`, `refining`, …"""
    epoch: int = 0
    epochs: int = 0
    names_seen: int = 0
    names_per_second: float | None = None
    train_loss: float | None = None
    validation_loss: float | None = None
    validation_accuracy: float | None = None
    """Share of the validation names, not exactly even ones, whose majority label is guessed."""
    learning_rate: float | None = None
    seconds: float = 0.0
    seconds_left: float | None = None
    resumed: str | None = None
    """Where it stands as it goes on from a checkpoint, in words; of the first event alone."""


@dataclass
class Run:
    """The state of one training: everything that a checkpoint must hold."""

    settings: FitSettings
    train: Batches
    validation: Batches
    device: torch.device
    start: Network | None = None
    phase: str = "training"
    epoch: int = 0
    """The round that goes on, or the last that is done."""
    batches: int = 0
    """Done of the round that goes on; 0 between two rounds."""
    seen: int = 0
    """Names of this round, and the seconds they took."""
    spent: float = 0.0
    steps: int = 0
    stopped: bool = False
    best_epoch: int = 0
    history: list[Progress] = field(default_factory=list)

    def __post_init__(self) -> None:
        torch.manual_seed(self.settings.seed)
        network = Network(self.settings.network())
        if self.start is None:
            initialise(network)
        else:
            network.load_state_dict(self.start.state_dict())
        self.network = network.to(self.device)
        self.kept = copy.deepcopy(self.network)
        self.best = copy.deepcopy(self.network.state_dict())
        self.optimizer = optimizer_of(self.network, self.settings)
        self.total = self.settings.epochs * self.train.count(self.settings.batch)
        self.loss = torch.zeros((), device=self.device)
        self.began = time.monotonic()

    def round(self) -> Iterator[Progress]:
        """Go once over all names, or over what a kill left of them, then score the validation names."""
        if not self.batches:
            self._begin_round()
        self.began = time.monotonic() - self.spent
        shuffled = self.train.shuffled(self.settings.batch, self.settings.seed + self.epoch)
        for batch in islice(shuffled, self.batches, None):
            self.loss += self._step(batch) * len(batch)
            self.seen += len(batch)
            self.batches += 1
            if self.steps % REPORT_EVERY == 0:
                yield self._event()
        yield self._judge()

    def _begin_round(self) -> None:
        self.epoch += 1
        self.seen, self.spent, self.loss = 0, 0.0, torch.zeros((), device=self.device)
        torch.manual_seed(self.settings.seed + self.epoch)  # dropout after a resume is as without

    def _step(self, batch: Batch) -> Tensor:
        rate = rate_at(self.settings, self.steps / self.total)
        for group in self.optimizer.param_groups:
            group["lr"] = rate
        with precision(self.device):  # (batch, 2, labels) of each direction
            readings = self.network.readings(batch.letters, asked_after(batch.letters.shape[1], self.steps))
        loss = loss_of(readings, batch, self.settings) / self.train.mean_weight
        self.optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self.network.parameters(), self.settings.clip)
        self.optimizer.step()
        self.steps += 1
        self._average()
        return loss.detach()

    @torch.no_grad()
    def _average(self) -> None:
        decay = min(self.settings.ema, (1 + self.steps) / (10 + self.steps))
        for kept, latest in zip(self.kept.parameters(), self.network.parameters(), strict=True):
            kept.lerp_(latest, 1 - decay)

    def _event(self) -> Progress:
        self.spent = time.monotonic() - self.began
        speed = self.seen / max(self.spent, 1e-9)
        left = (self.settings.epochs - self.epoch + 1) * self.train.names - self.seen
        return Progress(
            self.phase,
            self.epoch,
            self.settings.epochs,
            self.seen + (self.epoch - 1) * self.train.names,
            round(speed, 1),
            self.loss.item() / self.seen,
            learning_rate=rate_at(self.settings, self.steps / self.total),
            seconds=sum(past.seconds for past in self.history[-1:]) + self.spent,
            seconds_left=left / speed,
        )

    def _judge(self) -> Progress:
        judged, accuracy = score(self.kept, self.validation, self.device)
        event = replace(self._event(), validation_loss=judged, validation_accuracy=accuracy)
        self.history.append(event)
        self.batches = 0
        losses = [past.validation_loss or math.inf for past in self.history]
        if min(losses) == losses[-1]:
            self.best, self.best_epoch = copy.deepcopy(self.kept.state_dict()), self.epoch
        patience = self.settings.patience
        self.stopped = bool(patience) and self.epoch - self.best_epoch >= patience
        return event

    def rounds(self, checkpoint: Path | None, keep_every: float = KEEP_EVERY) -> Iterator[Progress]:
        """Go on from `checkpoint` if it is there, to the end.

        It is written after every round, and within one every `keep_every` seconds.
        """
        yield from self._resumed(checkpoint)
        kept_at = time.monotonic()
        while self.batches or (self.epoch < self.settings.epochs and not self.stopped):
            for event in self.round():
                if not self.batches or time.monotonic() - kept_at >= keep_every:
                    self._save(checkpoint)
                    kept_at = time.monotonic()
                yield event

    def _resumed(self, checkpoint: Path | None) -> Iterator[Progress]:
        # What was done before the kill is told again: whoever watches now has not seen it.
        if checkpoint and checkpoint.exists():
            self._load(checkpoint)
            yield Progress(self.phase, self.epoch, self.settings.epochs, resumed=self._place())
            yield from self.history

    def _place(self) -> str:
        if self.batches:
            names = f"{self.seen:,} of {self.train.names:,} names"
            return f"{self.phase}, round {self.epoch} of {self.settings.epochs}, {names} read"
        return f"{self.phase}, {self.epoch} of {self.settings.epochs} rounds done"

    def _save(self, path: Path | None) -> None:
        if path is None:
            return
        state = {name: getattr(self, name) for name in _PLAIN}
        modules = {name: getattr(self, name).state_dict() for name in _MODULES}
        history = [vars(event) for event in self.history]
        same = {"settings": vars(self.settings), "names": self.train.names}
        checkpoints.write(path, {**state, **modules, **same, "history": history})

    def _load(self, path: Path) -> None:
        state = checkpoints.read(path, self.device, settings=vars(self.settings), names=self.train.names)
        for name in _MODULES:
            getattr(self, name).load_state_dict(state.pop(name))
        self.history = [Progress(**event) for event in state.pop("history")]
        vars(self).update(state)

    def result(self) -> Network:
        """Return what was learned, on the CPU: the best round if it could stop early, else the last."""
        network = Network(self.settings.network())
        network.load_state_dict(self.best if self.settings.patience else self.kept.state_dict())
        return network.eval()


_PLAIN = ("epoch", "batches", "seen", "spent", "loss", "steps", "stopped", "best_epoch", "best")
_MODULES = ("network", "kept", "optimizer")


def precision(device: torch.device) -> AbstractContextManager[Any]:
    """Return the context that multiplies in bfloat16 where the device is fast at it."""
    fast = device.type == "cuda" or torch.cpu._is_avx512_bf16_supported()
    return torch.autocast(device.type, torch.bfloat16, enabled=fast)


@torch.no_grad()
def score(network: Network, names: Batches, device: torch.device) -> tuple[float, float]:
    """Return the weighted loss in nats and the share of majority labels guessed."""
    network.eval()
    loss, weight, right, decided = (torch.zeros((), device=device) for _ in range(4))
    for batch in names.in_order(SCORING_BATCH):
        with precision(device):
            last = network.answer(batch.letters).float()  # (batch, labels)
        loss -= ((last[:, 0] * batch.share + last[:, 1] * (1 - batch.share)) * batch.weight).sum()
        weight += batch.weight.sum()
        uneven = batch.share != 0.5
        right += (((last[:, 0] > last[:, 1]) == (batch.share > 0.5)) & uneven).sum()
        decided += uneven.sum()
    network.train()
    return (loss / weight).item(), (right / decided.clamp(min=1)).item()


@torch.no_grad()
def log_probabilities(network: Network, names: Sequence[str], device: torch.device) -> NDArray[np.float64]:
    """Return log P(label) after the last letter of each name (names, labels)."""
    network = network.to(device).eval()
    answers = np.empty((len(names), len(LABELS)))
    for rows in by_length(names).values():
        for some in np.array_split(rows, -(-len(rows) // SCORING_BATCH)):
            letters = letters_of([names[row] for row in some]).to(device).long()
            with precision(device):
                answers[some] = network.answer(letters).float().cpu().numpy()
    return answers


def log_odds(network: Network, names: Sequence[str], device: torch.device) -> NDArray[np.float64]:
    """Return log P(female) / P(male) of each name."""
    return np.subtract(*log_probabilities(network, names, device).T)
