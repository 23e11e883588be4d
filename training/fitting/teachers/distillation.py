"""Teachers: what helps a network learn what one label of a name cannot tell it.

Two fifths of the corpus's names have one bearer. Their share is 0 or 1, and often so by chance. Teachers that
have not seen a name's label say what they expect of it, and the target is the mean of the two, weighted by
how many bearers stand behind each.

One teacher is a linear model. The ensemble adds two networks that read names from the end. Each is taught on
one half of the names and asked about the other. On synthetic names the student itself is a teacher, too:
`self_training.py` beside this.
"""

import json
from collections.abc import Generator
from dataclasses import asdict, dataclass, replace
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from training.data.minibatches import Batches, Examples
from training.data.synthetic_names import make_noise, make_synthetic_names
from training.fitting.checkpoints import BadCheckpoint, sibling
from training.fitting.progress import Progress
from training.fitting.settings import FitSettings
from training.fitting.teachers.linear_teacher import TEACHER_SALT, fit_linear_teacher
from training.fitting.trainer import Trainer
from training.model.network import Network
from training.model.predict import log_odds
from training.names import fold_of
from training.runtime.at_once import at_once, has_room_beside, one_after_another
from training.runtime.atomic_write import whole

Floats = NDArray[np.float64]

HALVES = 2
"""Networks of the ensemble. Each learns one half of the names and judges the other."""
TEACHER_WIDTH = 256
FREQUENT_WEIGHT = 5.0
"""The weight of a name with 10,000 bearers; from here on a name counts as frequent."""


@dataclass(frozen=True)
class SyntheticPool:
    """Synthetic names, and the linear teacher's log P(female) / P(male) of each."""

    names: list[str]
    logits: Floats


@dataclass(frozen=True)
class TeacherLogits:
    """What the teachers say, as log P(female) / P(male)."""

    out_of_fold: Floats
    """Of each name to learn, by teachers that have not seen its label."""
    pools: list[SyntheticPool]
    """One for every generation of self-training."""
    fingerprint: str
    """Of what they were asked about, and with which settings: see `fingerprint_of`."""

    def write(self, path: Path) -> None:
        """Write them to `path`, whole or not at all; raises OSError."""
        entries: dict[str, Any] = {"unseen": self.out_of_fold, "of": np.array(self.fingerprint)}
        for number, pool in enumerate(self.pools):
            # As bytes ("S"): numpy's text takes four bytes a letter, and there are millions.
            entries |= {f"names{number}": np.array(pool.names, dtype="S"), f"logits{number}": pool.logits}
        with whole(path) as beside:
            np.savez(beside, **entries)


def read_teacher_logits(path: Path, fingerprint: str, train: Examples) -> TeacherLogits:
    """Return what `TeacherLogits.write` wrote; raises BadCheckpoint if it is of anything else.

    Release 1.0.0 noted the names alone.
    """
    with np.load(path, allow_pickle=False) as file:
        if str(file["of"]) not in (fingerprint, sha256("\n".join(train.names).encode()).hexdigest()):
            raise BadCheckpoint(
                f"{path.name} holds what teachers said of other names, shares or settings: remove it first."
            )
        pools = [
            SyntheticPool(file[f"names{number}"].astype(str).tolist(), file[f"logits{number}"])
            for number in range(sum(entry.startswith("names") for entry in file.files))
        ]
        return TeacherLogits(file["unseen"], pools, fingerprint)


def ask_teachers(
    settings: FitSettings,
    train: Examples,
    validation: Examples,
    device: torch.device,
    checkpoint: Path | None = None,
) -> Generator[Progress, None, TeacherLogits]:
    """Return what the teachers of `settings` say; with a `checkpoint` it is saved beside it and reused."""
    saved = sibling(checkpoint, "teachers.npz")
    if saved and saved.exists():
        return read_teacher_logits(saved, fingerprint_of(settings, train, validation), train)
    teachers = yield from fit_teachers(settings, train, validation, device, checkpoint)
    if saved:
        teachers.write(saved)
    return teachers


def fingerprint_of(settings: FitSettings, train: Examples, validation: Examples) -> str:
    """Return the SHA-256, in hexadecimal, of all that teachers hang on: settings, names, shares, weights."""
    asked = json.dumps(asdict(settings), sort_keys=True)
    return sha256("\n".join((asked, train.fingerprint, validation.fingerprint)).encode()).hexdigest()


