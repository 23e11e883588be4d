"""The card: complete, small, JSON, and about names that were held out."""

import json
from typing import Any

import numpy as np
import pytest

from training.data.corpus import HOLDOUT, Corpus, from_counts
from training.evaluation.model_card import Origin, make_card
from training.model.artifact import SHIPPED, card
from training.model.network import Network
from training.model.predict import Answers


@pytest.fixture(scope="module")
def some_names(base_corpus: Corpus) -> Corpus:
    return base_corpus.take(np.arange(0, len(base_corpus), 100))


@pytest.fixture
def made(tiny: Network, some_names: Corpus) -> dict[str, Any]:
    return make_card(Answers(tiny), some_names, Origin("tiny"))


def test_a_card_survives_json(made: dict[str, Any]) -> None:
    assert json.loads(json.dumps(made, allow_nan=False)) == made


def test_the_scores_are_of_the_holdout_alone(made: dict[str, Any], some_names: Corpus) -> None:
    holdout = some_names.only(HOLDOUT)
    assert made["holdout"]["all"]["n"] == (holdout.share != 0.5).sum()
    assert made["holdout"]["fingerprint"] == holdout.fingerprint


@pytest.mark.parametrize("kind", ["bearers", "length", "first_letter", "last_letter", "separator", "label"])
def test_slices_count_every_name_once(made: dict[str, Any], kind: str) -> None:
    assert sum(row["n"] for row in made["slices"][kind]) == made["holdout"]["all"]["n"]


def test_slices_of_bearers_are_in_order(made: dict[str, Any]) -> None:
    names = [row["slice"] for row in made["slices"]["bearers"]]
    assert names == ["1", "2–9", "10–99", "100–999", "1,000–9,999", "10,000+"][: len(names)]


def test_a_holdout_with_one_label_has_no_curves(tiny: Network) -> None:
    corpus = from_counts({"ann": (9, 10), "bo": (9, 10)}, "a test")
    corpus.part[:] = HOLDOUT
    assert make_card(Answers(tiny), corpus, Origin("tiny"))["curves"] == {}


def test_the_shipped_card_is_complete_and_small(base_corpus: Corpus) -> None:
    shipped = card(SHIPPED.read_bytes())
    assert shipped["data"]["fingerprint"] == base_corpus.fingerprint
    assert shipped["holdout"]["all"]["n"] == 27_375
    assert len(shipped["curves"]["thresholds"]) == 101
    assert len(json.dumps(shipped)) <= 200_000
