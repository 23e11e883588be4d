"""A network as bytes: safetensors with its settings, vocabulary and card, refused when anything differs.

The bytes are `8-byte header length | JSON header | tensors`. The header's metadata holds, as text:

    format      "nomen-1", or "nomen-2" where readers of scripts and countries are in it
    settings    JSON of NetworkSettings
    vocabulary  ALPHABET, letter by letter in the order of the network's inputs
    labels      "female,male", in the order of its outputs
    readers     only in nomen-2: JSON of the settings of each reader, by its kind
    card        JSON: how the network came to be and what it scored (docs/card.md)
    sha256      of the header without this entry, and the tensors: a damaged file never gets to answer

Nothing in a file is ever executed, and nothing is allocated before its size is known to be right. What is
read are arrays: `saving` makes PyTorch's networks of them, and `inference` what answers on the site. The
tensors of a reader are called by its kind, "scripts.letters.weight", and kept in 16 bits.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Any, NoReturn

import numpy as np
from numpy.typing import NDArray
from safetensors import SafetensorError
from safetensors.numpy import load as load_tensors
from safetensors.numpy import save as save_tensors

from training.model.readers import contents
from training.model.readers.contents import Readers
from training.model.readers.settings import ReaderKind, ReaderSettings
from training.model.settings import NetworkSettings, shapes_of
from training.names import ALPHABET, LABELS
from training.runtime.strict_json import Json

SHIPPED = Path(__file__).parents[1] / "pretrained" / "nomen.safetensors"
"""The network that a fresh site serves."""

Tensor = NDArray[np.float32]
FORMAT, FORMAT_WITH_READERS = "nomen-1", "nomen-2"
LARGEST = 8 * 2**20
"""Bytes: versions are database rows, and every web process holds one in memory."""
LARGEST_HEADER = 2**20

_LATER = {"bidirectional": False}
"""Settings that files made before there were such networks do not name, and what they mean there."""
_ENTRIES = {"format", "settings", "vocabulary", "labels", "card", "sha256"}
# How pickles of each protocol begin; they would be refused anyway, but with a sentence that helps nobody.
_SIGNS_OF_PICKLE = (b"\x80\x02", b"\x80\x03", b"\x80\x04", b"\x80\x05", b"(l", b"(d", b"c__")


class BadArtifact(ValueError):
    """The bytes are not a network that this site can run; the message says why, in one sentence."""


@dataclass(frozen=True)
class Contents:
    """What an artifact holds, checked: the shape of a network, its weights, its card."""

    settings: NetworkSettings
    tensors: dict[str, Tensor]
    """By PyTorch's names, each of the shape that the settings ask for."""
    card: Json
    sha256: str
    """Of all the bytes, in hexadecimal."""
    readers: Readers = field(default_factory=dict)


def write(
    settings: NetworkSettings,
    tensors: Mapping[str, Tensor],
    card: Json,
    readers: Readers | None = None,
) -> bytes:
    """Return the bytes of a network with its `card`; equal networks and cards give equal bytes.

    Raises BadArtifact for what `read` would refuse: more than 8 MB, weights that are not finite.
    """
    readers = readers or {}
    all_tensors: dict[str, NDArray[np.floating]] = {**tensors, **contents.tensors_of(readers)}
    _check_finite(all_tensors)
    header, body = _take_apart(save_tensors(all_tensors))
    metadata = {
        "format": FORMAT_WITH_READERS if readers else FORMAT,
        "settings": json.dumps(asdict(settings)),
        "vocabulary": ALPHABET,
        "labels": ",".join(LABELS),
        "card": json.dumps(card, allow_nan=False, separators=(",", ":")),
        **({"readers": contents.settings_as_text(readers)} if readers else {}),
    }
    # The digest is over the header without itself: a hash cannot hold itself.
    header["__metadata__"] = {**metadata, "sha256": _digest({**header, "__metadata__": metadata}, body)}
    data = _put_together(header, body)
    _check_size(data)
    return data


def read(data: bytes) -> Contents:
    """Return what is in `data`; raises BadArtifact."""
    header, body = _open(data)
    settings = _settings(header["__metadata__"]["settings"])
    readers = _reader_settings(header["__metadata__"].get("readers", "{}"))
    # Before the tensors are read: nothing is allocated whose size is not known to be right.
    _check_shapes(header, settings, readers)
    tensors = _tensors(data)
    _check_finite(tensors)
    own = {name: tensors[name] for name in shapes_of(settings)}
    return Contents(
        settings,
        own,
        _card(header),
        hashlib.sha256(data).hexdigest(),
        contents.readers_of(readers, tensors),
    )


def read_card(data: bytes) -> Json:
    """Return the card in `data` without building its network; raises BadArtifact."""
    return _card(_open(data)[0])


def _open(data: bytes) -> tuple[dict[str, Any], bytes]:
    _check_size(data)
    _check_kind(data)
    header, body = _take_apart(data)
    metadata = _check_metadata(header)
    unsigned = {name: text for name, text in metadata.items() if name != "sha256"}
    if _digest({**header, "__metadata__": unsigned}, body) != metadata["sha256"]:
        _refuse("The file is damaged: its contents do not match the checksum it carries.")
    return header, body


def _refuse(sentence: str, cause: Exception | None = None) -> NoReturn:
    raise BadArtifact(sentence) from cause


