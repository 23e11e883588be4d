"""Teaching a network: yields its progress, knows nothing of who watches, and can be resumed after a kill."""

from collections.abc import Generator, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from training.batches import Batches, Examples, repeated
from training.config import FitSettings
from training.invented import gibberish
from training.loop import Progress, Run, log_probabilities
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

    With a `checkpoint` the state is written there after every round, and a run that finds it goes on from
    it; it is removed at the end. Equal settings, examples and device give equal weights.
    Raises BadSettings, and ValueError for a device that is not there.
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
        lessons = Batches(lessons_of(stage, train, opinions), where)
        run = Run(
            stage, lessons, Batches(validation, where), where, start, "refining" if number else "training"
        )
        yield from run.rounds(_kept(checkpoint, number))
        best = len(history) + (run.best_epoch if settings.patience else run.epoch)
        history += [replace(event, epoch=event.epoch + len(history)) for event in run.history]
        start = halfway(start, run.result()) if number and start else run.result()
    if checkpoint:
        for number in range(2):
            _kept(checkpoint, number).unlink(missing_ok=True)
        forget(checkpoint)
    assert start is not None
    return Fitted(start, history, best, str(where))


def halfway(first: Network, second: Network, part: float = 0.5) -> Network:
    """Return the network whose weights lie this part of the way from the first to the second.

    Both are close relatives, so what lies between is as good as either, and better calibrated than the second
    (Wortsman et al., 2022).
    """
    weights, others = first.state_dict(), second.state_dict()
    network = Network(first.settings)
    network.load_state_dict({name: weights[name].cpu().lerp(others[name].cpu(), part) for name in weights})
    return network.eval()


def _kept(checkpoint: Path | None, number: int) -> Any:
    return checkpoint.with_suffix(".refining") if checkpoint and number else checkpoint


def stages(settings: FitSettings) -> list[FitSettings]:
    """Return the settings of the training, and of the refining if there is one; gibberish is for the last."""
    if not settings.refining:
        return [settings]
    rate, trust = settings.refining_rate, settings.refining_trust
    refined = replace(settings, epochs=settings.refining, learning_rate=rate, trust=trust, warmup=0.05)
    return [replace(settings, gibberish=0.0), refined]


def lessons_of(stage: FitSettings, train: Examples, opinions: Opinions | None) -> Examples:
    """Return what a stage learns from: names with their targets, famous ones repeated, gibberish last."""
    lessons = opinions.blended_with(train, stage.trust) if opinions else train
    lessons = repeated(lessons, FAMOUS, stage.by_heart)
    return lessons + gibberish(round(stage.gibberish * len(lessons)), stage.seed)


def _dry_pass(settings: FitSettings, train: Examples, where: torch.device) -> Iterator[Progress]:
    # Two batches, one of them of the longest names: a run that cannot work shall fail now, not at night.
    longest = max(range(len(train)), key=lambda row: len(train.names[row]))
    rows = np.repeat([0, longest], settings.batch)
    few = Batches(train.pick(rows), where)
    trial = Run(replace(settings, epochs=1), few, few, where, None)
    yield from (replace(event, phase="dry run") for event in trial.round())


LEARNED_BOTH = 0.15
"""A name that is both women's and men's is learned when P(female) is this close to its share."""
_ROUNDS, _REPLAYED, _MOST_OFTEN = 12, 10_000, 16
_GENTLE = 0.5
"""How far from one half a correction's target lies, of what its share would ask: to turn it is enough."""
_KIN = 4
"""Letters at either end that make a name kin to a correction, which pulls at it first."""


def fine_tune(
    network: Network,
    corrections: Examples,
    replay: Examples,
    seed: int = 0,
    device: str = "auto",
    rate: float = 5e-4,
) -> Events:
    """Teach a copy of `network` some `corrections`; yield Progress, return Fitted.

    Each round goes over the corrections and 10,000 names of `replay`, half of them kin to a correction; their
    targets lie halfway between their share and what the network answers already. A correction that is not
    learned yet comes twice as often in every round. When all are learned, or after 12 rounds, the weights go
    back towards the old ones as far as the corrections allow (Wortsman et al., 2022).
    The validation figures of the events are of the corrections. Raises ValueError for an unknown device.
    """
    where = resolve(device)
    shape = network.settings
    settings = FitSettings(
        "fine-tune", shape.cell, shape.width, epochs=_ROUNDS, batch=256, learning_rate=rate, seed=seed
    ).validated()
    random = np.random.default_rng(seed)
    replay = _as_answered(_worth_keeping(replay, corrections, random), network, where)
    gentle = replace(
        corrections, share=0.5 + _GENTLE * (corrections.share - 0.5), weight=np.ones(len(corrections))
    )
    often = np.ones(len(corrections), dtype=np.intp)
    run = Run(settings, Batches(replay, where), Batches(corrections, where), where, network, "fine-tuning")
    for _ in range(_ROUNDS):
        missing = ~learned(run.network, corrections, where)
        if not missing.any():
            break
        often = np.where(missing, np.minimum(2 * often, _MOST_OFTEN), 1)
        some = random.permutation(len(replay))[:_REPLAYED]
        rows = np.repeat(np.arange(len(corrections)), often)
        run.train = Batches(replay.pick(some) + gentle.pick(rows), where)
        yield from run.round()
    tuned = _back_towards(network, run.result(), corrections, where)
    return Fitted(tuned, run.history, run.epoch, str(where))


def _worth_keeping(replay: Examples, corrections: Examples, random: np.random.Generator) -> Examples:
    ends = {part for name in corrections.names for part in (name[:_KIN], name[-_KIN:])}
    kin = np.array([name[:_KIN] in ends or name[-_KIN:] in ends for name in replay.names], dtype=bool)
    half = 2 * _REPLAYED
    rows = [random.permutation(np.flatnonzero(mask))[:half] for mask in (kin, ~kin)]
    return replay.pick(np.concatenate(rows))


def _as_answered(replay: Examples, network: Network, where: torch.device) -> Examples:
    answers = np.exp(log_probabilities(network, replay.names, where)[:, 0])
    return Examples(replay.names, (replay.share + answers) / 2, np.ones(len(replay)))


def _back_towards(old: Network, new: Network, corrections: Examples, where: torch.device) -> Network:
    enough = learned(new, corrections, where).sum() - len(corrections) // 50
    best = new
    for part in (0.9, 0.8, 0.7, 0.6, 0.5):
        mixed = halfway(old, new, part)
        if learned(mixed, corrections, where).sum() < enough:
            break
        best = mixed
    return best.cpu().eval()


def learned(network: Network, corrections: Examples, device: torch.device) -> NDArray[np.bool_]:
    """Return for each correction whether the network now answers as its training row says."""
    answers = np.exp(log_probabilities(network, corrections.names, device)[:, 0])
    both = np.abs(corrections.share - 0.5) < LEARNED_BOTH
    near = np.abs(answers - corrections.share) < LEARNED_BOTH
    return np.where(both, near, (answers > 0.5) == (corrections.share > 0.5))
