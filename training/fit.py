"""Teaching a network: yields its progress, knows nothing of who watches, and can be resumed after a kill."""

from collections.abc import Generator, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import torch

from training.batches import Batches, Examples, repeated
from training.config import FitSettings
from training.invented import gibberish
from training.loop import Progress, Run
from training.network import Network
from training.teacher import Opinions, asked, forget

FAMOUS = 5.0
"""The weight of a name with 10,000 bearers."""


@dataclass(frozen=True)
class Fitted:
    """A taught network, in evaluation mode on the CPU, and one event a round of how it got there."""

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
    history: list[Progress] = []
    for number, stage in enumerate(stages(settings)):
        if opinions and start and stage.invented:
            opinions = opinions.joined_by(start, where)
        lessons = Batches(lessons_of(stage, train, opinions), where)
        run = Run(
            stage, lessons, Batches(validation, where), where, start, "refining" if number else "training"
        )
        yield from run.rounds(checkpoint and _kept(checkpoint, number))
        best = len(history) + (run.best_epoch if settings.patience else run.epoch)
        history += [replace(event, epoch=event.epoch + len(history)) for event in run.history]
        start = run.result()
    assert start is not None
    return Fitted(start, history, best, str(where))


def clear(checkpoint: Path) -> None:
    """Remove `checkpoint` and all that was kept beside it."""
    for number in range(2):
        _kept(checkpoint, number).unlink(missing_ok=True)
    forget(checkpoint)


def _kept(checkpoint: Path, number: int) -> Path:
    return checkpoint.with_suffix(".refining") if number else checkpoint


def stages(settings: FitSettings) -> list[FitSettings]:
    """Return the settings of the training, and of the refining if there is one.

    Invented names and gibberish are for the last of them.
    """
    if not settings.refining:
        return [settings]
    rate = settings.refining_rate
    refined = replace(settings, epochs=settings.refining, learning_rate=rate, warmup=0.05)
    return [replace(settings, invented=0.0, gibberish=0.0), refined]


def lessons_of(stage: FitSettings, train: Examples, opinions: Opinions | None) -> Examples:
    """Return what a stage learns from: names with their targets, famous ones often, and what is no name."""
    lessons = opinions.blended_with(train, stage.trust) if opinions else train
    lessons = repeated(lessons, FAMOUS, stage.by_heart)
    if opinions and stage.invented:
        lessons += opinions.of_invented()
    return lessons + gibberish(round(stage.gibberish * len(lessons)), stage.seed)


def _dry_pass(settings: FitSettings, train: Examples, where: torch.device) -> Iterator[Progress]:
    # Two batches, one of them of the longest names: a run that cannot work shall fail now, not at night.
    longest = max(range(len(train)), key=lambda row: len(train.names[row]))
    rows = np.repeat([0, longest], settings.batch)
    few = Batches(train.pick(rows), where)
    trial = Run(replace(settings, epochs=1), few, few, where, None)
    yield from (replace(event, phase="dry run") for event in trial.round())