def _check_size(data: bytes) -> None:
    if len(data) > LARGEST:
        _refuse(f"A network may have up to {LARGEST // 2**20} MB; this file has {len(data) / 2**20:.1f} MB.")


def _check_kind(data: bytes) -> None:
    if data.startswith(b"PK"):
        _refuse("This is a zip archive (PyTorch's .pt files are); only safetensors files are read.")
    if data.startswith(_SIGNS_OF_PICKLE):
        _refuse("This is a pickle, which may run code when it is read; only safetensors files are read.")


def _take_apart(data: bytes) -> tuple[dict[str, Any], bytes]:
    length = int.from_bytes(data[:8], "little")
    if len(data) < 10 or length > len(data) - 8:
        _refuse("This is not a safetensors file, or its end is missing.")
    if length > LARGEST_HEADER:
        _refuse("The header of this file is too large for a network of this site.")
    header = _parse(data[8 : 8 + length], "header")
    return header, data[8 + length :]


def _put_together(header: dict[str, Any], body: bytes) -> bytes:
    text = _canonical(header)
    text += b" " * (-len(text) % 8)  # the format keeps tensors aligned to 8 bytes
    return len(text).to_bytes(8, "little") + text + body


def _canonical(header: dict[str, Any]) -> bytes:
    # One way to write it, so that equal headers have equal bytes, whoever wrote them.
    return json.dumps(header, sort_keys=True, separators=(",", ":")).encode()


def _digest(header: dict[str, Any], body: bytes) -> str:
    return hashlib.sha256(_canonical(header) + body).hexdigest()


def _parse(text: bytes | str, what: str) -> dict[str, Any]:
    try:
        value = json.loads(text, parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        _refuse(f"The {what} of this file is not readable as JSON.", error)
    if not isinstance(value, dict):
        _refuse(f"The {what} of this file is not a JSON object.")
    return value


def _no_constant(text: str) -> NoReturn:
    raise ValueError(f"{text} is not a number")


def _check_metadata(header: dict[str, Any]) -> dict[str, str]:
    metadata = header.get("__metadata__")
    if not isinstance(metadata, dict) or not all(isinstance(text, str) for text in metadata.values()):
        _refuse("This file is a safetensors file of something else: it carries no settings.")
    if metadata.get("format") not in (FORMAT, FORMAT_WITH_READERS):
        _refuse(f"This file is not in the format {FORMAT} or {FORMAT_WITH_READERS}, which this site reads.")
    entries = _ENTRIES | ({"readers"} if metadata["format"] == FORMAT_WITH_READERS else set())
    if set(metadata) != entries:
        _refuse(f"The header must hold exactly these entries: {', '.join(sorted(entries))}.")
    if metadata["vocabulary"] != ALPHABET:
        _refuse("The network was made for another alphabet, so it would misread every name.")
    if metadata["labels"] != ",".join(LABELS):
        _refuse(f"The network answers with other labels than {' and '.join(LABELS)}.")
    return metadata


def _settings(text: str) -> NetworkSettings:
    # What the file says wins over what is assumed.
    given = _LATER | _parse(text, "settings entry")
    expected = {field.name: type(field.default) for field in fields(NetworkSettings)}
    if set(given) != set(expected):
        _refuse(f"The settings must be exactly these: {', '.join(sorted(expected))}.")
    for name, kind in expected.items():
        # `type`: true is an int to isinstance, and a width of true would be a network of one neuron.
        if type(given[name]) is not kind:
            _refuse(f"The setting {name!r} must be of type {kind.__name__}.")
    try:
        return NetworkSettings(**given)
    except ValueError as error:
        _refuse(str(error), error)


def _reader_settings(text: str) -> dict[ReaderKind, ReaderSettings]:
    try:
        return contents.settings_of(_parse(text, "readers entry"))
    except ValueError as error:
        _refuse(str(error), error)


def _check_shapes(
    header: dict[str, Any], settings: NetworkSettings, readers: Mapping[ReaderKind, ReaderSettings]
) -> None:
    expected = {name: ("F32", shape) for name, shape in shapes_of(settings).items()}
    expected |= {name: ("F16", shape) for name, shape in contents.shapes_of_readers(readers).items()}
    given = {name: entry for name, entry in header.items() if name != "__metadata__"}
    if missing := sorted(set(expected) - set(given)):
        _refuse(f"The weights {', '.join(missing)} are missing.")
    if extra := sorted(set(given) - set(expected)):
        _refuse(f"The file holds {len(extra)} tensors that its network does not have, {extra[0]!r} first.")
    for name, (kind_of, shape) in expected.items():
        entry = given[name]
        if not isinstance(entry, dict) or entry.get("dtype") != kind_of or entry.get("shape") != shape:
            _refuse(f"The weights {name} must be {kind_of[1:]}-bit floats of shape {shape}.")


def _tensors(data: bytes) -> dict[str, Tensor]:
    try:
        return load_tensors(data)
    except (SafetensorError, ValueError) as error:
        _refuse("The tensors of this file are not where its header says they are.", error)


def _check_finite(tensors: Mapping[str, NDArray[np.floating]]) -> None:
    for name, tensor in tensors.items():
        if not np.isfinite(tensor).all():
            _refuse(f"The weights {name} hold values that are not finite numbers.")


def _card(header: dict[str, Any]) -> Json:
    return _parse(header["__metadata__"]["card"], "card")
