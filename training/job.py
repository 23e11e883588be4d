"""One training run in a folder, as the site's worker starts it: `python -m training job DIR`.

Given in DIR:

    job.json             {"kind": "fine-tune" or "scratch",
                          "name": what the new network is called ("challenger"),
                          "preset": "full", "changes": {settings that differ from the preset's},  (scratch)
                          "device": "auto", "cpu" or "cuda" ("auto"), "seed": 0                   (fine-tune)
                          "corpus": path of the written base corpus (absent: read from the package),
                          "files": [paths of more corpora, written ones (.db) or lists, counted to it],
                          "taught": [normalised names that the champion was taught]}; only kind must be
    champion.safetensors the version that serves
    corrections.jsonl    the snapshot (`data/corrections.py`); may be absent
    feedback.jsonl       old feedback (`evaluation/feedback_rescoring.py`); may be absent

Left in DIR:

    challenger.safetensors  the new network with its card
    comparison.json         champion against challenger and the gate's verdict: docs/comparison.md
    checkpoint.*            while a run from scratch goes on; one that finds them resumes

On standard output, one JSON object a line: the fields of `loop.Progress` that are known, `memory` (bytes in
use), `device` (once, in words), `message` (a line for the log), `weighed` (once: how many "names" are
corrected, and how many of them end "halved" or "outweighed": `data/evidence.py`). A run that fails ends
with {"error": sentence} and status 1. It ends itself when its standard input closes: the worker is gone.
"""

import json
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from pathlib import Path
from typing import Any

from training.data import corpus as corpora
from training.data.corpus import TRAIN, VALIDATION, Corpus
from training.data.corrections import Correction, merge_corrections, read_corrections
from training.data.evidence import HALVED, OUTWEIGHED
from training.data.examples import examples_of
from training.data.minibatches import Examples
from training.data.name_lists import read_file
from training.evaluation.comparison import Corrected, compare, corrected_of
from training.evaluation.feedback_rescoring import Feedback, read_feedback
from training.evaluation.gate import evidence_of, judge
from training.evaluation.model_card import Origin, history_of, make_card
from training.fitting.checkpoints import BadCheckpoint
from training.fitting.finetune import fine_tune
from training.fitting.pipeline import Events, Fitted, clear, fit, resolve
from training.fitting.settings import FitSettings, preset
from training.model.artifact import dump
from training.model.artifact import load as load_artifact
from training.model.predict import Answers
from training.runtime.atomic_write import write_whole
from training.runtime.device import describe, memory

KINDS = ("fine-tune", "scratch")
Say = Callable[..., None]
"""Takes the entries of one event."""


class BadJob(ValueError):
    """The folder describes no run; the message says what is wrong."""


@dataclass(frozen=True)
class Job:
    """What job.json says."""

    kind: str
    name: str = "challenger"
    preset: str = "full"
    changes: Mapping[str, Any] = field(default_factory=dict)
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
            job = cls(**{entry.name: given[entry.name] for entry in fields(cls) if entry.name in given})
        except (ValueError, TypeError) as error:
            raise BadJob(f"{path.name} is not a job: {error}.") from error
        if job.kind not in KINDS:
            raise BadJob(f"The kind of a job is {' or '.join(KINDS)}, not {job.kind!r}.")
        return job


def run(folder: Path, say: Say) -> None:
    """Make the challenger and the comparison that `folder` asks for.

    Raises BadJob, BadSettings, BadArtifact, BadCorpus, BadSnapshot, BadFeedback (all ValueError) and OSError.
    """
    bench = Bench(folder, say)
    fitted = bench.teach()
    say(phase="scoring", memory=memory(bench.device))
    challenger = Answers(fitted.network)
    card = make_card(challenger, bench.corpus, bench.origin(fitted))
    write_whole(folder / "challenger.safetensors", dump(fitted.network, card))
    say(phase="comparing", memory=memory(bench.device))
    told = bench.compare(challenger)
    write_whole(folder / "comparison.json", json.dumps(told, allow_nan=False).encode())
    clear(bench.checkpoint)
    for reason in told["gate"]["reasons"]:
        say(message=("" if reason["passes"] else "Refused: ") + reason["sentence"])
    say(phase="finished", memory=memory(bench.device))


