"""Training a network from scratch: dry run, teachers, both directions, self-training, one after another.

`fit` yields its progress, knows nothing of who shows it, and can be resumed after a kill.
"""

from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import torch

from training.data.minibatches import Batches, Examples
from training.fitting.checkpoints import rename_old_siblings, sibling
from training.fitting.distillation import add_noise, ask_teachers, make_targets, reverse_names
from training.fitting.self_training import SelfTraining
from training.fitting.settings import FitSettings
from training.fitting.trainer import Progress, Trainer
from training.model.network import Network, average_weights, join_directions
from training.runtime.device import resolve_device

SIBLINGS = ("teachers.npz", "teacher?", "reverse", "self_training*", "pseudo_labels*")
"""Endings of the files that may lie beside a checkpoint."""


@dataclass(frozen=True)
class Fitted:
    """A taught network, in evaluation mode on the CPU, and one event an epoch of how it got there.

    Where two directions learned apart, the history is that of the first, then of both together.
    """

    network: Network
    history: list[Progress]
    best_epoch: int
    device: str


Events = Generator[Progress, None, Fitted]


def fit(
    settings: FitSettings,
    train: Examples,
    validation: Examples,
    device: str = "auto",
    checkpoint: Path | None = None,
    start: Network | None = None,
) -> Events:
    """Teach a network from nothing, or from `start`; yield Progress, return Fitted (`yield from` gives it).

    With a `checkpoint` the state is written there and beside it, after every epoch and twice a minute. A run
    that finds it goes on from it, at the very step. The files stay until `clear_checkpoint`, because what is
    done next with the network may be killed too. Equal settings, examples and device give equal weights,
    resumed or not.

    Raises BadSettings, BadCheckpoint, and ValueError for a device that is not there.
    """
    settings.validated()
    where = resolve_device(device)
    if len(train) == 0 or len(validation) == 0:
        raise ValueError("There must be at least one name to learn from and one to validate on.")
    rename_old_siblings(checkpoint)
    yield from _dry_run(settings, train, where)

    teachers = None
    if settings.teacher != "none":
        teachers = yield from ask_teachers(settings, train, validation, where, checkpoint)
    examples = make_targets(settings, train, teachers)
    # With self-training the noise comes there, in the generations that end the training.
    if not settings.self_training_repeats:
        examples = add_noise(settings, examples)

    # From a `start` both directions go on together: they have learned apart already.
    is_apart = settings.network().bidirectional and start is None
    first = replace(settings, bidirectional=False) if is_apart else settings
    trainer = Trainer(first, Batches(examples, where), Batches(validation, where), where, start)
    yield from trainer.run(checkpoint)
    network = trainer.result()
    if is_apart:
        reverse = _reverse_trainer(first, examples, validation, where)
        yield from reverse.run(sibling(checkpoint, "reverse"))
        network = join_directions(network, reverse.result())
    if not settings.self_training_repeats:
        return _fitted([trainer], network)

    self_training = SelfTraining(settings, train, validation, teachers, where, checkpoint)
    generations = yield from self_training.run(network)
    # The mean of the generations' weights errs less than the last one's.
    return _fitted([trainer, *generations], average_weights([each.result() for each in generations]))


def run_to_end(events: Events, report: Callable[[Progress], None] = lambda progress: None) -> Fitted:
    """Run a training to its end, give `report` every event, and return what came of it."""
    while True:
        try:
            progress = next(events)
        except StopIteration as end:
            fitted: Fitted = end.value
            return fitted
        report(progress)


def _reverse_trainer(
    settings: FitSettings, examples: Examples, validation: Examples, where: torch.device
) -> Trainer:
    # Directions that learn apart err on different names, so their mean is better than either.
    train, judged = Batches(reverse_names(examples), where), Batches(reverse_names(validation), where)
    return Trainer(settings, train, judged, where, phase="training from the end")


def _fitted(trainers: list[Trainer], network: Network) -> Fitted:
    history: list[Progress] = []
    for trainer in trainers:
        before = len(history)
        # Rounds are counted through, from the first trainer to the last.
        history += [replace(event, epoch=event.epoch + before) for event in trainer.history]
    has_patience = trainer.settings.patience > 0
    best = trainer.early_stopping.best_epoch if has_patience else trainer.position.epoch
    return Fitted(network, history, before + best, str(trainer.device))


def clear_checkpoint(checkpoint: Path) -> None:
    """Remove `checkpoint` and all that was saved beside it."""
    checkpoint.unlink(missing_ok=True)
    for ending in SIBLINGS:
        for path in checkpoint.parent.glob(f"{checkpoint.stem}.{ending}"):
            path.unlink()


def _dry_run(settings: FitSettings, train: Examples, where: torch.device) -> Iterator[Progress]:
    # Two batches, one of them of the longest names: a run that cannot work shall fail now, not at night.
    longest = max(range(len(train)), key=lambda row: len(train.names[row]))
    rows = np.repeat([0, longest], settings.batch_size)
    batches = Batches(train.take(rows), where)
    trainer = Trainer(replace(settings, epochs=1), batches, batches, where)
    yield from (replace(event, phase="dry run") for event in trainer.run_epoch())
