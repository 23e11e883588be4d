"""Teaching a network: yields its progress, knows nothing of who watches, and can be resumed after a kill."""

from collections.abc import Generator, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from training.batches import Batches, Examples, repeated
from training.config import FitSettings
from training.loop import Progress, Run, log_probabilities
from training.network import Network
from training.teacher import taught

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

    With a `checkpoint` the state is written there after every round, and a run that finds it goes on from
    it; it is removed at the end. Equal settings, examples and device give equal weights.
    Raises BadSettings, and ValueError for a device that is not there.
    """
    settings.validated()
    where = resolve(device)
    if len(train) == 0 or len(validation) == 0:
        raise ValueError("There must be at least one name to learn from and one to validate on.")
    yield from _dry_pass(settings, train, where)
    if settings.teacher != "none":
        train = yield from taught(settings, train, validation, where, checkpoint)
    train = repeated(train, FAMOUS, settings.by_heart)
    run = Run(settings, Batches(train, where), Batches(validation, where), where, start)
    yield from run.rounds(checkpoint)
    if checkpoint:
        checkpoint.unlink(missing_ok=True)
    best = run.best_epoch if settings.patience else run.epoch
    return Fitted(run.result(), run.history, best, str(where))


def _dry_pass(settings: FitSettings, train: Examples, where: torch.device) -> Iterator[Progress]:
    # Two batches, one of them of the longest names: a run that cannot work shall fail now, not at night.
    longest = max(range(len(train)), key=lambda row: len(train.names[row]))
    rows = np.repeat([0, longest], settings.batch)
    few = Batches(train.pick(rows), where)
    trial = Run(replace(settings, epochs=1), few, few, where, None)
    yield from (replace(event, phase="dry run") for event in trial.round())


LEARNED_BOTH = 0.15
"""A name that is both women's and men's is learned when P(female) is this close to its share."""
_ROUNDS, _REPLAYED, _REPEATED_MOST = 12, 4000, 32


def fine_tune(
    network: Network,
    corrections: Examples,
    replay: Examples,
    seed: int = 0,
    device: str = "auto",
    rate: float = 5e-4,
) -> Events:
    """Teach a copy of `network` some `corrections`; yield Progress, return Fitted.

    Each round goes over the corrections and as many names of `replay` as keep the rest in place: their
    targets lie halfway between their share and what the network already answers. A correction that is not
    learned yet is repeated twice as often in every round. It ends when all are learned, or after 12 rounds.
    The validation figures of its events are of the corrections. Raises ValueError for an unknown device.
    """
    where = resolve(device)
    shape = network.settings
    settings = FitSettings(
        "fine-tune", shape.cell, shape.width, epochs=_ROUNDS, batch=256, learning_rate=rate, seed=seed
    ).validated()
    random = np.random.default_rng(seed)
    few = random.permutation(len(replay))[: _REPLAYED * _ROUNDS]
    replay = _as_answered(replay.pick(few), network, where)
    repeats = np.ones(len(corrections), dtype=np.intp)
    run = Run(settings, Batches(replay, where), Batches(corrections, where), where, network, "fine-tuning")
    for _ in range(_ROUNDS):
        missing = ~learned(run.network, corrections, where)
        if not missing.any():
            break
        repeats[missing] = np.minimum(2 * repeats[missing], _REPEATED_MOST)
        often = np.repeat(np.arange(len(corrections)), repeats)
        run.train = Batches(
            replay.pick(random.permutation(len(replay))[:_REPLAYED]) + corrections.pick(often), where
        )
        yield from run.round()
    return Fitted(run.result(), run.history, run.epoch, str(where))


def _as_answered(replay: Examples, network: Network, where: torch.device) -> Examples:
    answers = np.exp(log_probabilities(network, replay.names, where)[:, 0])
    return Examples(replay.names, (replay.share + answers) / 2, np.ones(len(replay)))


def learned(network: Network, corrections: Examples, device: torch.device) -> NDArray[np.bool_]:
    """Return for each correction whether the network now answers as its training row says."""
    answers = np.exp(log_probabilities(network, corrections.names, device)[:, 0])
    both = np.abs(corrections.share - 0.5) < LEARNED_BOTH
    near = np.abs(answers - corrections.share) < LEARNED_BOTH
    return np.where(both, near, (answers > 0.5) == (corrections.share > 0.5))
