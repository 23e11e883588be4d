"""A network as bytes: what was written is read back exactly, and everything else is refused in words."""

import io
import json
import pickle
import zipfile
from collections.abc import Callable
from dataclasses import asdict
from typing import Any

import pytest
import torch
from safetensors.torch import save as save_tensors

from training.model import artifact
from training.model.artifact import BadArtifact
from training.model.network import Network
from training.model.saving import dump, load
from training.model.settings import CELLS, NetworkSettings

CARD = {"name": "tiny", "holdout": {"all": {"accuracy": 0.5}}}


def forge(data: bytes, change: Callable[[dict[str, Any]], object], body: bytes | None = None) -> bytes:
    """Return `data` with a changed header and a checksum that is right for it, as an attacker would."""
    header, old_body = artifact._take_apart(data)
    change(header)
    body = old_body if body is None else body
    header["__metadata__"].pop("sha256", None)
    header["__metadata__"]["sha256"] = artifact._digest(header, body)
    return artifact._put_together(header, body)


def with_metadata(data: bytes, **entries: str) -> bytes:
    return forge(data, lambda header: header["__metadata__"].update(entries))


def with_settings(data: bytes, **settings: object) -> bytes:
    return with_metadata(data, settings=json.dumps({**asdict(NetworkSettings("gru", 8)), **settings}))


@pytest.fixture
def data(tiny: Network) -> bytes:
    return dump(tiny, CARD)


@pytest.mark.parametrize("cell", CELLS)
def test_a_network_answers_the_same_after_the_round_trip(cell: str) -> None:
    network = Network(NetworkSettings(cell, 8)).eval()
    again = load(dump(network, CARD))
    letters = torch.tensor([[0, 13, 13, 0]])
    assert torch.equal(network(letters), again.network(letters))
    assert again.network.settings == network.settings
    assert not again.network.training


def test_the_card_comes_back_with_and_without_the_network(data: bytes) -> None:
    assert load(data).card == artifact.read_card(data) == CARD


def test_a_file_from_before_there_were_two_directions_reads_in_one(data: bytes) -> None:
    settings = {"cell": "gru", "width": 8, "dropout": 0.0, "readout": 0}
    old = load(with_metadata(data, settings=json.dumps(settings)))
    assert not old.network.settings.bidirectional


def test_equal_networks_make_equal_bytes(tiny: Network) -> None:
    assert dump(tiny, CARD) == dump(tiny, CARD)


def test_every_flipped_bit_of_the_header_is_noticed(data: bytes) -> None:
    end = 8 + int.from_bytes(data[:8], "little")
    for position in range(end):
        damaged = bytearray(data)
        damaged[position] ^= 1 << position % 8
        with pytest.raises(BadArtifact):
            artifact.read_card(bytes(damaged))


def test_a_flipped_bit_of_a_weight_is_noticed(data: bytes) -> None:
    damaged = bytearray(data)
    damaged[-100] ^= 1
    with pytest.raises(BadArtifact, match="damaged"):
        load(bytes(damaged))


@pytest.mark.parametrize("kept", [0, 1, 7, 8, 9, 200, -1])
def test_a_truncated_file_is_refused(data: bytes, kept: int) -> None:
    with pytest.raises(BadArtifact):
        load(data[:kept])


def test_bytes_after_the_end_are_refused(data: bytes) -> None:
    with pytest.raises(BadArtifact, match="damaged"):
        load(data + b"\0")


def test_a_pickle_is_refused_and_never_run() -> None:
    class Bomb:
        def __reduce__(self) -> tuple[Any, ...]:
            return pytest.fail, ("the pickle was run",)

    for protocol in range(6):
        with pytest.raises(BadArtifact):
            load(pickle.dumps(Bomb(), protocol=protocol))


def test_a_pytorch_checkpoint_is_refused(tiny: Network) -> None:
    file = io.BytesIO()
    torch.save(tiny.state_dict(), file)
    with pytest.raises(BadArtifact, match="zip archive"):
        load(file.getvalue())


def test_a_zip_bomb_is_refused_unopened() -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("weights", bytes(50_000_000))
    with pytest.raises(BadArtifact, match="zip archive"):
        load(file.getvalue())


