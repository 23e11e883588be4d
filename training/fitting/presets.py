"""Presets: the settings that most trainings begin with, and what settings were called before."""

from collections.abc import Iterable, Mapping
from dataclasses import fields, replace
from typing import Any

from training.fitting.settings import BadSettings, FitSettings

OLD_NAMES = {
    "batch": "batch_size",
    "clip": "gradient_clip",
    "smoothing": "label_smoothing",
    "letters": "prefix_loss_weight",
    "ema": "ema_decay",
    "by_heart": "oversample_frequent",
    "rehearsed": "oversample_unisex",
    "trust": "teacher_pseudocount",
    "invented": "synthetic_ratio",
    "gibberish": "noise_ratio",
    "refining": "self_training_repeats",
    "refining_rate": "self_training_learning_rate",
    "generations": "self_training_generations",
}
"""What settings were called in release 1.0.0. Cards, checkpoints, runs and scripts may hold these names."""


def current_name(name: str) -> str:
    """Return what a setting is called today; a name that was never used is returned as it is."""
    return OLD_NAMES.get(name, name)


def current_names(settings: Mapping[str, Any] | Iterable[tuple[str, Any]]) -> dict[str, Any]:
    """Return settings that may have been stored by an older release under today's names."""
    return {current_name(name): value for name, value in dict(settings).items()}


_FULL = FitSettings(
    "full",
    width=384,
    readout=256,
    bidirectional=True,
    epochs=6,
    learning_rate=6e-3,
    oversample_frequent=6,
    noise_ratio=0.01,
    synthetic_ratio=3.0,
    self_training_repeats=3,
    self_training_learning_rate=3e-3,
    self_training_generations=2,
    oversample_unisex=3,
    teacher="ensemble",
    teacher_epochs=4,
)
PRESETS = {
    "tiny": FitSettings("tiny", width=8, epochs=2, batch_size=64),
    "cpu": replace(
        _FULL,
        preset="cpu",
        epochs=5,
        synthetic_ratio=1.5,
        self_training_generations=1,
        oversample_unisex=1,
    ),
    "full": _FULL,
    "gpu": replace(
        _FULL,
        preset="gpu",
        batch_size=2048,
        learning_rate=1.2e-2,
        self_training_learning_rate=6e-3,
        cuda_graphs=True,
    ),
}


def preset(name: str, **changes: Any) -> FitSettings:
    """Return the settings of a preset with some of them changed, by old names or new; raises BadSettings.

    The course's neuron has neither readout nor second direction: a preset's are left out for it, but whoever
    asks for them is told that they cannot be had.
    """
    if name not in PRESETS:
        raise BadSettings(f"The preset must be one of {', '.join(PRESETS)}, not {name!r}.")
    changes = current_names(changes)
    if unknown := sorted(set(changes) - {entry.name for entry in fields(FitSettings)}):
        raise BadSettings(f"There is no setting {unknown[0]!r}.")
    if changes.get("cell") == "elman":
        changes = {"readout": 0, "bidirectional": False} | changes
    return replace(PRESETS[name], **changes).validated()
