"""What a network can be written as. Each format but the card answers as the network itself does.

All take letters as indices in the vocabulary and give log P(label). docs/export.md has a reader of each. What
reads other scripts, and what countries change, is in those that hold weights by their names.
"""

import base64
import io
import json
import warnings
from collections.abc import Callable
from dataclasses import asdict
from enum import StrEnum
from importlib import import_module
from importlib.util import find_spec

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from training.evaluation.card_types import ModelCard
from training.exports import hugging_face
from training.model.network import Network
from training.model.readers.contents import settings_as_text, tensors_of
from training.model.readers.settings import TOKEN_LETTERS
from training.model.saving import Artifact
from training.model.weights import split_directions
from training.names import ALPHABET, LABELS


class Format(StrEnum):
    """What a network can be written as."""

    ONNX = "onnx"
    TORCHSCRIPT = "torchscript"
    NPZ = "npz"
    JSON = "json"
    CARD = "card"

    @property
    def suffix(self) -> str:
        """How the names of such files end."""
        return {Format.TORCHSCRIPT: ".pt", Format.CARD: ".md"}.get(self, f".{self.value}")

    @property
    def holds_readers(self) -> bool:
        """Whether the readers of scripts and countries are in it; else it answers Latin letters alone."""
        return self in (Format.NPZ, Format.JSON)


def export(artifact: Artifact, form: Format) -> bytes:
    """Return the bytes of a network in another format, or its card; raise ValueError where that cannot be."""
    if form is Format.CARD:
        return hugging_face.write(ModelCard.from_json(artifact.card)).encode()
    return _WRITERS[form](artifact)


def _onnx(artifact: Artifact) -> bytes:
    if find_spec("onnx") is None:
        raise ValueError("The format onnx needs the package onnx: pip install onnx")
    # By name, since it imports that package, which neither site nor training needs for anything else.
    data: bytes = import_module("training.exports.onnx_graph").build(artifact.network)
    return data


def _torchscript(artifact: Artifact) -> bytes:
    file, network = io.BytesIO(), artifact.network
    with warnings.catch_warnings():
        # PyTorch goes on reading such files and advises against making new ones; others ask for them.
        warnings.simplefilter("ignore", DeprecationWarning)
        scripted = torch.jit.script(_Scripted(network))
        torch.jit.save(scripted, file, _extra_files={"about.json": json.dumps(_about(network))})
    return file.getvalue()


def _npz(artifact: Artifact) -> bytes:
    file = io.BytesIO()
    about = {name: np.array(text) for name, text in _about_all(artifact).items()}
    np.savez_compressed(file, allow_pickle=False, **about, **_tensors(artifact))
    return file.getvalue()


def _json(artifact: Artifact) -> bytes:
    tensors = {
        name: {"shape": tensor.shape, "float32": base64.b64encode(tensor.astype("<f4").tobytes()).decode()}
        for name, tensor in _tensors(artifact).items()
    }
    return json.dumps({**_about_all(artifact), "tensors": tensors}).encode()


_WRITERS: dict[Format, Callable[[Artifact], bytes]] = {
    Format.ONNX: _onnx,
    Format.TORCHSCRIPT: _torchscript,
    Format.NPZ: _npz,
    Format.JSON: _json,
}


def _about(network: Network) -> dict[str, str]:
    return {
        "settings": json.dumps(asdict(network.settings)),
        "vocabulary": ALPHABET,
        "labels": ",".join(LABELS),
    }


def _about_all(artifact: Artifact) -> dict[str, str]:
    about = _about(artifact.network)
    if not artifact.readers:
        return about
    return about | {"readers": settings_as_text(artifact.readers), "countries": json.dumps(TOKEN_LETTERS)}


def _tensors(artifact: Artifact) -> dict[str, np.ndarray]:
    # float32 of any shape, by the names that PyTorch gives them
    own = artifact.network.state_dict().items()
    found = {name: tensor.detach().cpu().float().numpy() for name, tensor in own}
    return found | {name: tensor.astype(np.float32) for name, tensor in tensors_of(artifact.readers).items()}


class _Scripted(nn.Module):
    """The whole of a network's answer, written with what TorchScript knows."""

    def __init__(self, network: Network) -> None:
        super().__init__()
        self.directions = nn.ModuleList(_ScriptedDirection(one) for one in split_directions(network))

    def forward(self, letters: Tensor) -> Tensor:
        """Take letter indices (batch, letters), return log P(label) (batch, labels)."""
        answers: list[Tensor] = []
        for number, direction in enumerate(self.directions):
            # The second direction begins with the last letter.
            answers.append(direction(letters if number == 0 else letters.flip(1)))
        return F.log_softmax(torch.stack(answers).mean(dim=0), dim=-1)


class _ScriptedDirection(nn.Module):
    def __init__(self, network: Network) -> None:
        super().__init__()
        self.n_letters = len(ALPHABET)
        self.recurrent = network.recurrent
        # The course's neuron gives logits already.
        self.readout = nn.Identity() if network.settings.cell == "elman" else network.readout

    def forward(self, letters: Tensor) -> Tensor:
        one_hot = F.one_hot(letters, self.n_letters).float()  # (batch, letters, alphabet)
        outputs = self.recurrent(one_hot)[0]  # (batch, letters, width or labels)
        return F.log_softmax(self.readout(outputs[:, -1]), dim=-1)
