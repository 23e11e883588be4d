"""A network in other formats: each answers as the network itself, and the readers in docs/export.md work."""

import base64
import io
import json
import re
from collections.abc import Callable
from functools import cache
from pathlib import Path

import numpy as np
import onnxruntime
import pytest
import torch
import yaml
from numpy.typing import NDArray

from training.__main__ import main
from training.data.name_groups import GROUP_WORDS, Group
from training.evaluation.card_types import ModelCard
from training.exports.formats import Format, export
from training.model.network import Network
from training.model.predict import load
from training.model.readers.contents import tensors_of
from training.model.saving import Artifact, to_serve
from training.model.settings import CELLS, NetworkSettings
from training.names import ALPHABET, encode
from webapp.config import ROOT

NEAR = 1e-5
Letters = NDArray[np.int64]
SHAPES = [
    *(NetworkSettings(cell, 8) for cell in CELLS),
    *(NetworkSettings(cell, 8, readout=5, bidirectional=True) for cell in CELLS if cell != "elman"),
]


@pytest.fixture(params=SHAPES, ids=lambda settings: f"{settings.cell}-{settings.readout}")
def network(request: pytest.FixtureRequest) -> Network:
    return of_shape(request.param)


@cache
def of_shape(settings: NetworkSettings) -> Network:
    torch.manual_seed(1)
    return Network(settings).eval()


@cache  # once for all inputs that are tried on it
def exported(network: Network, form: Format) -> bytes:
    return export(Artifact(network, {}, ""), form)


def by_onnx(data: bytes) -> Callable[[Letters], Letters]:
    session = onnxruntime.InferenceSession(data)
    return lambda letters: session.run(None, {"letters": letters})[0]


def by_torchscript(data: bytes) -> Callable[[Letters], Letters]:
    with pytest.warns(DeprecationWarning, match="torch.jit.load"):
        script = torch.jit.load(io.BytesIO(data))
    return lambda letters: script(torch.from_numpy(letters)).detach().numpy()


@pytest.mark.parametrize(("form", "read"), [(Format.ONNX, by_onnx), (Format.TORCHSCRIPT, by_torchscript)])
@pytest.mark.parametrize("shape", [(1, 1), (3, 4), (2, 11)])
def test_what_runs_elsewhere_answers_alike(
    network: Network,
    form: Format,
    read: Callable[[bytes], Callable[[Letters], Letters]],
    shape: tuple[int, int],
) -> None:
    letters = np.random.default_rng(0).integers(0, len(ALPHABET), shape)
    with torch.no_grad():
        own = network.log_probs(torch.from_numpy(letters)).numpy()
    assert np.abs(read(exported(network, form))(letters) - own).max() < NEAR


def test_npz_and_json_hold_every_weight(network: Network) -> None:
    npz = np.load(io.BytesIO(exported(network, Format.NPZ)))
    as_json = json.loads(exported(network, Format.JSON))
    assert str(npz["vocabulary"]) == as_json["vocabulary"] == ALPHABET
    assert json.loads(str(npz["settings"])) == json.loads(as_json["settings"])
    for name, tensor in network.state_dict().items():
        told = as_json["tensors"][name]
        numbers = np.frombuffer(base64.b64decode(told["float32"]), "<f4").reshape(told["shape"])
        assert np.array_equal(npz[name], tensor.numpy()) and np.array_equal(numbers, tensor.numpy())


def block(title: str) -> str:
    """Return the Python under a heading of docs/export.md."""
    text = (ROOT / "docs" / "export.md").read_text()
    [section] = re.findall(rf"^## {title}$(.*?)(?=^## |\Z)", text, re.MULTILINE | re.DOTALL)
    [code] = re.findall(r"```python\n(.*?)```", section, re.DOTALL)
    return code


@pytest.mark.parametrize(
    ("title", "form"),
    [
        ("ONNX", Format.ONNX),
        ("TorchScript", Format.TORCHSCRIPT),
        ("NumPy", Format.NPZ),
        ("JSON", Format.JSON),
    ],
)
@pytest.mark.filterwarnings("ignore:.*torch.jit.load:DeprecationWarning")
def test_the_readers_in_the_docs_work(
    title: str,
    form: Format,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["export", "--format", form]) == 0
    told_of = capsys.readouterr().out
    assert f"nomen{form.suffix}: " in told_of
    assert ("It answers Latin letters alone" in told_of) == (form in (Format.ONNX, Format.TORCHSCRIPT))
    found: dict[str, object] = {}
    exec(block(title), found)
    network = load().network
    with torch.no_grad():
        share = float(network.log_probs(torch.tensor([encode("maria")]))[0, 0].exp())
    if form is Format.JSON:
        weights = found["weights"]
        own = {*network.state_dict(), *tensors_of(load().readers)}
        assert isinstance(weights, dict) and set(weights) == own
    else:
        assert capsys.readouterr().out == f"{share:.1%} women\n"


def test_the_readers_of_scripts_and_countries_in_the_docs_work(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "nomen.npz").write_bytes(export(load(), Format.NPZ))
    exec(block("NumPy") + block("Other scripts and countries"), {})
    hanako, andrea = to_serve(load().network, load().readers).shares(["花子", "IT:andrea"])
    told = capsys.readouterr().out.splitlines()
    assert told[1:] == [f"花子: {hanako:.1%} women", f"Andrea in Italy: {andrea:.1%} women"]


def test_the_card_is_what_hugging_face_takes_and_tells_the_scores() -> None:
    _, head, body = export(load(), Format.CARD).decode().split("---\n", 2)
    told = yaml.safe_load(head)
    assert told["license"] == "mit" and told["language"] == "multilingual"
    card = ModelCard.from_json(load().card)
    scores = card.holdout[Group.HUNDRED]
    [model] = told["model-index"]
    [result] = [
        result for result in model["results"] if result["dataset"]["name"] == GROUP_WORDS[Group.HUNDRED].title
    ]
    assert result["metrics"][0] == {"type": "accuracy", "value": scores.accuracy}
    assert f"| {scores.n:,} | {scores.accuracy:.4f} |" in body and "{" not in body


def test_the_card_in_the_docs_is_that_of_the_shipped_network() -> None:
    assert (ROOT / "docs" / "model-card.md").read_bytes() == export(load(), Format.CARD)
