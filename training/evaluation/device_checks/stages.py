"""Every stage of a training in small, each on a device of choice: what fails here fails in earnest, too."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch

from training.data.corpus import Corpus, from_counts
from training.data.minibatches import Examples, examples_of
from training.evaluation.experiments import compare_cells, overfit
from training.fitting.checkpoints import sibling
from training.fitting.finetune import fine_tune
from training.fitting.pipeline import Fitted, fit, run_to_end
from training.fitting.presets import preset
from training.fitting.settings import FitSettings
from training.fitting.teachers.distillation import ask_teachers
from training.model.network import Network
from training.model.predict import log_odds
from training.model.settings import CELLS

Stage = Callable[[torch.device, Path], object]
"""Does its work on a device; what it keeps is in the folder."""
_ONSETS, _VOWELS = "bdgklmnt", "aei"
WHOLE = preset(
    "tiny",
    width=16,
    batch_size=128,
    readout=8,
    bidirectional=True,
    dropout=0.1,
    epochs=1,
    teacher="ensemble",
    teacher_epochs=1,
    self_training_repeats=1,
    self_training_generations=2,
    synthetic_ratio=0.5,
    noise_ratio=0.05,
)
"""Settings that take every stage."""


def small_corpus() -> Corpus:
    """Return 300 names of two lengths; those that end in a are women's, in o men's."""
    stems = [f"{one}{vowel}{two}" for one in _ONSETS for vowel in _VOWELS for two in "lmnrs"]
    long = [f"{stem}e{stem}in" for stem in stems[::4]]
    names = {f"{stem}{end}": (9.0 * (end == "a"), 9) for stem in (*stems, *long) for end in "ao"}
    return from_counts(names, "names of a check", famous=9)


def small_examples(part: int) -> Examples:
    """Return the names of one part of `small_corpus`."""
    return examples_of(small_corpus().only(part))


def fit_whole(
    device: torch.device, folder: Path, settings: FitSettings = WHOLE, checkpoint: str = "run.pt"
) -> Fitted:
    """Teach a network through every stage of a training from scratch."""
    train, validation = small_examples(0), small_examples(1)
    return run_to_end(fit(settings, train, validation, device, folder / checkpoint))


def fit_plainly(device: torch.device, folder: Path) -> Fitted:
    """Teach a network that reads one way, with early stopping, a moving average and a start."""
    settings = replace(
        WHOLE, bidirectional=False, teacher="none", synthetic_ratio=0.0, self_training_repeats=0
    )
    settings = replace(settings, patience=1, ema_decay=0.9)
    return run_to_end(
        fit(settings, small_examples(0), small_examples(1), device, None, Network(settings.network()))
    )


def resume(device: torch.device, folder: Path) -> Fitted:
    """Go on from what `fit_whole` left, as far as it was before its last generation of self-training."""
    fit_whole(device, folder)
    last = sibling(folder / "run.pt", "self_training1")
    assert last is not None
    last.unlink()
    return fit_whole(device, folder)


def ask_all_teachers(device: torch.device, folder: Path) -> object:
    """Fit the linear teacher, and each half's network, which judges the other half."""
    return run_to_end(ask_teachers(WHOLE, small_examples(0), small_examples(1), device))


def label(device: torch.device, folder: Path) -> object:
    """Ask a network of both directions for what it makes of many names."""
    return log_odds(Network(WHOLE.network()), small_corpus().names, device)


def tune(device: torch.device, folder: Path) -> Fitted:
    """Teach a network some corrections."""
    examples = small_examples(0)
    corrections, others = examples.take(np.arange(9)), examples.take(np.arange(9, len(examples)))
    return run_to_end(fine_tune(Network(WHOLE.network()), corrections, others, 0, device, epochs=1, steps=5))


def compare(device: torch.device, folder: Path) -> object:
    """Teach every cell with the same settings."""
    settings = {cell: preset("tiny", cell=cell, epochs=1) for cell in CELLS}
    return list(compare_cells(settings, small_corpus(), device, run_to_end))


def curves(device: torch.device, folder: Path) -> object:
    """Over-fit a network with and without each remedy."""
    return list(overfit(preset("tiny", epochs=1), small_corpus(), 50, device, run_to_end))


STAGES: dict[str, Stage] = {
    "fit, all stages": fit_whole,
    "fit, one direction": fit_plainly,
    "resume": resume,
    "teachers and halves": ask_all_teachers,
    "labelling": label,
    "fine-tune": tune,
    "compare": compare,
    "curves": curves,
}
