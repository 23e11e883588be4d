"""The trainer: epochs over batches on one device, each followed by validation, in a state that can be saved.

It yields its progress and knows nothing of who shows or stores it.
"""

import copy
import math
import time
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from training.data.minibatches import Batch, Batches
from training.fitting.checkpoints import (
    RELEASE_1_0,
    BadCheckpoint,
    fingerprint_of_weights,
    read_checkpoint,
    write_checkpoint,
)
from training.fitting.loss_and_optimizer import (
    learning_rate_at,
    loss_positions,
    make_backward,
    make_optimizer,
    set_learning_rate,
    update_ema,
)
from training.fitting.progress import EarlyStopping, Position, Progress
from training.fitting.settings import FitSettings
from training.model.network import Network
from training.model.weights import copy_of, initialise
from training.runtime import several
from training.runtime.device import mixed_precision

REPORT_EVERY = 50
"""Steps between two events. Reading the loss more often would make a GPU wait for the host."""
VALIDATION_BATCH = {"cpu": 512, "cuda": 16_384}
"""Names of one length at once: a CPU's cache holds few, a GPU wants many."""
SAVE_EVERY = 30.0
"""Seconds between two checkpoints within an epoch."""


@dataclass
class Trainer:
    """Teaches one network: its weights, their moving average, the optimizer, and how far it is."""

    settings: FitSettings
    train: Batches
    validation: Batches
    device: torch.device
    start: Network | None = None
    """Weights to go on from; without them the network starts anew."""
    phase: str = "training"
    history: list[Progress] = field(default_factory=list)
    """The last event of each epoch."""

    def __post_init__(self) -> None:
        # Before the network is made: its first weights are the seed's.
        torch.manual_seed(self.settings.seed)
        self.network = _make_network(self.settings, self.start).to(self.device)
        self.network.uses_streams = self.settings.cuda_graphs and self.device.type == "cuda"
        # Without a decay the average is the network itself, and nothing is copied.
        self.ema_model = copy_of(self.network) if self.settings.ema_decay else self.network
        self.backward = make_backward(self.network, self.settings, self.train.mean_weight)
        self.optimizer = make_optimizer(self.network, self.settings)
        self.total_steps = self.settings.epochs * self.train.count(self.settings.batch_size)
        self.position = Position(torch.zeros((), device=self.device))
        weights = copy.deepcopy(self.network.state_dict())
        self.early_stopping = EarlyStopping(self.settings.patience, weights)

    @property
    def learning_rate(self) -> float:
        """That of the next step."""
        return learning_rate_at(self.settings, self.position.step / self.total_steps)

    @property
    def is_done(self) -> bool:
        """Whether no epoch is left or going on."""
        is_last = self.position.epoch >= self.settings.epochs or self.early_stopping.stopped
        return is_last and not self.position.batches

    def run(self, checkpoint: Path | None, save_every: float = SAVE_EVERY) -> Iterator[Progress]:
        """Train to the end, from `checkpoint` on if it is there.

        The checkpoint is written after every epoch, and within one every `save_every` seconds.
        Raises BadCheckpoint and OSError.
        """
        yield from self._resume(checkpoint)
        saved_at = time.monotonic()
        while not self.is_done:
            for event in self.run_epoch():
                # 0 batches: the epoch has just ended.
                if not self.position.batches or time.monotonic() - saved_at >= save_every:
                    self._save(checkpoint)
                    saved_at = time.monotonic()
                yield event

    def run_epoch(self) -> Iterator[Progress]:
        """Learn once from all names, or from what a kill left of them, then validate."""
        here = self.position
        if not here.batches:
            here.begin_epoch()
            torch.manual_seed(self.settings.seed + here.epoch)  # dropout after a resume is as without
        began = time.monotonic() - here.seconds
        shuffled = self.train.shuffled(self.settings.batch_size, self.settings.seed + here.epoch)
        # What a kill left: the same seed gives the same order, of which the first batches are done.
        for batch in islice(shuffled, here.batches, None):
            # On the device and unread: to read it would make every step wait for the GPU.
            here.loss += self._step(batch) * len(batch)
            here.names += len(batch)
            here.batches += 1
            here.seconds = time.monotonic() - began
            if here.step % REPORT_EVERY == 0:
                yield self._event()
        # The average is what is kept, so the average is judged.
        loss, accuracy = validate(self.ema_model, self.validation, self.device)
        here.seconds = time.monotonic() - began
        yield self._end_epoch(loss, accuracy)

    def _step(self, batch: Batch) -> Tensor:
        set_learning_rate(self.optimizer, self.learning_rate)
        loss = self.backward(batch, loss_positions(batch.letters.shape[1], self.position.step))  # (scalar)
        torch.nn.utils.clip_grad_norm_(self.network.parameters(), self.settings.gradient_clip)
        self.optimizer.step()
        self.position.step += 1
        if self.ema_model is not self.network:
            update_ema(self.ema_model, self.network, self.settings.ema_decay, self.position.step)
        return loss

    def _event(self) -> Progress:
        here = self.position
        speed = here.names / max(here.seconds, 1e-9)
        # names left: all rounds from this one on, less what is read of it
        left = (self.settings.epochs - here.epoch + 1) * self.train.names - here.names
        return Progress(
            self.phase,
            here.epoch,
            self.settings.epochs,
            here.names + (here.epoch - 1) * self.train.names,
            round(speed, 1),
            here.loss.item() / here.names,
            learning_rate=self.learning_rate,
            seconds=sum(past.seconds for past in self.history[-1:]) + here.seconds,
            seconds_left=left / speed,
        )

    def _end_epoch(self, loss: float, accuracy: float) -> Progress:
        event = replace(self._event(), validation_loss=loss, validation_accuracy=accuracy)
        self.history.append(event)
        self.position.batches = 0
        losses = [past.validation_loss or math.inf for past in self.history]
        self.early_stopping.update(self.position.epoch, losses, self.ema_model)
        if self.early_stopping.stopped:
            return replace(event, message=f"Stopped early: no better for {self.settings.patience} rounds")
        return event

    def _resume(self, checkpoint: Path | None) -> Iterator[Progress]:
        # What was done before the kill is yielded again: whoever watches now has not seen it.
        if checkpoint and not several.all_agree(checkpoint.exists(), self.device):
            raise BadCheckpoint(
                f"Not every process finds {checkpoint}: put it where all machines can read it."
            )
        if checkpoint and checkpoint.exists():
            is_old = self._load(checkpoint)
            epochs, message = self.settings.epochs, RELEASE_1_0 if is_old else None
            where = f"{self.phase}, {self.position.words(epochs, self.train.names)}"
            yield Progress(self.phase, self.position.epoch, epochs, resumed=where, message=message)
            yield from self.history

    def _save(self, path: Path | None) -> None:
        if path is None or not several.is_first():
            return
        state: dict[str, Any] = {name: getattr(self, name).state_dict() for name in _MODULES}
        state["position"] = vars(self.position)
        state["early_stopping"] = vars(self.early_stopping)
        state["history"] = [vars(event) for event in self.history]
        write_checkpoint(path, state, self._identity())

    def _load(self, path: Path) -> bool:
        """Take over the state at `path`; return whether release 1.0.0 wrote it."""
        state = read_checkpoint(path, self._identity())
        for name in _MODULES:
            getattr(self, name).load_state_dict(state[name])
        self.position = Position(**state["position"])
        self.position.loss = self.position.loss.to(self.device)
        self.early_stopping = EarlyStopping(**state["early_stopping"])
        self.history = [Progress(**event) for event in state["history"]]
        return bool(state["is_of_release_1_0"])

    def _identity(self) -> dict[str, Any]:
        return {
            "settings": vars(self.settings),
            "names": self.train.names,
            "data": [self.train.fingerprint, self.validation.fingerprint],
            "start": fingerprint_of_weights(self.start),
        }

    def result(self) -> Network:
        """Return the taught network on the CPU: the best epoch's with early stopping, else the last."""
        network = Network(self.settings.network())
        is_best = self.settings.patience > 0
        network.load_state_dict(self.early_stopping.best_weights if is_best else self.ema_model.state_dict())
        return network.eval()


