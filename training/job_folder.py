"""The folder of one training run: what the site puts there, and what the trainer leaves.

Given in DIR:

    job.json             {"kind": "fine-tune", "scratch" or "compare",
                          "name": what the new network is called ("challenger"),
                          "preset": "full", "changes": {settings that differ from the preset's},  (scratch)
                          "readers": whether those of scripts and countries are taught anew (false; scratch)
                          "device": "auto", "cpu" or "cuda" ("auto"), "seed": 0                   (fine-tune)
                          "corpus": path of the written base corpus (absent: read from the package),
                          "files": [paths of more corpora, written ones (.db) or lists, counted to it],
                          "taught": [normalised names that the champion was taught]}; only kind must be
    champion.safetensors the version that serves, or the one that another is compared with
    challenger.safetensors  (compare) that other one: nothing is trained, and no gate judges it
    corrections.jsonl    the snapshot (`data/corrections.py`); may be absent
    feedback.jsonl       old feedback (`evaluation/feedback_rescoring.py`); may be absent

Left in DIR:

    challenger.safetensors  the new network with its card
    comparison.json         champion against challenger and the gate's verdict: docs/comparison.md
    checkpoint.*            while a run from scratch goes on; one that finds them resumes
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

# The site writes and reads the same words (RunKind, runs.worker.run_folder); a test compares them.
KINDS = FINE_TUNE, SCRATCH = ("fine-tune", "scratch")
COMPARE = "compare"
"""Two versions that are there already, name by name."""
JOB, CHAMPION, SNAPSHOT, FEEDBACK = (
    "job.json",
    "champion.safetensors",
    "corrections.jsonl",
    "feedback.jsonl",
)
CHALLENGER, COMPARISON = "challenger.safetensors", "comparison.json"
LESSONS = "lessons.json.gz"
"""Beside the corpus, not in DIR: what runs need of the lists that readers learn from."""


class BadJob(ValueError):
    """The folder describes no run; the message says what is wrong."""


@dataclass(frozen=True)
class Job:
    """What job.json says."""

    kind: str
    name: str = "challenger"
    preset: str = "full"
    changes: Mapping[str, Any] = field(default_factory=dict)
    readers: bool = False
    device: str = "auto"
    seed: int = 0
    corpus: str | None = None
    files: tuple[str, ...] = ()
    taught: tuple[str, ...] = ()

    @classmethod
    def read(cls, path: Path) -> "Job":
        """Return the job in a file, other entries left aside; raises BadJob and OSError."""
        try:
            given = json.loads(path.read_text(encoding="utf-8"))
            # What this release does not know is left aside: the site may be a release ahead.
            job = cls(**{entry.name: given[entry.name] for entry in fields(cls) if entry.name in given})
        except (ValueError, TypeError) as error:
            raise BadJob(f"{path.name} is not a job: {error}.") from error
        if job.kind not in (*KINDS, COMPARE):
            raise BadJob(f"The kind of a job is {', '.join(KINDS)} or {COMPARE}, not {job.kind!r}.")
        return job
