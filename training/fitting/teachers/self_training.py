"""Self-training: a network learns, on synthetic names, what it and its linear teacher know together.

The linear teacher and the student err on different names, so the mean of their logits is better than each.
The student learns this mean as pseudo-labels on a pool of synthetic names, beside the real ones. It is better
then, and helps to label a new pool for the next generation. The pool must be new: on names that it has read
often, a network agrees with the labels without having understood them. What is returned is the mean of the
generations' weights, which errs less than each.
"""

import io
from collections.abc import Generator, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from training.data.minibatches import Batches, Examples
from training.fitting.checkpoints import BadCheckpoint, fingerprint_of_weights, sibling
from training.fitting.progress import Progress
from training.fitting.settings import FitSettings
from training.fitting.teachers.distillation import (
    SyntheticPool,
    TeacherLogits,
    add_noise,
    make_targets,
    sigmoid,
)
from training.fitting.trainer import Trainer
from training.model.network import Network
from training.model.predict import log_odds
from training.runtime.atomic_write import write_whole

Floats = NDArray[np.float64]

STUDENT_WEIGHT = 2.0
"""Weight of each direction of the student in a pseudo-label; the linear teacher's is 1."""
SYNTHETIC_WEIGHT = 1.0
"""Weight of a synthetic name: that of a name without bearers."""
UNISEX_SHARES = (0.35, 0.65)
"""Names with such a share are oversampled in the last generation: they must be remembered one by one."""
RATE_DECAY = 2 / 3
"""From one generation's learning rate to the next one's."""
WARMUP = 0.05
LABELLED_AT_ONCE = 100_000
"""Synthetic names that the student labels between two events."""


def generation_settings(settings: FitSettings, generation: int) -> FitSettings:
    """Return the settings of one generation: one long epoch, with a lower learning rate in every one."""
    rate = settings.self_training_learning_rate * RATE_DECAY**generation
    return replace(settings, epochs=1, learning_rate=rate, warmup=WARMUP)


@dataclass(frozen=True)
class SelfTraining:
    """What the generations learn from, and where their checkpoints are."""

    settings: FitSettings
    train: Examples
    validation: Examples
    teachers: TeacherLogits | None
    device: torch.device
    checkpoint: Path | None

    def run(self, student: Network) -> Generator[Progress, None, list[Trainer]]:
        """Train `student` generation after generation; return their trainers. Resumes as `fit` does."""
        trainers: list[Trainer] = []
        for number in range(self.settings.self_training_generations):
            examples = yield from self._examples(number, student)
            settings = generation_settings(self.settings, number)
            train, validation = Batches(examples, self.device), Batches(self.validation, self.device)
            trainer = Trainer(settings, train, validation, self.device, student, phase="self-training")
            yield from trainer.run(sibling(self.checkpoint, f"self_training{number}"))
            trainers.append(trainer)
            student = trainer.result()
        return trainers

    def _examples(self, number: int, student: Network) -> Generator[Progress, None, Examples]:
        real = make_targets(self.settings, self.train, self.teachers)
        # Only in the last one: what is remembered name by name fades in the generations after it.
        if number + 1 == self.settings.self_training_generations:
            real = self._oversample_unisex(real)
        examples = real.repeat(self.settings.self_training_repeats)
        if self.teachers and self.teachers.pools:
            names = self.teachers.pools[number].names
            logits = yield from self._pseudo_labels(number, student)
            examples += Examples(names, sigmoid(logits), np.full(len(names), SYNTHETIC_WEIGHT))
        return add_noise(self.settings, examples)

    def _oversample_unisex(self, real: Examples) -> Examples:
        # By the corpus's share, not by the target, which the teachers have moved.
        low, high = UNISEX_SHARES
        shares = zip(self.train.names, self.train.share, strict=True)
        unisex = {name for name, share in shares if low <= share <= high}
        rows = np.array([name in unisex for name in real.names], dtype=bool)
        return real.oversample(rows, self.settings.oversample_unisex)

    def _pseudo_labels(self, number: int, student: Network) -> Generator[Progress, None, Floats]:
        """Return log P(female) / P(male) of each synthetic name: the weighted mean of teacher and student."""
        assert self.teachers is not None
        pool, saved = self.teachers.pools[number], sibling(self.checkpoint, f"pseudo_labels{number}")
        of = _fingerprint_of(self.teachers, pool, student)
        if saved and saved.exists():
            return _read_labels(saved, of)
        # Its guess is a mean of two networks, each of which counts as STUDENT_WEIGHT.
        weight = STUDENT_WEIGHT * (2 if student.settings.bidirectional else 1)
        student_logits = yield from self._student_logits(student, pool.names)
        logits: Floats = (pool.logits + weight * student_logits) / (1 + weight)
        if saved:
            _write_labels(saved, logits, of)
        return logits

    def _student_logits(self, student: Network, names: Sequence[str]) -> Generator[Progress, None, Floats]:
        pieces = []
        for start in range(0, len(names), LABELLED_AT_ONCE):
            # An event now and then: who watches sees that it lives, and a cancelled run ends soon.
            yield Progress("synthetic names")
            pieces.append(log_odds(student, names[start : start + LABELLED_AT_ONCE], self.device))
        return np.concatenate(pieces)


def _fingerprint_of(teachers: TeacherLogits, pool: SyntheticPool, student: Network) -> str:
    """Return the SHA-256, in hexadecimal, of all that pseudo-labels hang on."""
    known = (teachers.fingerprint, fingerprint_of_weights(student))
    digest = sha256("\n".join((*known, *pool.names)).encode())
    digest.update(pool.logits.astype("<f8").tobytes())
    return digest.hexdigest()


def _write_labels(path: Path, logits: Floats, of: str) -> None:
    file = io.BytesIO()
    np.savez(file, logits=logits, of=np.array(of))
    write_whole(path, file.getvalue())


def _read_labels(path: Path, of: str) -> Floats:
    """Return what `_write_labels` wrote; raises BadCheckpoint if it is of other names or another student.

    Release 1.0.0 wrote the labels alone.
    """
    data = path.read_bytes()
    if not data.startswith(b"PK"):
        return np.frombuffer(data)
    with np.load(io.BytesIO(data), allow_pickle=False) as file:
        if str(file["of"]) != of:
            raise BadCheckpoint(f"{path.name} holds labels of other names: remove it first.")
        logits: Floats = file["logits"]
    return logits
