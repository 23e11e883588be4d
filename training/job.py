"""One training run in a folder, as the site's worker starts it: `python -m training job DIR`.

What lies in DIR is told in `job_folder.py`.

On standard output, one JSON object a line:

    the fields of `progress.Progress` that are known
    memory               bytes in use
    device               in words; once
    message              a line for the log
    weighed              {"names": n, "halved": n, "outweighed": n}, once: how many names are corrected, and
                         what becomes of those that are not learned (`data/evidence.py`)
    error                why the run failed, in a sentence; the last line, with status 1

It ends itself when its standard input closes: the worker is gone.
"""

import json
from collections.abc import Generator
from dataclasses import asdict, replace
from pathlib import Path
from typing import TypeVar

from training.data.corpus import (
    TRAIN,
    VALIDATION,
)
from training.data.minibatches import Examples, examples_of
from training.evaluation.card_types import Lineage, ModelCard
from training.evaluation.comparison import compare
from training.evaluation.comparison_types import Comparison
from training.evaluation.gate import judge
from training.evaluation.model_card import Provenance, history_of, make_card
from training.fitting.checkpoints import BadCheckpoint
from training.fitting.finetune import fine_tune
from training.fitting.pipeline import Fitted, clear_checkpoint, fit, run_to_end
from training.fitting.presets import preset
from training.fitting.progress import Progress
from training.fitting.readers.both import teach_both
from training.fitting.readers.corrections import split, teach_corrections
from training.fitting.readers.sample import Sample, kept_sample, read_all
from training.fitting.settings import FitSettings
from training.job_folder import (
    CHALLENGER,
    COMPARE,
    COMPARISON,
    FINE_TUNE,
    LESSONS,
    SCRATCH,
    BadJob,
    Job,
)
from training.job_inputs import Inputs, Report, read_inputs
from training.model.network import Network
from training.model.predict import Answers
from training.model.readers.contents import Readers
from training.model.saving import dump, load, to_serve
from training.runtime.atomic_write import write_whole
from training.runtime.device import peak_memory

Outcome = TypeVar("Outcome")


def run(folder: Path, report: Report) -> None:
    """Make the challenger and the comparison that `folder` asks for.

    Raises BadJob, BadSettings, BadArtifact, BadCorpus, BadSnapshot, BadFeedback (all ValueError) and OSError.
    """
    inputs = read_inputs(folder, report)
    if inputs.job.kind == COMPARE:
        compare_only(folder, inputs, report)
        return
    fitted = train_challenger(inputs, report)
    sample = read_sample(inputs, report)
    readers = teach_readers(inputs, fitted.network, sample, report)
    challenger = Answers(fitted.network, readers)

    report(phase="scoring", memory=peak_memory(inputs.device))
    held_out = sample.held_out if sample else {}
    card = make_card(challenger, inputs.latin_corpus, provenance_of(inputs, fitted), held_out)
    write_whole(folder / CHALLENGER, dump(fitted.network, card.to_json(), readers))

    report(phase="comparing", memory=peak_memory(inputs.device))
    comparison = compare_with_champion(inputs, challenger, sample)
    verdict = judge(comparison.evidence)
    judged = replace(comparison, gate=verdict).to_json()
    write_whole(folder / COMPARISON, json.dumps(judged, allow_nan=False).encode())
    # Only now: a run that is killed while it scores goes on from here, too.
    clear_checkpoint(inputs.checkpoint)

    for reason in verdict.reasons:
        report(message=("" if reason.passes else "Refused: ") + reason.sentence)
    report(phase="finished", memory=peak_memory(inputs.device))


def compare_only(folder: Path, inputs: Inputs, report: Report) -> None:
    """Make the comparison of two networks that are given."""
    given = load((folder / CHALLENGER).read_bytes())
    challenger = Answers(given.network, given.readers)
    report(phase="comparing", memory=peak_memory(inputs.device))
    sample = read_sample(inputs, report) if given.readers or inputs.champion.readers else None
    comparison = compare_with_champion(inputs, challenger, sample)
    write_whole(folder / COMPARISON, json.dumps(comparison.to_json(), allow_nan=False).encode())
    report(phase="finished", memory=peak_memory(inputs.device))


