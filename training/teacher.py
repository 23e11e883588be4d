"""Teachers: what helps a network learn what one label of a name cannot tell it.

Two fifths of the corpus's names have one bearer: their share is 0 or 1, and often so by chance. Teachers that
have not seen the name's label say how likely that is, and the target is the mean of the two, weighted by the
evidence of each. They also label names that nobody bears, on which the student learns to agree with them.

The teachers are a linear model and, in the ensemble, networks that read names from the end: two that learn
one half of the names each, so that they can judge the other, and for invented names a twin of the student.
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
from training.network import Network

Floats = NDArray[np.float64]
Rows = NDArray[np.intp]

HALVES = 2
"""Networks of the ensemble that learn one half of the names and judge the other."""
TEACHERS_WIDTH = 256
NETWORKS_VOICE = 2.0
"""How much a network's logits count beside the linear teacher's."""
EVIDENCE_OF_INVENTED = 1.0
"""Weight of an invented name: that of a name that nobody bears."""


@dataclass(frozen=True)
class Opinions:
    """What the teachers say: log P(female) / P(male) of each name to learn, unseen, and of invented ones."""

    unseen: Floats
    invented: list[str]
    logits: Floats
    voice: float
    """How much these logits count beside those of one more teacher: a linear one counts 1."""
    of: str
    """Fingerprint of the names to learn."""

    def blended_with(self, train: Examples, trust: float) -> Examples:
        """Return the names to learn with shares drawn to the teachers'."""
        return Examples(train.names, blended(train, self.unseen, trust), train.weight)

    def of_invented(self) -> Examples:
        """Return the invented names with the shares that the teachers give them."""
        weight = np.full(len(self.invented), EVIDENCE_OF_INVENTED)
        return Examples(self.invented, sigmoid(self.logits), weight)

    def joined_by(self, student: Network, device: torch.device) -> "Opinions":
        """Return the opinions with the student's own on the invented names: it is one more teacher by now."""
        return self.joined(_logits(student, self.invented, device))

    def joined(self, own: Floats) -> "Opinions":
        """Return the opinions with those of one more network, its logits of the invented names."""
        voice = self.voice + NETWORKS_VOICE
        return replace(self, logits=(self.voice * self.logits + NETWORKS_VOICE * own) / voice, voice=voice)

    def write(self, path: Path) -> None:
        """Keep the opinions at `path`, in one stroke."""
        beside = path.with_suffix(".writing.npz")
        entries = {**vars(self), "invented": np.array(self.invented, dtype=str)}
        np.savez(beside, **entries)
        beside.replace(path)


def read_opinions(path: Path, of: str) -> Opinions:
    """Return the opinions at `path`; raises ValueError if they are of other names."""
    with np.load(path, allow_pickle=False) as kept:
        if str(kept["of"]) != of:
            raise ValueError(f"{path.name} holds what teachers said of other names: remove it first.")
        return Opinions(kept["unseen"], kept["invented"].tolist(), kept["logits"], float(kept["voice"]), of)


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
    for suffix in (".opinions.npz", *(f".teacher{number}" for number in range(HALVES + 1))):
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
    opinions = Opinions(unseen, names, logits, 1.0, fingerprint(train))
    if settings.teacher == "linear":
        return opinions
    classroom = Classroom(settings, _reversed(validation), device, checkpoint)
    unseen = (unseen + (yield from classroom.unseen(_reversed(train)))) / 2
    opinions = replace(opinions, unseen=unseen)
    if not names:
        return opinions
    lessons = _reversed(opinions.blended_with(train, settings.trust))
    twin = yield from classroom.taught(lessons, HALVES, settings.width, settings.epochs)
    return opinions.joined(_logits(twin, _backwards(names), device))


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
            logits[judged] = _logits(network, [train.names[row] for row in judged], self.device)
        return logits

    def taught(
        self, train: Examples, number: int, width: int, epochs: int
    ) -> Generator[Progress, None, Network]:
        """Teach one network; what it has learned so far is kept under its number."""
        settings = replace(self.settings, cell="gru", width=width, epochs=epochs, patience=0)
        lessons, judged = Batches(train, self.device), Batches(self.validation, self.device)
        run = Run(settings, lessons, judged, self.device, phase="teacher")
        yield from run.rounds(self.checkpoint and self.checkpoint.with_suffix(f".teacher{number}"))
        return run.kept


def _logits(network: Network, names: list[str], device: torch.device) -> Floats:
    answers = log_probabilities(network, names, device)
    return answers[:, 0] - answers[:, 1]


def _backwards(names: list[str]) -> list[str]:
    return [name[::-1] for name in names]


def _reversed(examples: Examples) -> Examples:
    return replace(examples, names=_backwards(examples.names))
