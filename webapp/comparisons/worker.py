"""What the worker does with a comparison: both networks answer in a trainer's process."""

import json
from collections.abc import Sequence
from pathlib import Path

from flask import current_app

from training.evaluation.comparison_types import Comparison
from training.evaluation.parts.pairs import BadComparison
from webapp.comparisons import service as comparisons
from webapp.runs.beside.job import Jobs
from webapp.runs.worker import run_folder
from webapp.runs.worker.progress import Event
from webapp.runs.worker.trainer_process import COMMAND
from webapp.storage import atomic_file
from webapp.versions import service as versions

KIND = "compare"


class VersionsCompared:
    """A comparison, name by name."""

    name, folder, longest = "comparison", "comparisons", 3600
    life = comparisons.LIFE

    def __init__(self) -> None:
        self._phase = "starting"

    def command(self) -> Sequence[str]:
        """Return the trainer's command."""
        command: Sequence[str] = current_app.config.get("TRAINER", COMMAND)
        return command

    def claim(self, row_id: int) -> bool:
        """Take one that waits."""
        return comparisons.claim(row_id)

    def prepare(self, row_id: int, folder: Path) -> None:
        """Write both networks, what was corrected and answered, and what to do with them."""
        comparison = comparisons.find(row_id)
        both = {run_folder.CHAMPION: comparison.old_id, run_folder.CHALLENGER: comparison.new_id}
        for file, version_id in both.items():
            atomic_file.write(folder / file, versions.data(version_id))
        run_folder.write_corrections(folder)
        run_folder.write_answers(folder)
        taught = {name for version_id in both.values() for name in versions.taught_names(version_id)}
        job = {"kind": KIND, "taught": sorted(taught), "device": "cpu"} | run_folder.corpus_entry()
        atomic_file.write(folder / run_folder.JOB, json.dumps(job, indent=1).encode())

    def note(self, event: Event) -> None:
        """Take in which phase the trainer is in."""
        self._phase = event.phase or self._phase

    def beat(self, row_id: int) -> bool:
        """Write the phase; say whether the comparison is still wanted."""
        return self.life.beat(row_id, phase=self._phase)

    def found(self, folder: Path) -> Comparison | None:
        """Return the comparison that the trainer wrote; raise BadComparison."""
        path = folder / run_folder.COMPARISON
        return Comparison.from_json(json.loads(path.read_text())) if path.exists() else None

    def finish(self, row_id: int, found: Comparison) -> bool:
        """Keep the comparison."""
        return comparisons.finish(row_id, found)


JOBS = Jobs(VersionsCompared, expected=(BadComparison,))