_MODULES = ("network", "ema_model", "optimizer")


def _make_network(settings: FitSettings, start: Network | None) -> Network:
    network = Network(settings.network())
    if start is None:
        initialise(network)
    else:
        network.load_state_dict(start.state_dict())
    return network


@torch.no_grad()
def validate(network: Network, names: Batches, device: torch.device) -> tuple[float, float]:
    """Return the weighted mean loss in nats, and the share of majority labels that are guessed."""
    network.eval()
    loss, weight, right, decided = (torch.zeros((), device=device) for _ in range(4))
    for batch in names.in_order(VALIDATION_BATCH.get(device.type, 512)):
        with mixed_precision(device):
            log_probs = network.log_probs(batch.letters).float()  # (batch, labels)
        # Label 0 is female, label 1 male.
        nll = -(log_probs[:, 0] * batch.share + log_probs[:, 1] * (1 - batch.share))  # (batch,)
        loss += (nll * batch.weight).sum()
        weight += batch.weight.sum()
        is_decided = batch.share != 0.5
        # scalars, on the device until the last line
        right += (((log_probs[:, 0] > log_probs[:, 1]) == (batch.share > 0.5)) & is_decided).sum()
        decided += is_decided.sum()
    network.train()
    return (loss / weight).item(), (right / decided.clamp(min=1)).item()
