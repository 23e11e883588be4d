"""Checkpoints: a training's whole state in one file, whole or not at all, so that a killed one can go on."""

import io
import pickle
import struct
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from training.runtime.atomic_write import write_whole

_UNREADABLE = (
    *(RuntimeError, pickle.UnpicklingError, struct.error, EOFError),
    *(LookupError, TypeError, AttributeError, ValueError, AssertionError),
)
"""What torch raises, depending on where in a damaged file it gives up."""


class BadCheckpoint(ValueError):
    """A file is no state that this training could go on from; the message says why."""


def write(path: Path, state: Mapping[str, Any]) -> None:
    """Keep `state` (tensors, plain values, nests of both) at `path`; raises OSError."""
    file = io.BytesIO()
    torch.save({**state, "random": _random()}, file)
    write_whole(path, file.getvalue())


def read(path: Path, device: torch.device, **same: Any) -> dict[str, Any]:
    """Return the state at `path` with its tensors on `device`, and turn the random numbers back to it.

    Its entries in `same` must be as given. Raises BadCheckpoint and OSError.
    """
    try:
        state = torch.load(path, map_location=device, weights_only=True)
        differs = [name for name, value in same.items() if state.pop(name) != value]
        if not differs:
            _go_on_with(state.pop("random"))
    except _UNREADABLE as error:
        raise BadCheckpoint(f"The checkpoint {path.name} is damaged: remove it to begin anew.") from error
    if differs:
        raise BadCheckpoint(f"The checkpoint {path.name} is of other {differs[0]}: remove it first.")
    return state


def _random() -> list[Tensor]:
    # Dropout goes on where it stood: on the CPU, and on the GPU if one is in use.
    return [torch.get_rng_state(), *([torch.cuda.get_rng_state()] if torch.cuda.is_initialized() else [])]


def _go_on_with(random: list[Tensor]) -> None:
    torch.set_rng_state(random[0].cpu())
    if random[1:] and torch.cuda.is_available():
        torch.cuda.set_rng_state(random[1].cpu())