def train_challenger(inputs: Inputs, report: Report) -> Fitted:
    """Return the challenger's network, taught as the job asks."""
    # Corrected names are in the training part by now, whatever part they were in.
    train = inputs.corpus.only(TRAIN)
    # (names,) bool
    corrected = train.mask(inputs.corrected_names)
    taught, others = examples_of(train.take(corrected)), examples_of(train.take(~corrected))
    corrections = split(taught).latin
    if inputs.job.kind == SCRATCH:
        return _train_from_scratch(inputs, corrections, others, report)
    if not len(taught):
        raise BadJob("There are no corrections to learn: accept some first, or train from scratch.")
    if not len(corrections):
        # All of them are in other scripts or of countries: the network itself has nothing to learn.
        return Fitted(inputs.champion.network, [], 0, str(inputs.device))
    return _fine_tune(inputs, inputs.champion.network, corrections, others, inputs.job.seed, report)


def read_sample(inputs: Inputs, report: Report) -> Sample | None:
    """Return the lessons that readers are scored and corrected by; None where there are no readers.

    They are kept beside the corpus: the first run that needs them reads the lists.
    """
    if not inputs.champion.readers and not inputs.job.readers:
        return None
    report(phase="reading")
    corpus = inputs.job.corpus
    return kept_sample(Path(corpus).with_name(LESSONS) if corpus else None)


def teach_readers(inputs: Inputs, network: Network, sample: Sample | None, report: Report) -> Readers:
    """Return the champion's readers, or new ones, with the corrections in other scripts and of countries."""
    train = inputs.corpus.only(TRAIN)
    taught = examples_of(train.take(train.mask(inputs.corrected_names)))
    readers = inputs.champion.readers
    if inputs.job.kind == SCRATCH and inputs.job.readers:
        readers = _follow(inputs, teach_both(read_all(), to_serve(network), str(inputs.device)), report)
    replay = sample.replay if sample else {}
    by_kind = split(taught).by_kind
    events = teach_corrections(readers, to_serve(network), by_kind, replay, inputs.job.seed)
    return _follow(inputs, events, report)


def _train_from_scratch(inputs: Inputs, corrections: Examples, others: Examples, report: Report) -> Fitted:
    settings = _settings(inputs.job)
    validation = examples_of(inputs.latin_corpus.only(VALIDATION))
    fitted = _fit_resumable(inputs, settings, others + corrections, validation, report)
    if not len(corrections):
        return fitted
    # A rare name that visitors taught is one among half a million: what was not learned is repeated.
    tuned = _fine_tune(
        inputs, fitted.network, corrections, others, settings.seed, report, settings.deterministic
    )
    return replace(fitted, network=tuned.network)


def _fit_resumable(
    inputs: Inputs, settings: FitSettings, train: Examples, validation: Examples, report: Report
) -> Fitted:
    def attempt() -> Fitted:
        events = fit(settings, train, validation, inputs.job.device, inputs.checkpoint)
        return _follow(inputs, events, report)

    try:
        return attempt()
    except BadCheckpoint as error:
        report(message=f"Begins anew. {error}")
        clear_checkpoint(inputs.checkpoint)
        return attempt()


def _fine_tune(
    inputs: Inputs,
    network: Network,
    corrections: Examples,
    others: Examples,
    seed: int,
    report: Report,
    is_deterministic: bool = False,
) -> Fitted:
    device = inputs.job.device
    # Before its first round is done, which may take a while.
    report(phase="fine-tuning", memory=peak_memory(inputs.device))
    events = fine_tune(network, corrections, others, seed, device, is_deterministic=is_deterministic)
    return _follow(inputs, events, report)


def _follow(inputs: Inputs, events: Generator[Progress, None, Outcome], report: Report) -> Outcome:
    def report_progress(progress: Progress) -> None:
        report(**asdict(progress), memory=peak_memory(inputs.device))

    return run_to_end(events, report_progress)


def _settings(job: Job) -> FitSettings:
    return preset(job.preset, **job.changes)


def provenance_of(inputs: Inputs, fitted: Fitted) -> Provenance:
    """Return what the challenger's card says about how it was made."""
    job = inputs.job
    settings = asdict(_settings(job)) if job.kind == SCRATCH else {}
    return Provenance(
        name=job.name,
        corrections=len(inputs.corrected_names),
        history=history_of(fitted.history),
        training={**settings, "device": fitted.device},
        lineage=_lineage(inputs),
    )


def _lineage(inputs: Inputs) -> Lineage:
    if inputs.job.kind == SCRATCH:
        return Lineage(SCRATCH)
    parent = ModelCard.readable(inputs.champion.card)
    return Lineage(FINE_TUNE, parent.name or None, inputs.champion.sha256)


def compare_with_champion(inputs: Inputs, challenger: Answers, sample: Sample | None = None) -> Comparison:
    """Return the comparison with the champion."""
    return compare(
        Answers(inputs.champion.network, inputs.champion.readers),
        challenger,
        inputs.records,
        inputs.corrections,
        inputs.feedback,
        inputs.job.taught,
        sample.held_out if sample else None,
    )
