"""Scores by script and by country: of names that no training saw, on the card and in the comparison."""

import json

import numpy as np
import pytest

from tests.support.readers import small_readers
from training.data.corpus import HOLDOUT, Corpus, from_counts
from training.data.name_groups import SliceKind
from training.data.world import characters, hebrew
from training.data.world.countries import COUNTRIES
from training.data.world.lessons import Lesson, Lessons
from training.evaluation.card_types import ModelCard
from training.evaluation.comparison import compare
from training.evaluation.comparison_types import Comparison
from training.evaluation.gate import judge
from training.evaluation.model_card import Provenance, make_card
from training.evaluation.parts.beside import beside_of
from training.model.network import Network
from training.model.predict import Answers
from training.model.readers.settings import ReaderKind

pytestmark = pytest.mark.xdist_group("readers")  # whose worker teaches the small ones once


def lesson(name: str, share: float, source: str, told: float | None = None) -> Lesson:
    return Lesson(name, share, 1.0, HOLDOUT, source, told=told)


PAIRS = {"IT:andrea": 0.0, "DE:andrea": 1.0, "DE:kim": 0.5}
HELD_OUT = {
    ReaderKind.SCRIPTS: Lessons(
        (
            lesson("花子", 1.0, characters.KANJI),
            lesson("JP:花子", 1.0, characters.KANJI),
            lesson("太郎", 0.0, characters.KANJI),
            lesson("שרה", 1.0, hebrew.HEBREW),
            lesson("דוד", 0.6, hebrew.HEBREW, told=0.0),
        )
    ),
    ReaderKind.COUNTRIES: Lessons(
        (
            lesson("IT:andrea", 0.0, COUNTRIES),
            lesson("DE:andrea", 1.0, COUNTRIES),
            lesson("DE:kim", 0.5, COUNTRIES),
        )
    ),
}


@pytest.fixture
def corpus() -> Corpus:
    corpus = from_counts({"ann": (9, 10), "bo": (1, 10)}, "a test")
    corpus.part[:] = HOLDOUT
    return corpus


def test_a_card_tells_each_script_and_each_country(tiny: Network, corpus: Corpus) -> None:
    card = make_card(Answers(tiny, small_readers()), corpus, Provenance("tiny"), HELD_OUT)
    scripts = {row.name: row.scores for row in card.slices[SliceKind.SCRIPT]}
    # A name that comes again with its country is one name; the share is the list's own.
    assert {name: scores.n for name, scores in scripts.items()} == {"latin": 2, "kanji": 2, "hebrew": 2}
    assert scripts["kanji"].accuracy == scripts["hebrew"].accuracy == 1.0
    # What is exactly even is neither right nor wrong.
    assert {row.name: row.scores.n for row in card.slices[SliceKind.COUNTRY]} == {"DE": 1, "IT": 1}
    assert ModelCard.from_json(json.loads(json.dumps(card.to_json(), allow_nan=False))) == card


def test_without_readers_a_card_tells_neither(tiny: Network, corpus: Corpus) -> None:
    card = make_card(Answers(tiny), corpus, Provenance("tiny"))
    assert not {SliceKind.SCRIPT, SliceKind.COUNTRY} & set(card.slices)


def test_two_networks_are_compared_by_script_and_country(tiny: Network, corpus: Corpus) -> None:
    plain, taught = Answers(tiny), Answers(tiny, small_readers())
    made = compare(plain, taught, corpus, taught=["太郎"], held_out=HELD_OUT)
    scripts = {row.name: row.paired for row in made.slices[SliceKind.SCRIPT]}
    # What either was taught is no test.
    assert (scripts["kanji"].n, scripts["hebrew"].n) == (1, 2)
    assert scripts["hebrew"].challenger == 1.0
    assert {row.name for row in made.slices[SliceKind.COUNTRY]} == {"DE", "IT"}
    document = json.loads(json.dumps(made.to_json(), allow_nan=False))
    assert Comparison.from_json(document).to_json() == document and judge(made.evidence)


def test_slices_come_in_one_order() -> None:
    scripts, countries = beside_of(HELD_OUT)
    assert [name for name, _ in scripts.rows] == ["kanji", "hebrew"]
    assert [name for name, _ in countries.rows] == ["DE", "IT"]
    assert np.concatenate([rows[None] for _, rows in countries.rows]).sum() == len(countries.names)