def fit_teachers(
    settings: FitSettings,
    train: Examples,
    validation: Examples,
    device: torch.device,
    checkpoint: Path | None = None,
) -> Generator[Progress, None, TeacherLogits]:
    """Fit the teachers and return what they say; an ensemble's logits are the mean of both kinds."""
    fingerprint, linear = fingerprint_of(settings, train, validation), _fit_linear(settings, train)
    if settings.teacher != "ensemble":
        pools, out_of_fold = yield from linear
        return TeacherLogits(out_of_fold, pools, fingerprint)
    networks = ReverseTeachers(settings, reverse_names(validation), device, checkpoint)
    by_networks = networks.out_of_fold(reverse_names(train))
    in_order = at_once if has_room_beside(device) else one_after_another
    (pools, out_of_fold), by_halves = yield from in_order(linear, by_networks)
    # (names,): the mean of both kinds' logits
    return TeacherLogits((out_of_fold + by_halves) / 2, pools, fingerprint)


def _fit_linear(
    settings: FitSettings, train: Examples
) -> Generator[Progress, None, tuple[list[SyntheticPool], Floats]]:
    """Return a pool for every generation, and the linear teacher's out-of-fold logits."""
    linear, out_of_fold = yield from fit_linear_teacher(train)
    pools = []
    # One pool each: on names that it has read often a network agrees with the labels anyway.
    for generation in range(settings.self_training_generations if settings.synthetic_ratio else 0):
        count = round(settings.synthetic_ratio * len(train))
        names = make_synthetic_names(train, count, settings.seed + generation)
        pools.append(SyntheticPool(names, linear.logits(names)))
    return pools, out_of_fold


def sigmoid(logits: Floats) -> Floats:
    """Return 1 / (1 + exp(-logits))."""
    # exp overflows from 709 on; at 30 the share is 1 to thirteen digits.
    probabilities: Floats = 1 / (1 + np.exp(-logits.clip(-30, 30)))
    return probabilities


def blend_targets(examples: Examples, logits: Floats, pseudocount: float) -> Examples:
    """Return the examples with shares drawn to the teachers', which count as `pseudocount` bearers."""
    # (names,): the weight is 1 + log10(1 + bearers), taken back
    bearers = 10 ** (examples.weight - 1) - 1
    share = (bearers * examples.share + pseudocount * sigmoid(logits)) / (bearers + pseudocount)
    return Examples(examples.names, share, examples.weight)


@dataclass(frozen=True)
class ReverseTeachers:
    """Networks that read names from the end. All examples and names here are reversed already.

    They are as good as networks that read from the beginning, but err on other names: that makes them
    teachers.
    """

    settings: FitSettings
    validation: Examples
    device: torch.device
    checkpoint: Path | None

    def out_of_fold(self, train: Examples) -> Generator[Progress, None, Floats]:
        """Return the logits of each name by the network that learned from the other half."""
        # By letters: other spellings of a name are in its half, or one would tell the other's label.
        half = np.array([fold_of(name, HALVES, TEACHER_SALT) for name in train.names])
        logits = np.zeros(len(train))
        for number in range(HALVES):
            rows = np.flatnonzero(half == number)
            others = train.take(np.flatnonzero(half != number))
            network = yield from self.train_one(others, number, TEACHER_WIDTH, self.settings.teacher_epochs)
            logits[rows] = log_odds(network, [train.names[row] for row in rows], self.device)
        return logits

    def train_one(
        self, train: Examples, number: int, width: int, epochs: int
    ) -> Generator[Progress, None, Network]:
        """Train one network; its checkpoint is saved under its number."""
        settings = replace(
            # patience=0: its epochs are few, and what is asked is their average, not the best of them.
            self.settings,
            cell="gru",
            width=width,
            bidirectional=False,
            epochs=epochs,
            patience=0,
        )
        batches, validation = Batches(train, self.device), Batches(self.validation, self.device)
        trainer = Trainer(settings, batches, validation, self.device, phase="teacher")
        yield from trainer.run(sibling(self.checkpoint, f"teacher{number}"))
        return trainer.ema_model


def reverse_names(examples: Examples) -> Examples:
    """Return the examples with their names read from the end."""
    return replace(examples, names=[name[::-1] for name in examples.names])


def make_targets(settings: FitSettings, train: Examples, teachers: TeacherLogits | None) -> Examples:
    """Return the names to learn with their targets, frequent ones as often as they come in an epoch."""
    targets = train
    if teachers:
        targets = blend_targets(train, teachers.out_of_fold, settings.teacher_pseudocount)
    return targets.oversample(targets.weight >= FREQUENT_WEIGHT, settings.oversample_frequent)


def add_noise(settings: FitSettings, examples: Examples) -> Examples:
    """Return the examples and strings of consonants, on which doubt is right."""
    count = round(settings.noise_ratio * len(examples))
    return examples + make_noise(count, settings.seed, set(examples.names)) if count else examples
