"""Teaching a network: yields its progress, knows nothing of who watches, and can be resumed after a kill."""

from collections.abc import Generator, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import torch

from training.data.minibatches import Batches, Examples
from training.fitting.distillation import and_gibberish, asked, backwards, beside, real_names
from training.fitting.self_training import Refining
from training.fitting.settings import FitSettings
from training.fitting.trainer import Progress, Run
from training.model.network import Network, bidirectional, mean_of

KEPT = ("opinions.npz", "teacher?", "reverse", "refining*", "labels*")
"""Endings of what is kept beside a checkpoint."""


@dataclass(frozen=True)
class Fitted:
    """A taught network, in evaluation mode on the CPU, and one event a round of how it got there.

    Of a network whose directions learned apart, these are the rounds of the first, then those of both.
    """

    network: Network
    history: list[Progress]
    best_epoch: int
    device: str


Events = Generator[Progress, None, Fitted]


def resolve(device: str) -> torch.device:
    """Return the device that `auto`, `cpu` or `cuda` means here; raises ValueError for one not there."""
    if device not in ("auto", "cpu", "cuda"):
        raise ValueError(f"The device must be auto, cpu or cuda, not {device!r}.")
    if device == "cuda" and not torch.cuda.is_available():
        raise ValueError("There is no CUDA device here that PyTorch could use.")
    return torch.device("cuda" if device != "cpu" and torch.cuda.is_available() else "cpu")


def fit(
    settings: FitSettings,
    train: Examples,
    validation: Examples,
    device: str = "auto",
    checkpoint: Path | None = None,
    start: Network | None = None,
) -> Events:
    """Teach a network from nothing, or from `start`; yield Progress, return Fitted (`yield from` gives it).

    With a `checkpoint` the state is written there and beside it, after every round and twice a minute; a run
    that finds it goes on from it, at the very step. It stays until `clear`, for what is done next with the
    network may be killed too. Equal settings, examples and device give equal weights, resumed or not.
    Raises BadSettings, BadCheckpoint, and ValueError for a device that is not there.
    """
    settings.validated()
    where = resolve(device)
    if len(train) == 0 or len(validation) == 0:
        raise ValueError("There must be at least one name to learn from and one to validate on.")
    yield from _dry_pass(settings, train, where)
    opinions = None
    if settings.teacher != "none":
        opinions = yield from asked(settings, train, validation, where, checkpoint)
    lessons = real_names(settings, train, opinions)
    if not settings.refining:
        lessons = and_gibberish(settings, lessons)
    apart = settings.network().bidirectional and start is None
    first = replace(settings, bidirectional=False) if apart else settings
    run = Run(first, Batches(lessons, where), Batches(validation, where), where, start)
    yield from run.rounds(checkpoint)
    network = run.result()
    if apart:
        reverse = _reverse(first, lessons, validation, where)
        yield from reverse.rounds(beside(checkpoint, "reverse"))
        network = bidirectional(network, reverse.result())
    if not settings.refining:
        return _fitted([run], network)
    refining = Refining(settings, train, validation, opinions, where, checkpoint)
    generations = yield from refining.generations(network)
    return _fitted([run, *generations], mean_of([refined.result() for refined in generations]))


def _reverse(settings: FitSettings, lessons: Examples, validation: Examples, where: torch.device) -> Run:
    # The directions learn apart: then they err on different names, and together they know more than each.
    judged = Batches(backwards(validation), where)
    return Run(settings, Batches(backwards(lessons), where), judged, where, phase="training from the end")


def _fitted(runs: list[Run], network: Network) -> Fitted:
    history: list[Progress] = []
    for run in runs:
        before = len(history)
        history += [replace(event, epoch=event.epoch + before) for event in run.history]
    best = before + (run.best_epoch if run.settings.patience else run.epoch)
    return Fitted(network, history, best, str(run.device))


def clear(checkpoint: Path) -> None:
    """Remove `checkpoint` and all that was kept beside it."""
    checkpoint.unlink(missing_ok=True)
    for ending in KEPT:
        for path in checkpoint.parent.glob(f"{checkpoint.stem}.{ending}"):
            path.unlink()


def _dry_pass(settings: FitSettings, train: Examples, where: torch.device) -> Iterator[Progress]:
    # Two batches, one of them of the longest names: a run that cannot work shall fail now, not at night.
    longest = max(range(len(train)), key=lambda row: len(train.names[row]))
    rows = np.repeat([0, longest], settings.batch)
    few = Batches(train.pick(rows), where)
    trial = Run(replace(settings, epochs=1), few, few, where, None)
    yield from (replace(event, phase="dry run") for event in trial.round())
