"""How far a training is: what it yields to whoever watches, and what a checkpoint holds of it."""

import copy
from dataclasses import dataclass

import torch
from torch import Tensor

from training.model.network import Network


@dataclass(frozen=True)
class Progress:
    """Where the work stands. Losses are in nats a name; what is not known yet is None."""

    phase: str
    """`dry run`, `linear teacher`, `teacher`, `training`, `training from the end`, `self-training`, …"""
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
    """Only in the first event after a checkpoint was read: where the training goes on, in words."""
    message: str | None = None
    """A line for the log: what the network runs on, or why a phase ends before its last round."""


@dataclass
class Position:
    """How far a training is, as a checkpoint holds it."""

    loss: Tensor
    """Sum over the names of this epoch, in nats (scalar). On the device, so that no step waits for it."""
    epoch: int = 0
    """The epoch that goes on, or the last that is done."""
    batches: int = 0
    """Done of the epoch that goes on; 0 between two epochs."""
    names: int = 0
    """Learned from in this epoch."""
    seconds: float = 0.0
    """Spent on this epoch."""
    step: int = 0
    """Over all epochs."""

    def begin_epoch(self) -> None:
        """Count one epoch more, nothing of it done."""
        self.epoch += 1
        self.names, self.seconds, self.loss = 0, 0.0, torch.zeros_like(self.loss)

    def words(self, epochs: int, names: int) -> str:
        """Return the position in words, of a training of `epochs` epochs over `names` names."""
        if self.batches:
            return f"round {self.epoch} of {epochs}, {self.names:,} of {names:,} names read"
        return f"{self.epoch} of {epochs} rounds done"


@dataclass
class EarlyStopping:
    """The best weights so far, and whether `patience` epochs have brought no better ones."""

    patience: int
    best_weights: dict[str, Tensor]
    best_epoch: int = 0
    stopped: bool = False

    def update(self, epoch: int, losses: list[float], network: Network) -> None:
        """Take in the validation losses of all epochs so far; `network` is that of the last."""
        # A tie goes to the later epoch, which has learned longer.
        if min(losses) == losses[-1]:
            self.best_weights, self.best_epoch = copy.deepcopy(network.state_dict()), epoch
        self.stopped = bool(self.patience) and epoch - self.best_epoch >= self.patience
