"""What the worker does with a live training: four small networks learn in a trainer's process."""

import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from flask import current_app

from webapp.live_training import dials
from webapp.live_training import service as live
from webapp.live_training.curves import Round
from webapp.records import lookup
from webapp.runs.beside.job import Jobs
from webapp.runs.worker.progress import Event
from webapp.storage import atomic_file

COMMAND = (sys.executable, "-m", "training", "live")
FILE = "live.json"
TRAIN, VALIDATION, PEOPLE = 2_000, 1_000, 100
"""Names to learn from and to judge by, and how many bear each at least: it is to be done in seconds."""


class LearningWatched:
    """A live training, round by round."""

    name, folder, longest = "live training", "live_trainings", 300
    life = live.LIFE

    def __init__(self) -> None:
        self._rounds: list[Round] = []

    def command(self) -> Sequence[str]:
        """Return the trainer's command."""
        command: Sequence[str] = current_app.config.get("LIVE_TRAINER", COMMAND)
        return command

    def claim(self, row_id: int) -> bool:
        """Take one that waits."""
        return live.claim(row_id)

    def prepare(self, row_id: int, folder: Path) -> None:
        """Write the settings and the names."""
        given = {
            "settings": dials.of_address(live.by_id(row_id).settings).settings,
            "train": _names("train", TRAIN),
            "validation": _names("validation", VALIDATION),
        }
        atomic_file.write(folder / FILE, json.dumps(given).encode())

    def note(self, event: Event) -> None:
        """Take in a round that a network has done."""
        self._rounds.extend(_rounds(event))

    def beat(self, row_id: int) -> bool:
        """Write the rounds; say whether the training is still wanted."""
        return live.beat(row_id, self._rounds)

    def found(self, folder: Path) -> list[Round] | None:
        """Return all rounds."""
        return self._rounds or None

    def finish(self, row_id: int, found: list[Round]) -> bool:
        """Keep what was learned."""
        return live.finish(row_id, found)


JOBS = Jobs(LearningWatched)


def _names(part: str, n: int) -> list[dict[str, object]]:
    return [{"name": name, "share": share} for name, share in lookup.sample(part, PEOPLE, n)]


def _rounds(event: Event) -> Iterator[Round]:
    losses = event.train_loss, event.validation_loss, event.validation_accuracy
    if event.phase and event.epoch and None not in losses:
        train, validation, accuracy = (float(loss or 0.0) for loss in losses)
        yield Round(event.phase, event.epoch, train, validation, accuracy)
