"""Teachers: what helps a network learn what one label of a name cannot tell it.

Two fifths of the corpus's names have one bearer: their share is 0 or 1, and often so by chance. Teachers that
have not seen the name's label say how likely that is, and the target is the mean of the two, weighted by the
evidence of each.

The teachers are a linear model and, in the ensemble, networks that read names from the end: two that learn
one half of the names each, so that they can judge the other. Of names that nobody bears the student itself
is a teacher, too: `training/fitting/self_training.py`.
"""

from collections.abc import Generator
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from training.data.minibatches import Batches, Examples, repeated
from training.data.synthetic_names import gibberish, invent
from training.fitting.linear_teacher import cross_fit, fold_of
from training.fitting.settings import FitSettings
from training.fitting.trainer import Progress, Run, log_odds
from training.model.network import Network

Floats = NDArray[np.float64]

HALVES = 2
"""Networks of the ensemble that learn one half of the names and judge the other."""
TEACHERS_WIDTH = 256


@dataclass(frozen=True)
class Pool:
    """Names that nobody bears, and what the linear teacher says of each: log P(female) / P(male)."""

    names: list[str]
    logits: Floats


@dataclass(frozen=True)
class Opinions:
    """What the teachers say: log P(female) / P(male) of each name to learn, unseen, and of invented ones."""

    unseen: Floats
    pools: list[Pool]
    """One for every generation of the refining."""
    of: str
    """Fingerprint of the names to learn."""

    def blended_with(self, train: Examples, trust: float) -> Examples:
        """Return the names to learn with shares drawn to the teachers'."""
        return Examples(train.names, blended(train, self.unseen, trust), train.weight)

    def write(self, path: Path) -> None:
        """Keep the opinions at `path`, in one stroke."""
        beside = path.with_suffix(".writing.npz")
        entries: dict[str, Any] = {"unseen": self.unseen, "of": np.array(self.of)}
        for number, pool in enumerate(self.pools):
            entries |= {f"names{number}": np.array(pool.names, dtype="S"), f"logits{number}": pool.logits}
        np.savez(beside, **entries)
        beside.replace(path)


def read_opinions(path: Path, of: str) -> Opinions:
    """Return the opinions at `path`; raises ValueError if they are of other names."""
    with np.load(path, allow_pickle=False) as kept:
        if str(kept["of"]) != of:
            raise ValueError(f"{path.name} holds what teachers said of other names: remove it first.")
        pools = [
            Pool(kept[f"names{number}"].astype(str).tolist(), kept[f"logits{number}"])
            for number in range(sum(entry.startswith("names") for entry in kept.files))
        ]
        return Opinions(kept["unseen"], pools, of)


def asked(
    settings: FitSettings,
    train: Examples,
    validation: Examples,
    device: torch.device,
    checkpoint: Path | None = None,
) -> Generator[Progress, None, Opinions]:
    """Return what the teachers of `settings` say; with a `checkpoint` it is kept, and read again."""
    kept = beside(checkpoint, "opinions.npz")
    if kept and kept.exists():
        return read_opinions(kept, fingerprint(train))
    opinions = yield from ask(settings, train, validation, device, checkpoint)
    if kept:
        opinions.write(kept)
    return opinions


def beside(checkpoint: Path | None, ending: str) -> Path | None:
    """Return where something is kept beside `checkpoint`, if there is one."""
    return checkpoint and checkpoint.with_suffix(f".{ending}")


def fingerprint(train: Examples) -> str:
    """Return the SHA-256 of the names to learn, in hexadecimal."""
    return sha256("\n".join(train.names).encode()).hexdigest()


def ask(
    settings: FitSettings,
    train: Examples,
    validation: Examples,
    device: torch.device,
    checkpoint: Path | None = None,
) -> Generator[Progress, None, Opinions]:
    """Teach the teachers, and return what they say in logits: of unseen names the mean of theirs."""
    linear, unseen = yield from cross_fit(train)
    pools = []
    for generation in range(settings.generations if settings.invented else 0):
        names = invent(train, round(settings.invented * len(train)), settings.seed + generation)
        pools.append(Pool(names, linear.logits(names)))
    if settings.teacher == "ensemble":
        classroom = Classroom(settings, backwards(validation), device, checkpoint)
        unseen = (unseen + (yield from classroom.unseen(backwards(train)))) / 2
    return Opinions(unseen, pools, fingerprint(train))


def sigmoid(logits: Floats) -> Floats:
    """Return 1 / (1 + exp(-logits))."""
    return 1 / (1 + np.exp(-logits.clip(-30, 30)))


def blended(examples: Examples, logits: Floats, trust: float) -> Floats:
    """Return the share of each name, drawn to the teachers' as if they had seen `trust` bearers more."""
    bearers = 10 ** (examples.weight - 1) - 1
    return (bearers * examples.share + trust * sigmoid(logits)) / (bearers + trust)


@dataclass(frozen=True)
class Classroom:
    """Where the networks that read backwards learn; all examples and names here are reversed already.

    They are as good as networks that read forwards, and wrong about other names: that makes them teachers.
    """

    settings: FitSettings
    validation: Examples
    device: torch.device
    checkpoint: Path | None

    def unseen(self, train: Examples) -> Generator[Progress, None, Floats]:
        """Return the logits of each name by a network that learned from the other half."""
        half = np.array([fold_of(name, HALVES) for name in train.names])
        logits = np.zeros(len(train))
        for number in range(HALVES):
            judged = np.flatnonzero(half == number)
            learned = train.pick(np.flatnonzero(half != number))
            network = yield from self.taught(learned, number, TEACHERS_WIDTH, self.settings.teacher_epochs)
            logits[judged] = log_odds(network, [train.names[row] for row in judged], self.device)
        return logits

    def taught(
        self, train: Examples, number: int, width: int, epochs: int
    ) -> Generator[Progress, None, Network]:
        """Teach one network; what it has learned so far is kept under its number."""
        settings = replace(
            self.settings, cell="gru", width=width, bidirectional=False, epochs=epochs, patience=0
        )
        lessons, judged = Batches(train, self.device), Batches(self.validation, self.device)
        run = Run(settings, lessons, judged, self.device, phase="teacher")
        yield from run.rounds(beside(self.checkpoint, f"teacher{number}"))
        return run.kept


def backwards(examples: Examples) -> Examples:
    """Return the examples with their names read from the end."""
    return replace(examples, names=[name[::-1] for name in examples.names])


FAMOUS = 5.0
"""The weight of a name with 10,000 bearers."""


def real_names(settings: FitSettings, train: Examples, opinions: Opinions | None) -> Examples:
    """Return the names to learn with their targets, famous ones as often as they come in a round."""
    targets = opinions.blended_with(train, settings.trust) if opinions else train
    return repeated(targets, FAMOUS, settings.by_heart)


def and_gibberish(settings: FitSettings, lessons: Examples) -> Examples:
    """Return the lessons and strings of consonants, on which doubt is right."""
    return lessons + gibberish(round(settings.gibberish * len(lessons)), settings.seed)
