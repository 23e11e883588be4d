"""What a run is given in its folder, read and checked before anything is trained."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import torch

from training.data.corpus import Corpus, combine_corpora, read_base_corpus, read_corpus
from training.data.corrections import Correction, merge_corrections, read_corrections
from training.data.evidence import HALVED, OUTWEIGHED
from training.data.name_lists import read_name_list
from training.evaluation.comparison import Corrected, corrected_of
from training.evaluation.feedback_rescoring import VisitorAnswer, read_feedback
from training.job_folder import CHAMPION, FEEDBACK, JOB, SNAPSHOT, Job
from training.model.inference.routing import is_own
from training.model.saving import Artifact, load
from training.runtime.device import describe_device, resolve_device

Report = Callable[..., None]
"""Takes the entries of one event as keyword arguments."""


@dataclass(frozen=True)
class Inputs:
    """Everything that a run is given, read and checked."""

    job: Job
    device: torch.device
    champion: Artifact
    corrections: list[Correction]
    feedback: list[VisitorAnswer]
    records: Corpus
    """What is known without the corrections."""
    corpus: Corpus
    """The same with the corrections counted in: what the challenger learns from."""
    checkpoint: Path

    @property
    def latin_corpus(self) -> Corpus:
        """What the network itself learns from and is scored on: names in Latin letters, from anywhere."""
        return self.corpus.take(np.array([is_own(name) for name in self.corpus.names], dtype=bool))

    @property
    def corrected_names(self) -> frozenset[str]:
        """The names that visitors corrected."""
        return frozenset(correction.name for correction in self.corrections)


def read_inputs(folder: Path, report: Report) -> Inputs:
    """Return what is given in `folder`; report the device and what the corrections will do."""
    job = Job.read(folder / JOB)
    device = resolve_device(job.device)
    report(phase="reading", device=describe_device(device))
    champion = load((folder / CHAMPION).read_bytes())
    corrections: list[Correction] = _read_optional(folder / SNAPSHOT, read_corrections)
    feedback: list[VisitorAnswer] = _read_optional(folder / FEEDBACK, read_feedback)
    # Both are kept: the comparison needs what was known before visitors said anything.
    records = _read_records(job)
    corpus = merge_corrections(records, corrections) if corrections else records
    inputs = Inputs(job, device, champion, corrections, feedback, records, corpus, folder / "checkpoint.pt")
    report(message=f"{len(corpus):,} names, {len(inputs.corrected_names):,} of them corrected")
    if corrections:
        report(weighed=_count_effects(corrected_of(records, corrections)))
    return inputs


def _count_effects(corrected: list[Corrected]) -> dict[str, int]:
    effects = Counter(row.effect for row in corrected)
    return {"names": len(corrected), HALVED: effects[HALVED], OUTWEIGHED: effects[OUTWEIGHED]}


def _read_optional(path: Path, read: Callable[[Path], list[Any]]) -> list[Any]:
    return read(path) if path.exists() else []


def _read_records(job: Job) -> Corpus:
    corpus = read_corpus(Path(job.corpus)) if job.corpus else read_base_corpus()
    for path in job.files:
        corpus = combine_corpora(corpus, _read_own(Path(path)))
    return corpus


def _read_own(path: Path) -> Corpus:
    # A written corpus is called as its file is, which is what people chose it by.
    is_written = path.suffix == ".db"
    return replace(read_corpus(path), source=path.stem) if is_written else read_name_list(path)