class Bench:
    """A run at work: what it was given, read once."""

    def __init__(self, folder: Path, say: Say) -> None:
        self.folder, self.say, self.checkpoint = folder, say, folder / "checkpoint.pt"
        self.job = Job.read(folder / "job.json")
        self.device = resolve(self.job.device)
        say(phase="reading", device=describe(self.device))
        self.champion = load_artifact((folder / "champion.safetensors").read_bytes())
        self.corrections: list[Correction] = _optional(folder / "corrections.jsonl", read_corrections)
        self.feedback: list[Feedback] = _optional(folder / "feedback.jsonl", read_feedback)
        self.plain = _read_corpus(self.job)
        self.corpus = merge_corrections(self.plain, self.corrections) if self.corrections else self.plain
        self.taught = frozenset(correction.name for correction in self.corrections)
        say(message=f"{len(self.corpus):,} names, {len(self.taught):,} of them corrected")
        if self.corrections:
            say(weighed=_weighed(corrected_of(self.plain, self.corrections)))

    def teach(self) -> Fitted:
        """Return the challenger's network, taught as the job asks."""
        train = self.corpus.only(TRAIN)
        corrected = train.mask(self.taught)
        lessons, replay = examples_of(train.take(corrected)), examples_of(train.take(~corrected))
        if self.job.kind == "scratch":
            return self._from_scratch(lessons, replay)
        if not len(lessons):
            raise BadJob("There are no corrections to learn: accept some first, or train from scratch.")
        return self._follow(fine_tune(self.champion.network, lessons, replay, self.job.seed, self.job.device))

    def _from_scratch(self, lessons: Examples, replay: Examples) -> Fitted:
        settings = preset(self.job.preset, **self.job.changes)
        validation = examples_of(self.corpus.only(VALIDATION))
        fitted = self._resumable(settings, replay + lessons, validation)
        if not len(lessons):
            return fitted
        # A rare name that visitors taught is one among half a million: what was not learned is repeated.
        tuned = self._follow(fine_tune(fitted.network, lessons, replay, settings.seed, self.job.device))
        return replace(fitted, network=tuned.network)

    def _resumable(self, settings: FitSettings, train: Examples, validation: Examples) -> Fitted:
        given = (settings, train, validation, self.job.device, self.checkpoint)
        try:
            return self._follow(fit(*given))
        except BadCheckpoint as error:  # of an older release, say: what cannot be gone on with is done anew
            self.say(message=f"Begins anew. {error}")
            clear(self.checkpoint)
            return self._follow(fit(*given))

    def _follow(self, events: Events) -> Fitted:
        while True:
            try:
                progress = next(events)
            except StopIteration as end:
                return end.value
            self.say(**asdict(progress), memory=memory(self.device))

    def origin(self, fitted: Fitted) -> Origin:
        """Return what the challenger's card tells of how it was made."""
        parent = {"parent": self.champion.card.get("name"), "parent_sha256": self.champion.sha256}
        scratch = {"kind": "scratch"}
        chosen = asdict(preset(self.job.preset, **self.job.changes)) if self.job.kind == "scratch" else {}
        return Origin(
            name=self.job.name,
            corrections=len(self.taught),
            history=history_of(fitted.history),
            training={**chosen, "device": fitted.device},
            lineage=scratch if self.job.kind == "scratch" else {"kind": "fine-tune", **parent},
        )

    def compare(self, challenger: Answers) -> dict[str, Any]:
        """Return the comparison with the champion, the gate's verdict included."""
        told = compare(
            Answers(self.champion.network),
            challenger,
            self.plain,
            self.corrections,
            self.feedback,
            self.job.taught,
        )
        return {**told, "gate": asdict(judge(evidence_of(told)))}


def _weighed(corrected: list[Corrected]) -> dict[str, int]:
    effects = Counter(row.effect for row in corrected)
    return {"names": len(corrected), HALVED: effects[HALVED], OUTWEIGHED: effects[OUTWEIGHED]}


def _optional(path: Path, read: Callable[[Path], list[Any]]) -> list[Any]:
    return read(path) if path.exists() else []


def _read_corpus(job: Job) -> Corpus:
    corpus = corpora.read(Path(job.corpus)) if job.corpus else corpora.base()
    for path in job.files:
        corpus = corpora.combine(corpus, _read_own(Path(path)))
    return corpus


def _read_own(path: Path) -> Corpus:
    # A written corpus is called as its file is, which is what people chose it by.
    return replace(corpora.read(path), source=path.stem) if path.suffix == ".db" else read_file(path)
