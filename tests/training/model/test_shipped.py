"""How the shipped network behaves, beyond being right: the figures of `python -m benchmarks.behaviour`."""

import unicodedata
from collections.abc import Callable

import pytest

from benchmarks import behaviour
from training.data.corpus import Corpus
from training.model import artifact, saving
from training.model.network import Network
from training.model.predict import guess, load

ACCENTED = ("José", "Renée", "Zoë", "François", "Ángela", "Søren", "Łukasz", "Šárka", "Nuño", "Gülşen")
PLAIN = ("Jose", "Renee", "Zoe", "Francois", "Angela", "Soren", "Lukasz", "Sarka", "Nuno", "Gulsen")


@pytest.fixture(scope="module")
def network() -> Network:
    return saving.load(artifact.SHIPPED.read_bytes()).network


def p_female(*typed: str) -> list[float | None]:
    return [answer.p_female for answer in guess(typed, load())]


@pytest.mark.parametrize("change", [str.upper, str.title, str.swapcase, "  {}".format, "{} \t\n".format])
def test_capitals_and_outer_blanks_change_nothing(base_corpus: Corpus, change: Callable[[str], str]) -> None:
    names = base_corpus.names[:2000:20]
    assert p_female(*map(change, names)) == p_female(*names)


@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_accents_change_nothing(form: str) -> None:
    assert p_female(*(unicodedata.normalize(form, name) for name in ACCENTED)) == p_female(*PLAIN)


def test_frequent_names_with_fifteen_endings_are_known(network: Network, base_corpus: Corpus) -> None:
    right = behaviour.drawn(network, base_corpus)
    assert len(right) == 150
    assert right.sum() >= 147


def test_a_typo_changes_little(network: Network, base_corpus: Corpus) -> None:
    assert behaviour.typos(network, base_corpus) <= 0.05


def test_names_of_both_are_called_without_much_certainty(network: Network, base_corpus: Corpus) -> None:
    assert behaviour.both(network, base_corpus) >= 0.8
    assert behaviour.both(network, base_corpus, people=1) >= 0.8


def test_strings_of_consonants_are_seldom_called_with_certainty(network: Network) -> None:
    assert behaviour.consonants(network) <= 0.25
