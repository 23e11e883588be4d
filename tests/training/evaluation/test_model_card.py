"""The card: complete, small, JSON, and about names that were held out."""

import json

import numpy as np
import pytest

from training.data.corpus import HOLDOUT, Corpus, from_counts
from training.data.name_groups import OF_HOLDOUT, Group, SliceKind
from training.evaluation.card_types import ModelCard
from training.evaluation.model_card import Provenance, make_card
from training.model import artifact
from training.model.network import Network
from training.model.predict import Answers


@pytest.fixture(scope="module")
def some_names(base_corpus: Corpus) -> Corpus:
    return base_corpus.take(np.arange(0, len(base_corpus), 100))


@pytest.fixture
def made(tiny: Network, some_names: Corpus) -> ModelCard:
    return make_card(Answers(tiny), some_names, Provenance("tiny"))


def test_a_card_survives_json(made: ModelCard) -> None:
    assert ModelCard.from_json(json.loads(json.dumps(made.to_json(), allow_nan=False))) == made


def test_the_scores_are_of_the_holdout_alone(made: ModelCard, some_names: Corpus) -> None:
    holdout = some_names.only(HOLDOUT)
    assert made.holdout[Group.ALL].n == (holdout.share != 0.5).sum()
    assert made.holdout_fingerprint == holdout.fingerprint


@pytest.mark.parametrize("kind", OF_HOLDOUT)
def test_slices_count_every_name_once(made: ModelCard, kind: SliceKind) -> None:
    assert sum(row.scores.n for row in made.slices[kind]) == made.holdout[Group.ALL].n


def test_slices_of_bearers_are_in_order(made: ModelCard) -> None:
    names = [row.name for row in made.slices[SliceKind.BEARERS]]
    assert names == ["1", "2–9", "10–99", "100–999", "1,000–9,999", "10,000+"][: len(names)]


def test_a_holdout_with_one_label_has_no_curves(tiny: Network) -> None:
    corpus = from_counts({"ann": (9, 10), "bo": (9, 10)}, "a test")
    corpus.part[:] = HOLDOUT
    assert make_card(Answers(tiny), corpus, Provenance("tiny")).to_json()["curves"] == {}


def test_the_shipped_card_is_complete_and_small(base_corpus: Corpus) -> None:
    shipped = artifact.read_card(artifact.SHIPPED.read_bytes())
    card = ModelCard.from_json(shipped)
    assert card.data.fingerprint == base_corpus.fingerprint
    assert card.holdout[Group.ALL].n == 27_375
    assert len(card.curves[Group.ALL].thresholds) == 101
    assert len(json.dumps(shipped)) <= 200_000
