"""Checkpoints: a training's whole state in one file, whole or not at all, so that a killed one can go on."""

import io
import pickle  # nosec B403 # for the name of an error; what is read is read with weights_only
import struct
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from training.fitting.settings import current_names
from training.runtime.atomic_write import write_whole

_UNREADABLE = (
    *(RuntimeError, pickle.UnpicklingError, struct.error, EOFError),
    *(LookupError, TypeError, AttributeError, ValueError, AssertionError),
)
"""What torch raises, depending on where in a damaged file it gives up."""
_OLD_ENDINGS = {"opinions.npz": "teachers.npz", "refining": "self_training", "labels": "pseudo_labels"}
"""What release 1.0.0 called the files beside a checkpoint; a number may follow."""


class BadCheckpoint(ValueError):
    """A file is no state that this training could go on from; the message says why."""


def write_checkpoint(path: Path, state: Mapping[str, Any], identity: Mapping[str, Any]) -> None:
    """Save `state` and `identity` (tensors, plain values, nests of both) and the random state at `path`.

    Raises OSError.
    """
    file = io.BytesIO()
    # Into memory first: `write_whole` puts the file there in one stroke.
    torch.save({**state, **identity, "random": _random_state()}, file)
    write_whole(path, file.getvalue())


def read_checkpoint(path: Path, device: torch.device, identity: Mapping[str, Any]) -> dict[str, Any]:
    """Return the state at `path` with its tensors on `device`, and set the random state to what it was.

    What `identity` holds must be equal in the file. Raises BadCheckpoint and OSError.
    """
    try:
        # weights_only: tensors and plain values, no code, whoever wrote the file.
        state = _upgraded(torch.load(path, map_location=device, weights_only=True))
        differs = [name for name, value in identity.items() if state.pop(name) != value]
        # Not before it is known to be ours: random numbers of another training would change this one.
        if not differs:
            _set_random_state(state.pop("random"))
    except _UNREADABLE as error:
        raise BadCheckpoint(f"The checkpoint {path.name} is damaged: remove it to begin anew.") from error
    if differs:
        raise BadCheckpoint(f"The checkpoint {path.name} is of other {differs[0]}: remove it first.")
    return state


def sibling(checkpoint: Path | None, ending: str) -> Path | None:
    """Return the path of what is saved beside `checkpoint`, if there is one."""
    return None if checkpoint is None else checkpoint.with_suffix(f".{ending}")


def rename_old_siblings(checkpoint: Path | None) -> None:
    """Give files that release 1.0.0 left beside `checkpoint` today's names."""
    if checkpoint is None:
        return
    for old, new in _OLD_ENDINGS.items():
        for path in checkpoint.parent.glob(f"{checkpoint.stem}.{old}*"):
            path.rename(path.with_name(path.name.replace(f".{old}", f".{new}", 1)))


def _upgraded(state: dict[str, Any]) -> dict[str, Any]:
    # Release 1.0.0 had one flat state.
    if "kept" not in state:
        return state
    settings = current_names(state["settings"])
    return {
        **{name: state[name] for name in ("network", "optimizer", "history", "names", "random")},
        "ema_model": state["kept"],
        "settings": settings,
        "position": {
            **{name: state[name] for name in ("loss", "epoch", "batches")},
            "names": state["seen"],
            "seconds": state["spent"],
            "step": state["steps"],
        },
        "early_stopping": {
            **{name: state[name] for name in ("best_epoch", "stopped")},
            "best_weights": state["best"],
            "patience": settings["patience"],
        },
    }


def _random_state() -> list[Tensor]:
    # Dropout goes on where it stood: on the CPU, and on the GPU if one is in use.
    return [torch.get_rng_state(), *([torch.cuda.get_rng_state()] if torch.cuda.is_initialized() else [])]


def _set_random_state(random: list[Tensor]) -> None:
    torch.set_rng_state(random[0].cpu())
    if random[1:] and torch.cuda.is_available():
        torch.cuda.set_rng_state(random[1].cpu())
