"""Readers as an artifact holds them: settings as JSON, weights in 16 bits. Needs no PyTorch."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass

import numpy as np
from numpy.typing import NDArray

from training.model.readers.settings import ReaderKind, ReaderSettings
from training.runtime.strict_json import Json

Tensor = NDArray[np.float32]


@dataclass(frozen=True)
class ReaderContents:
    """A reader beside the network: its shape and its weights."""

    settings: ReaderSettings
    tensors: dict[str, Tensor]


Readers = Mapping[ReaderKind, ReaderContents]


def settings_as_text(readers: Readers) -> str:
    """Return the settings of readers as JSON; equal ones give equal text."""
    shapes = {kind: asdict(reader.settings) for kind, reader in sorted(readers.items())}
    return json.dumps(shapes, separators=(",", ":"))


def settings_of(given: Mapping[str, Json]) -> dict[ReaderKind, ReaderSettings]:
    """Return the settings in what was parsed; raise ValueError with a sentence."""
    return {ReaderKind(kind): _settings(kind, entry) for kind, entry in given.items() if _is_known(kind)}


def _is_known(kind: str) -> bool:
    if kind not in list(ReaderKind):
        raise ValueError(f"The reader {kind!r} of this file is none that this site knows.")
    return True


def _settings(kind: str, entry: Json) -> ReaderSettings:
    is_right = isinstance(entry, dict) and {name: type(value) for name, value in entry.items()} == {
        "kind": str,
        "letters": str,
        "width": int,
        "embedding": int,
    }
    if not is_right or not isinstance(entry, dict) or entry["kind"] != kind:
        raise ValueError(f"The settings of the reader {kind!r} must be letters, width and embedding.")
    return ReaderSettings(
        ReaderKind(kind), str(entry["letters"]), int(str(entry["width"])), int(str(entry["embedding"]))
    )


def tensors_of(readers: Readers) -> dict[str, NDArray[np.float16]]:
    """Return the weights of readers by the names that they have in a file."""
    # 16 bits: what they lose is far below what a reader errs, and a version may have 8 MB.
    return {
        f"{kind}.{name}": tensor.astype(np.float16)
        for kind, reader in sorted(readers.items())
        for name, tensor in reader.tensors.items()
    }


def shapes_of_readers(readers: Mapping[ReaderKind, ReaderSettings]) -> dict[str, list[int]]:
    """Return the shape of every tensor of readers, by the names that they have in a file."""
    return {
        f"{kind}.{name}": shape for kind, reader in readers.items() for name, shape in reader.shapes.items()
    }


def readers_of(
    settings: Mapping[ReaderKind, ReaderSettings], tensors: Mapping[str, Tensor]
) -> dict[ReaderKind, ReaderContents]:
    """Return the readers of a file, their weights in 32 bits again."""
    return {
        kind: ReaderContents(
            shape, {name: tensors[f"{kind}.{name}"].astype(np.float32) for name in shape.shapes}
        )
        for kind, shape in settings.items()
    }
