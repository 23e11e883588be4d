"""Readers of scripts and countries: as they learn, as an artifact holds them, and as they serve."""

import json
from collections.abc import Callable
from functools import cache

import numpy as np
import pytest
import torch

from tests.support.readers import COUNTRIES, SCRIPTS, small_readers
from training.fitting.readers.lessons_in_batches import texts_of
from training.model import artifact
from training.model.artifact import BadArtifact
from training.model.inference import cpu_network
from training.model.inference.cpu_network import CpuNetwork
from training.model.network import Network
from training.model.readers.network import of_contents
from training.model.readers.settings import ReaderKind, ReaderSettings, from_end, text_of
from training.model.saving import dump, load, to_serve
from training.model.settings import NetworkSettings

pytestmark = pytest.mark.xdist_group("readers")  # whose worker teaches the small ones once


@cache
def network() -> Network:
    torch.manual_seed(0)
    return Network(NetworkSettings("gru", 8, bidirectional=True)).eval()


@cache
def serving() -> CpuNetwork:
    return cpu_network.load(dump(network(), {}, small_readers()))


@pytest.mark.parametrize("name", SCRIPTS, ids=ascii)
def test_a_name_is_read_in_its_own_letters(name: str) -> None:
    assert (serving().share(name) > 0.5) == (SCRIPTS[name] > 0.5)


@pytest.mark.parametrize("kind", ReaderKind)
def test_what_serves_answers_as_what_learned(kind: ReaderKind) -> None:
    learned = of_contents(small_readers()[kind])
    names = list(SCRIPTS if kind == ReaderKind.SCRIPTS else COUNTRIES)
    for name, text in zip(names, texts_of(names), strict=True):
        with torch.no_grad():
            expected = learned.odds(learned.encode([text])).item()
        share = np.array([serving().share(name)])
        found = np.log(share / (1 - share)).item()
        if kind == ReaderKind.COUNTRIES:
            own = serving().share(name[3:])
            expected += np.log(own / (1 - own))
        assert found == pytest.approx(expected, abs=0.02)  # weights of 16 bits


def test_names_without_country_in_latin_letters_are_answered_as_without_readers() -> None:
    names = ["anna", "andrea", "jean-pierre", "maria jose"] * 20
    plain, both = to_serve(network()), serving()
    assert both.shares(names) == pytest.approx(plain.shares(names), abs=1e-7)
    for name in names[:4]:
        assert both.trace(name) == pytest.approx(plain.trace(name), abs=1e-7)


def test_many_names_of_all_kinds_are_answered_as_one_by_one() -> None:
    names = [
        *SCRIPTS,
        *COUNTRIES,
        *(f"a{'b' * n}" for n in range(1, 30)),
        *(f"IT:a{'b' * n}" for n in range(1, 30)),
    ]
    one_by_one = [cpu_network.load(dump(network(), {}, small_readers())).share(name) for name in names]
    assert serving().shares(names) == pytest.approx(one_by_one, abs=1e-5)


def test_a_trace_has_one_answer_for_each_letter_and_none_for_the_country() -> None:
    assert len(serving().trace("IT:andrea")) == 6 and len(serving().trace("花子")) == 2
    assert serving().trace("IT:andrea")[-1] == serving().share("IT:andrea")


def test_without_readers_other_scripts_are_spelled_in_latin_and_countries_say_nothing() -> None:
    plain = to_serve(network())
    assert plain.share("花子") == plain.share("huazi") and plain.share("IT:andrea") == plain.share("andrea")
    assert len(plain.trace("花子")) == 2


def test_letters_that_no_list_had_fall_back_to_latin_ones() -> None:
    assert serving().share("龘") == to_serve(network()).share("da")


def test_a_country_stays_the_first_letter_from_the_end_too() -> None:
    text = text_of("IT", "anna")
    assert (text[1:], from_end(text)) == ("anna", text[0] + "anna"[::-1]) and from_end("花子") == "子花"


def test_an_artifact_gives_its_readers_back() -> None:
    data = dump(network(), {"name": "x"}, small_readers())
    found = load(data)
    assert (
        found.readers.keys() == small_readers().keys()
        and dump(found.network, found.card, found.readers) == data
    )
    for kind, reader in small_readers().items():
        for name, tensor in reader.tensors.items():
            assert np.allclose(found.readers[kind].tensors[name], tensor, atol=2e-3)


def test_an_artifact_without_readers_is_what_it_always_was() -> None:
    assert b'"nomen-1"' in dump(network(), {}) and b'"nomen-2"' in dump(network(), {}, small_readers())


def broken(change: Callable[[dict[str, object]], None]) -> bytes:
    """Return an artifact whose entry on readers was changed, with a right checksum."""
    data = dump(network(), {}, small_readers())
    length = int.from_bytes(data[:8], "little")
    header, body = json.loads(data[8 : 8 + length]), data[8 + length :]
    metadata = header["__metadata__"]
    given = json.loads(metadata["readers"])
    change(given)
    metadata["readers"] = json.dumps(given)
    del metadata["sha256"]
    metadata["sha256"] = artifact._digest(header, body)
    return artifact._put_together(header, body)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (lambda given: given.update(dreams=given["scripts"]), "none that this site knows"),
        (lambda given: given["scripts"].pop("width"), "must be letters, width and embedding"),
        (lambda given: given["scripts"].update(width=13), "16-bit floats of shape"),
        (lambda given: given["scripts"].update(width=True), "must be letters, width and embedding"),
        (lambda given: given["scripts"].update(letters="aa"), "each once"),
        (lambda given: given["scripts"].update(width=5000), "between 1 and 1024"),
        (lambda given: given.pop("scripts"), "tensors that its network does not have"),
    ],
)
def test_a_reader_that_does_not_fit_is_refused(
    change: Callable[[dict[str, object]], None], sentence: str
) -> None:
    with pytest.raises(BadArtifact, match=sentence):
        artifact.read(broken(change))


def test_a_reader_of_no_letters_is_refused() -> None:
    with pytest.raises(ValueError, match="between 1 and"):
        ReaderSettings(ReaderKind.SCRIPTS, "", 8, 8)
