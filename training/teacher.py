"""Teachers: what helps a network learn what one label of a name cannot tell it.

Two fifths of the corpus's names have one bearer: their share is 0 or 1, and often so by chance. Teachers that
have not seen the name's label say how likely that is, and the target is the mean of the two, weighted by the
evidence of each. They also label names that nobody bears, on which the student learns to agree with them.

The teachers are a linear model and, in the ensemble, networks that read names from the end.
"""

from collections.abc import Generator
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from training.batches import Batches, Examples
from training.config import FitSettings
from training.invented import invent
from training.linear import cross_fit, fold_of
from training.loop import Progress, Run, log_probabilities

Floats = NDArray[np.float64]
Rows = NDArray[np.intp]

HALVES = 2
"""Each network of the ensemble learns from one half of the names and judges the other."""
TEACHERS_WIDTH = 256
EVIDENCE_OF_INVENTED = 2.0
"""Weight of an invented name: that of a name with nine bearers."""


@dataclass(frozen=True)
class Opinions:
    """What the teachers say: log P(female) / P(male) of each name to learn, unseen, and of invented ones."""

    unseen: Floats
    invented: list[str]
    logits: Floats
    of: str
    """Fingerprint of the names to learn."""

    def blended_with(self, train: Examples, trust: float) -> Examples:
        """Return the names to learn with shares drawn to the teachers', and the invented names last."""
        weight = np.full(len(self.invented), EVIDENCE_OF_INVENTED)
        new = Examples(self.invented, sigmoid(self.logits), weight)
        return Examples(train.names, blended(train, self.unseen, trust), train.weight) + new

    def write(self, path: Path) -> None:
        """Keep the opinions at `path`, in one stroke."""
        beside = path.with_suffix(".writing.npz")
        invented, of = np.array(self.invented, dtype=str), np.array(self.of)
        np.savez(beside, unseen=self.unseen, invented=invented, logits=self.logits, of=of)
        beside.replace(path)


def read_opinions(path: Path, of: str) -> Opinions:
    """Return the opinions at `path`; raises ValueError if they are of other names."""
    with np.load(path, allow_pickle=False) as kept:
        if str(kept["of"]) != of:
            raise ValueError(f"{path.name} holds what teachers said of other names: remove it first.")
        return Opinions(kept["unseen"], kept["invented"].tolist(), kept["logits"], of)


def asked(
    settings: FitSettings,
    train: Examples,
    validation: Examples,
    device: torch.device,
    checkpoint: Path | None = None,
) -> Generator[Progress, None, Opinions]:
    """Return what the teachers of `settings` say; with a `checkpoint` it is kept, and read again."""
    kept = checkpoint and checkpoint.with_suffix(".opinions.npz")
    if kept and kept.exists():
        return read_opinions(kept, fingerprint(train))
    opinions = yield from ask(settings, train, validation, device, checkpoint)
    if kept:
        opinions.write(kept)
    return opinions


def fingerprint(train: Examples) -> str:
    """Return the SHA-256 of the names to learn, in hexadecimal."""
    return sha256("\n".join(train.names).encode()).hexdigest()


def forget(checkpoint: Path) -> None:
    """Remove what was kept beside `checkpoint`, once the student has learned it."""
    for suffix in (".opinions.npz", *(f".teacher{number}" for number in range(HALVES))):
        checkpoint.with_suffix(suffix).unlink(missing_ok=True)


def ask(
    settings: FitSettings,
    train: Examples,
    validation: Examples,
    device: torch.device,
    checkpoint: Path | None = None,
) -> Generator[Progress, None, Opinions]:
    """Teach the teachers, and return the mean of what they say in logits."""
    names = invent(train, round(settings.invented * len(train)), settings.seed)
    linear, unseen = yield from cross_fit(train)
    logits = linear.logits(names) if names else np.empty(0)
    if settings.teacher == "ensemble":
        theirs, of_new = yield from _backwards(settings, train, validation, names, device, checkpoint)
        unseen, logits = (unseen + theirs) / 2, (logits + of_new) / 2
    return Opinions(unseen, names, logits, fingerprint(train))


def sigmoid(logits: Floats) -> Floats:
    """Return 1 / (1 + exp(-logits))."""
    return 1 / (1 + np.exp(-logits.clip(-30, 30)))


def blended(examples: Examples, logits: Floats, trust: float) -> Floats:
    """Return the share of each name, drawn to the teachers' as if they had seen `trust` bearers more."""
    bearers = 10 ** (examples.weight - 1) - 1
    return (bearers * examples.share + trust * sigmoid(logits)) / (bearers + trust)


def _backwards(
    settings: FitSettings,
    train: Examples,
    validation: Examples,
    names: list[str],
    device: torch.device,
    checkpoint: Path | None,
) -> Generator[Progress, None, tuple[Floats, Floats]]:
    # As good as networks that read forwards, and wrong about other names: that is what makes them teachers.
    train, validation = _reversed(train), _reversed(validation)
    half = np.array([fold_of(name[::-1], HALVES) for name in train.names])
    unseen, of_new = np.zeros(len(train)), np.zeros(len(names))
    own = replace(settings, cell="gru", width=TEACHERS_WIDTH, epochs=settings.teacher_epochs, patience=0)
    for number in range(HALVES):
        learned, judged = np.flatnonzero(half != number), np.flatnonzero(half == number)
        mine, theirs = Batches(train.pick(learned), device), Batches(validation, device)
        run = Run(own, mine, theirs, device, phase="teacher")
        yield from run.rounds(checkpoint and checkpoint.with_suffix(f".teacher{number}"))
        unseen[judged] = _logits(run, [train.names[row] for row in judged])
        of_new += _logits(run, [name[::-1] for name in names]) / HALVES
    return unseen, of_new


def _logits(run: Run, names: list[str]) -> Floats:
    answers = log_probabilities(run.kept, names, run.device)
    return answers[:, 0] - answers[:, 1]


def _reversed(examples: Examples) -> Examples:
    return replace(examples, names=[name[::-1] for name in examples.names])
