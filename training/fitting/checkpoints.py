"""Checkpoints: a training's whole state in one file, whole or not at all, so that a killed one can go on.

Beside the state stands what it is of: the settings, hashes of all names, shares and weights that are learned
and validated on, and of the weights it began with. A checkpoint of anything else is refused.
"""

import io
import pickle  # nosec B403 # for the name of an error; what is read is read with weights_only
import struct
from collections.abc import Mapping
from dataclasses import asdict
from hashlib import sha256
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from training.fitting.presets import current_names
from training.fitting.settings import FitSettings
from training.model.network import Network
from training.runtime.atomic_write import write_whole

_UNREADABLE = (
    *(RuntimeError, pickle.UnpicklingError, struct.error, EOFError),
    *(LookupError, TypeError, AttributeError, ValueError, AssertionError),
)
"""What torch raises, depending on where in a damaged file it gives up."""
_OLD_ENDINGS = {"opinions.npz": "teachers.npz", "refining": "self_training", "labels": "pseudo_labels"}
"""What release 1.0.0 called the files beside a checkpoint; a number may follow."""
_NOT_NOTED = ("data", "start")
"""What release 1.0.0 did not write beside a checkpoint."""
RELEASE_1_0 = "The checkpoint is by release 1.0.0, which noted of its data only how many names there were."


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


def read_checkpoint(path: Path, identity: Mapping[str, Any]) -> dict[str, Any]:
    """Return the state at `path` with its tensors on the CPU, and set the random state to what it was.

    Optimizers bring what they need to their device themselves; a step counter that lay there would be waited
    for at every step. What `identity` holds must be equal in the file, as far as release 1.0.0 noted it if
    `is_of_release_1_0`. Raises BadCheckpoint and OSError.
    """
    try:
        # weights_only: tensors and plain values, no code, whoever wrote the file.
        state = _upgraded(torch.load(path, map_location="cpu", weights_only=True))
        unknown = _NOT_NOTED if state["is_of_release_1_0"] else ()
        noted = {name: value for name, value in identity.items() if name not in unknown}
        differs = [name for name, value in noted.items() if state.pop(name) != value]
        # Not before it is known to be ours: random numbers of another training would change this one.
        if not differs:
            _set_random_state(state.pop("random"))
    except _UNREADABLE as error:
        raise BadCheckpoint(f"The checkpoint {path.name} is damaged: remove it to begin anew.") from error
    if differs:
        raise BadCheckpoint(f"The checkpoint {path.name} is of other {differs[0]}: remove it first.")
    return state


def fingerprint_of_weights(network: Network | None) -> str:
    """Return the SHA-256 of the weights of `network`, in hexadecimal; of no network, nothing."""
    if network is None:
        return ""
    digest = sha256()
    for name, tensor in network.state_dict().items():
        digest.update(name.encode() + tensor.detach().cpu().contiguous().numpy().tobytes())
    return digest.hexdigest()


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
    # Release 1.0.0 had one flat state, and not all of today's settings.
    if "kept" not in state:
        return {**state, "is_of_release_1_0": False}
    settings = asdict(FitSettings()) | current_names(state["settings"])
    return {
        **{name: state[name] for name in ("network", "optimizer", "history", "names", "random")},
        "is_of_release_1_0": True,
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