def test_more_than_8_mb_is_refused() -> None:
    with pytest.raises(BadArtifact, match="up to 8 MB"):
        load(bytes(artifact.LARGEST + 1))


def test_a_network_of_more_than_8_mb_is_not_written() -> None:
    with pytest.raises(BadArtifact, match="up to 8 MB"):
        dump(Network(NetworkSettings("lstm", 1024)), CARD)


@pytest.mark.parametrize("length", [2**63, 2**64 - 1, 2**20 + 1])
def test_an_absurd_header_length_is_refused(length: int) -> None:
    with pytest.raises(BadArtifact):
        load(length.to_bytes(8, "little") + bytes(2**20 + 100))


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_weights_that_are_not_finite_are_neither_written_nor_read(data: bytes, value: float) -> None:
    weights = torch.zeros((len(data) - 8 - int.from_bytes(data[:8], "little")) // 4)
    weights[3] = value
    forged = forge(data, lambda header: None, body=weights.numpy().tobytes())
    with pytest.raises(BadArtifact, match="not finite"):
        load(forged)


def test_a_network_with_nan_is_not_written(tiny: Network) -> None:
    next(tiny.parameters()).data[0] = float("nan")
    with pytest.raises(BadArtifact, match="not finite"):
        dump(tiny, CARD)


def test_another_vocabulary_is_refused(data: bytes) -> None:
    with pytest.raises(BadArtifact, match="alphabet"):
        load(with_metadata(data, vocabulary="zyxwvutsrqponmlkjihgfedcba' -"))


def test_other_labels_are_refused(data: bytes) -> None:
    with pytest.raises(BadArtifact, match="labels"):
        load(with_metadata(data, labels="male,female"))


def test_another_format_is_refused(data: bytes) -> None:
    with pytest.raises(BadArtifact, match="nomen-1"):
        load(with_metadata(data, format="nomen-0"))


def test_an_entry_too_many_is_refused(data: bytes) -> None:
    with pytest.raises(BadArtifact, match="exactly these entries"):
        load(with_metadata(data, code="import os"))


def test_safetensors_of_something_else_are_refused(tiny: Network) -> None:
    with pytest.raises(BadArtifact, match="something else"):
        load(save_tensors(tiny.state_dict()))


@pytest.mark.parametrize(
    "settings",
    [
        {"width": 0},
        {"width": -8},
        {"width": 10**9},
        {"width": 8.0},
        {"width": "8"},
        {"width": True},
        {"cell": "transformer"},
        {"cell": None},
        {"dropout": 1.5},
        {"layers": 2},
    ],
)
def test_bad_settings_are_refused(data: bytes, settings: dict[str, object]) -> None:
    with pytest.raises(BadArtifact):
        load(with_settings(data, **settings))


@pytest.mark.parametrize("card", ["", "[]", "{", '{"a": NaN}', "[" * 100_000])
def test_a_card_that_is_no_json_object_is_refused(data: bytes, card: str) -> None:
    with pytest.raises(BadArtifact, match="card"):
        load(with_metadata(data, card=card))


@pytest.mark.parametrize("settings", [{"width": 9}, {"cell": "lstm"}])
def test_settings_that_do_not_fit_the_weights_are_refused(data: bytes, settings: dict[str, object]) -> None:
    with pytest.raises(BadArtifact, match="shape"):
        load(with_settings(data, **settings))


def test_a_missing_tensor_is_refused(data: bytes) -> None:
    with pytest.raises(BadArtifact, match="readout.bias are missing"):
        load(forge(data, lambda header: header.pop("readout.bias")))


def test_a_tensor_too_many_is_refused(data: bytes) -> None:
    with pytest.raises(BadArtifact, match="'extra' first"):
        load(forge(data, lambda header: header.update(extra=header["readout.bias"])))


def test_offsets_beyond_the_end_are_refused(data: bytes) -> None:
    def stretch(header: dict[str, Any]) -> None:
        header["readout.bias"]["data_offsets"][1] += 2**40

    with pytest.raises(BadArtifact, match="where its header says"):
        load(forge(data, stretch))


def test_other_number_types_are_refused(data: bytes) -> None:
    with pytest.raises(BadArtifact, match="32-bit"):
        load(forge(data, lambda header: header["readout.bias"].update(dtype="F64")))
