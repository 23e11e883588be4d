"""The loop: rounds over batches on one device, scored after each, in a state that survives a kill."""

import copy
import math
import os
import time
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.optim import AdamW

from training.batches import Batch, Batches, by_length, letters_of
from training.config import FitSettings
from training.names import LABELS
from training.network import Network, initialise

REPORT_EVERY = 50
"""Steps between two events; reading the loss more often would make a GPU wait for the host."""
SCORING_BATCH = 2048


@dataclass(frozen=True)
class Progress:
    """Where the work stands. Losses are in nats a name; what is not known yet is None."""

    phase: str
    """`dry run`, `linear teacher`, `invented names`, `teacher`, `training` or `fine-tuning`."""
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
        self.optimizer = _optimizer(self.network, self.settings)
        self.total = self.settings.epochs * self.train.count(self.settings.batch)

    def round(self) -> Iterator[Progress]:
        """Go once over all names, then score the validation names."""
        began, seen, loss = time.monotonic(), 0, torch.zeros((), device=self.device)
        self.epoch += 1
        torch.manual_seed(self.settings.seed + self.epoch)  # dropout after a resume is as without
        for batch in self.train.shuffled(self.settings.batch, self.settings.seed + self.epoch):
            loss += self._step(batch) * len(batch)
            seen += len(batch)
            if self.steps % REPORT_EVERY == 0:
                yield self._event(began, seen, loss)
        yield self._judge(began, seen, loss)

    def _step(self, batch: Batch) -> Tensor:
        rate = rate_at(self.settings, self.steps / self.total)
        for group in self.optimizer.param_groups:
            group["lr"] = rate
        with precision(self.device):
            answers = self.network(batch.letters)  # (batch, letters, labels)
        loss = loss_of(answers.float(), batch, self.settings) / self.train.mean_weight
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

    def _event(self, began: float, seen: int, loss: Tensor) -> Progress:
        spent = time.monotonic() - began
        speed = seen / max(spent, 1e-9)
        left = (self.settings.epochs - self.epoch + 1) * self.train.names - seen
        return Progress(
            self.phase,
            self.epoch,
            self.settings.epochs,
            seen + (self.epoch - 1) * self.train.names,
            round(speed, 1),
            loss.item() / seen,
            learning_rate=rate_at(self.settings, self.steps / self.total),
            seconds=self._before() + spent,
            seconds_left=left / speed,
        )

    def _before(self) -> float:
        return self.history[-1].seconds if self.history else 0.0

    def _judge(self, began: float, seen: int, loss: Tensor) -> Progress:
        judged, accuracy = score(self.kept, self.validation, self.device)
        event = replace(self._event(began, seen, loss), validation_loss=judged, validation_accuracy=accuracy)
        self.history.append(event)
        losses = [past.validation_loss or math.inf for past in self.history]
        if min(losses) == losses[-1]:
            self.best, self.best_epoch = copy.deepcopy(self.kept.state_dict()), self.epoch
        patience = self.settings.patience
        self.stopped = bool(patience) and self.epoch - self.best_epoch >= patience
        return event

    def save(self, path: Path | None) -> None:
        """Write the state in one stroke, so that a kill leaves the old or the new one."""
        if path is None:
            return
        state = {name: getattr(self, name) for name in ("epoch", "steps", "stopped", "best_epoch", "best")}
        modules = {name: getattr(self, name).state_dict() for name in ("network", "kept", "optimizer")}
        history = [vars(event) for event in self.history]
        beside = path.with_suffix(".writing")
        torch.save({**state, **modules, "history": history, "settings": vars(self.settings)}, beside)
        os.replace(beside, path)

    def load(self, path: Path | None) -> None:
        """Go on from the state at `path`, if there is one; raises ValueError if other settings wrote it."""
        if path is None or not path.exists():
            return
        state: dict[str, Any] = torch.load(path, map_location=self.device, weights_only=True)
        if state.pop("settings") != vars(self.settings):
            raise ValueError(f"The checkpoint {path.name} was written with other settings: remove it first.")
        for name in ("network", "kept", "optimizer"):
            getattr(self, name).load_state_dict(state.pop(name))
        self.history = [Progress(**event) for event in state.pop("history")]
        vars(self).update(state)

    def rounds(self, checkpoint: Path | None) -> Iterator[Progress]:
        """Go on from `checkpoint` if it is there, to the end; it is written after every round."""
        self.load(checkpoint)
        while self.epoch < self.settings.epochs and not self.stopped:
            yield from self.round()
            self.save(checkpoint)

    def result(self) -> Network:
        """Return what was learned, on the CPU: the best round if it could stop early, else the last."""
        network = Network(self.settings.network())
        network.load_state_dict(self.best if self.settings.patience else self.kept.state_dict())
        return network.eval()


def _optimizer(network: Network, settings: FitSettings) -> AdamW:
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


def loss_of(answers: Tensor, batch: Batch, settings: FitSettings) -> Tensor:
    """Return the weighted mean loss of log P (batch, letters, labels): the last row's and the rows' mean."""
    female = batch.share * (1 - 2 * settings.smoothing) + settings.smoothing
    targets = torch.stack((female, 1 - female), dim=1)  # (batch, labels)
    losses = -(answers * targets[:, None]).sum(dim=2)  # (batch, letters)
    each = losses[:, -1] + settings.letters * losses.mean(dim=1)  # (batch,)
    return (each * batch.weight).mean()


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
            last = network(batch.letters)[:, -1].float()  # (batch, labels)
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
                answers[some] = network(letters)[:, -1].float().cpu().numpy()
    return answers
