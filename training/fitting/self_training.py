"""Refining: a network learns, on names that nobody bears, what it and its teachers know together.

The linear teacher and the student, with both its directions, err on different names: the mean of what they
say is better than each. The student learns it on a pool of invented names, beside the real ones, and then,
being better, helps to label a new pool for the next generation: what a network has read often it knows by
heart, and agrees on it without having understood. What is kept is the mean of the generations' weights, which
errs less than each.
"""

from collections.abc import Generator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from training.data.minibatches import Batches, Examples, tiled
from training.fitting.distillation import Opinions, and_gibberish, beside, real_names, sigmoid
from training.fitting.settings import FitSettings
from training.fitting.trainer import Progress, Run, log_odds
from training.model.network import Network
from training.runtime.atomic_write import write_whole

Floats = NDArray[np.float64]

VOICE = 2.0
"""How much what a network says counts for each of its directions, beside the linear teacher's word."""
EVIDENCE_OF_INVENTED = 1.0
"""Weight of an invented name: that of a name that nobody bears."""
SHARED = (0.35, 0.65)
"""Shares of a name that women and men share: no letter tells that, so it must be known by heart."""
PIECE = 100_000
"""Invented names that a network labels between two events."""


def settings_of(settings: FitSettings, generation: int) -> FitSettings:
    """Return the settings of one generation: a single long round, at a lower rate in every one."""
    rate = settings.refining_rate * (2 / 3) ** generation
    return replace(settings, epochs=1, learning_rate=rate, warmup=0.05)


@dataclass(frozen=True)
class Refining:
    """What the generations learn from, and where they are kept."""

    settings: FitSettings
    train: Examples
    validation: Examples
    opinions: Opinions | None
    device: torch.device
    checkpoint: Path | None

    def generations(self, student: Network) -> Generator[Progress, None, list[Run]]:
        """Refine `student`, generation after generation; return its runs. Resumes as `fit` does."""
        runs: list[Run] = []
        for number in range(self.settings.generations):
            lessons = Batches((yield from self._lessons(number, student)), self.device)
            judged, settings = Batches(self.validation, self.device), settings_of(self.settings, number)
            run = Run(settings, lessons, judged, self.device, student, phase="refining")
            yield from run.rounds(beside(self.checkpoint, f"refining{number}"))
            runs.append(run)
            student = run.result()
        return runs

    def _lessons(self, number: int, student: Network) -> Generator[Progress, None, Examples]:
        real = real_names(self.settings, self.train, self.opinions)
        if number + 1 == self.settings.generations:
            real = self._rehearsed(real)
        lessons = tiled(real, self.settings.refining)
        if self.opinions and self.opinions.pools:
            names = self.opinions.pools[number].names
            logits = yield from self._labels(number, student)
            lessons += Examples(names, sigmoid(logits), np.full(len(names), EVIDENCE_OF_INVENTED))
        return and_gibberish(self.settings, lessons)

    def _rehearsed(self, real: Examples) -> Examples:
        low, high = SHARED
        shared = {
            name
            for name, share in zip(self.train.names, self.train.share, strict=True)
            if low <= share <= high
        }
        often = [self.settings.rehearsed if name in shared else 1 for name in real.names]
        return real.pick(np.repeat(np.arange(len(real)), often))

    def _labels(self, number: int, student: Network) -> Generator[Progress, None, Floats]:
        assert self.opinions is not None
        pool, kept = self.opinions.pools[number], beside(self.checkpoint, f"labels{number}")
        if kept and kept.exists():
            return np.frombuffer(kept.read_bytes())
        voice = VOICE * (2 if student.settings.bidirectional else 1)
        logits: Floats = (pool.logits + voice * (yield from self._said(student, pool.names))) / (1 + voice)
        if kept:
            write_whole(kept, logits.tobytes())
        return logits

    def _said(self, network: Network, names: Sequence[str]) -> Generator[Progress, None, Floats]:
        pieces = []
        for start in range(0, len(names), PIECE):
            yield Progress("invented names")
            pieces.append(log_odds(network, names[start : start + PIECE], self.device))
        return np.concatenate(pieces)
