"""Training a network from scratch: dry run, teachers, both directions, self-training, one after another.

`fit` yields its progress, knows nothing of who shows it, and can be resumed after a kill.
"""

from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeVar

import numpy as np
import torch
from torch import Tensor

from training.data.minibatches import Batches, Examples
from training.fitting.checkpoints import rename_old_siblings, sibling
from training.fitting.progress import Progress
from training.fitting.settings import BadSettings, FitSettings
from training.fitting.teachers.distillation import add_noise, ask_teachers, make_targets, reverse_names
from training.fitting.teachers.self_training import SelfTraining
from training.fitting.trainer import Trainer
from training.model.network import Network
from training.model.settings import NetworkSettings
from training.model.weights import average_weights, join_directions
from training.runtime.device import (
    describe_device,
    deterministic,
    mixed_precision,
    resolve_device,
    use_tf32,
)

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
Outcome = TypeVar("Outcome")


def fit(
    settings: FitSettings,
    train: Examples,
    validation: Examples,
    device: str | torch.device = "auto",
    checkpoint: Path | None = None,
    start: Network | None = None,
) -> Events:
    """Teach a network from nothing, or from `start`; yield Progress, return Fitted (`yield from` gives it).

    With a `checkpoint` the state is written there and beside it, after every epoch and twice a minute. A run
    that finds it goes on from it, at the very step. The files stay until `clear_checkpoint`, because what is
    done next with the network may be killed too. Equal settings, examples and `start` give equal weights on
    equal machines, resumed or not: on a CPU always, on a GPU where `settings.deterministic` asks for it.

    Raises BadSettings, BadCheckpoint, and ValueError for a device that is not there.
    """
    settings.validated()
    with deterministic(settings.deterministic):
        where = resolve_device(device)
        _check(settings, train, validation, start)
        use_tf32(where)
        return (yield from _fit(settings, train, validation, where, checkpoint, start))


def _check(settings: FitSettings, train: Examples, validation: Examples, start: Network | None) -> None:
    if len(train) == 0 or len(validation) == 0:
        raise ValueError("There must be at least one name to learn from and one to validate on.")
    if start and replace(start.settings, dropout=settings.dropout) != settings.network():
        raise BadSettings(
            f"The network to start from is {_shape(start.settings)}; these settings teach "
            f"{_shape(settings.network())}. Only networks of one shape can go on from each other."
        )


def _shape(network: NetworkSettings) -> str:
    readout = f", readout {network.readout}" if network.readout else ""
    return f"{network.cell} {network.width}{readout}{', bidirectional' if network.bidirectional else ''}"


def _fit(
    settings: FitSettings,
    train: Examples,
    validation: Examples,
    where: torch.device,
    checkpoint: Path | None,
    start: Network | None,
) -> Events:
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
    is_apart = settings.bidirectional and start is None
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


def run_to_end(
    events: Generator[Progress, None, Outcome], report: Callable[[Progress], None] = lambda progress: None
) -> Outcome:
    """Run a training, or a part of one, to its end, give `report` every event, and return what came of it."""
    while True:
        try:
            progress = next(events)
        except StopIteration as end:
            outcome: Outcome = end.value
            return outcome
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
    trainer = Trainer(replace(settings, epochs=1, patience=0), batches, batches, where)
    for event in trainer.run_epoch():
        yield replace(event, phase="dry run")
    batch = next(batches.in_order(settings.batch_size))
    yield Progress("dry run", message=describe_precision(trainer.network, batch.letters))


def describe_precision(network: Network, letters: Tensor) -> str:
    """Return in words where a network learns, and in which type its recurrent layer really computes.

    It is looked at and not asked for: autocast of PyTorch's recurrent layers may take another type.
    """
    with mixed_precision(letters.device):
        found = network.outputs(letters).dtype
    return precision_in_words(letters.device, found)


def precision_in_words(device: torch.device, found: torch.dtype) -> str:
    """Return in words what it means that the recurrent layer computes in a type."""
    is_tf32 = device.type == "cuda" and found == torch.float32 and torch.backends.cudnn.allow_tf32
    products = "TF32" if is_tf32 else str(found).removeprefix("torch.")
    warning = " That is half precision, in which small gradients vanish." if found == torch.float16 else ""
    return (
        f"Learns on {describe_device(device)}: recurrent layer in {str(found).removeprefix('torch.')}, "
        f"its products in {products}, the rest in float32.{warning}"
    )
